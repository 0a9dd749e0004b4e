"""What filters ask of a demand, as the index of words knows it (portal.common.search.MARK)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cities.models import Demand
from portal.common.geography import ancestors, countries


def marks_of(demand: Demand) -> Iterator[str]:
    further = [area.code for area in demand.more_focus_areas.all()]
    return marks(
        areas=[demand.focus_area.code, *further] if demand.focus_area else further,
        topics=[topic.code for topic in demand.topics.all()],
        country=demand.country,
        stage=demand.stage,
        language=demand.original_language,
        source=demand.source,
    )


def marks(
    *, areas: Iterable[str], topics: Iterable[str], country: str, stage: str, language: str, source: str
) -> Iterator[str]:
    yield from (f"focus:{code}" for code in areas)
    yield from (f"topic:{code}" for code in topics)
    if country in countries():
        yield from (f"place:{code}" for code in (country, *ancestors(country)))
    yield from (f"stage:{stage}", f"language:{language}", f"origin:{'imported' if source else 'here'}")


# Filter → what was chosen → marks, of which a demand that passes has at least one.
ASKED: Mapping[str, Callable[[Any], list[str]]] = {
    "focus": lambda codes: [f"focus:{code}" for code in codes],
    "topic": lambda code: [f"topic:{code}"],
    "place": lambda code: [f"place:{code}"],
    "stage": lambda stage: [f"stage:{stage}"],
    "language": lambda code: [f"language:{code}"],
    "origin": lambda origin: [f"origin:{origin}"],
}
