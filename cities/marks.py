"""What filters ask of a demand, as the index of words knows it (portal.common.search.MARK)."""

from collections.abc import Iterable, Iterator

from catalog.marks import OF_BOTH, Asking, areas_of
from cities.models import Demand
from portal.common.geography import ancestors, countries


def marks_of(demand: Demand) -> Iterator[str]:
    return marks(
        areas=areas_of(demand),
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


ASKED: Asking = {
    **OF_BOTH,
    "place": lambda code: [f"place:{code}"],
    "stage": lambda stage: [f"stage:{stage}"],
    "origin": lambda origin: [f"origin:{origin}"],
}
