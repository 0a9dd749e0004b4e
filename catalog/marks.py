"""What filters ask of a solution, as the index of words knows it (portal.common.search.MARK)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from catalog.models import Solution
from portal.common.geography import WHOLE, reach, reached_by


def areas_of(record: Any) -> list[str]:
    """Of a demand or a solution: the main focus area, if it is known, and further ones."""
    further = [area.code for area in record.more_focus_areas.all()]
    return [record.focus_area.code, *further] if record.focus_area else further


def marks_of(solution: Solution) -> Iterator[str]:
    return marks(
        areas=areas_of(solution),
        topics=[topic.code for topic in solution.topics.all()],
        regions=solution.regions,
        models=solution.business_models,
        languages=solution.languages,
    )


def marks(
    *, areas: Iterable[str], topics: Iterable[str], regions: Iterable[str], models: Iterable[str],
    languages: Iterable[str],
) -> Iterator[str]:  # fmt: skip
    yield from (f"focus:{code}" for code in areas)
    yield from (f"topic:{code}" for code in topics)
    yield from map(_place, reach(regions))
    yield from (f"model:{model}" for model in models)
    yield from (f"language:{language}" for language in languages)


def _place(code: str) -> str:
    return f"serves:{code.removeprefix(WHOLE)}" if code.startswith(WHOLE) else f"place:{code}"


# Filter → what was chosen → marks, of which a record that passes has at least one.
Asking = Mapping[str, Callable[[Any], list[str]]]
OF_BOTH: Asking = {
    "focus": lambda codes: [f"focus:{code}" for code in codes],
    "topic": lambda code: [f"topic:{code}"],
    "language": lambda code: [f"language:{code}"],
}
ASKED: Asking = {
    **OF_BOTH,
    "place": lambda code: list(map(_place, reached_by(code))),
    "model": lambda model: [f"model:{model}"],
}
