"""Rows of a world as the engine reads them."""

import math
from collections.abc import Iterable

import numpy as np

from matching.engine import (
    DIMENSIONS,
    GRADES,
    Capability,
    CityFacts,
    DemandProfile,
    Quantity,
    QuantityRange,
    ReferenceFacts,
    Requirement,
    SolutionProfile,
    Span,
)
from portal.common import geography
from tests.bench.codebook import (
    COUNTRIES,
    EVERYWHERE,
    KOPPEN,
    LANGUAGES,
    MODELS,
    NOT_SAID,
    STATUSES,
    UNITS,
    codebook,
    countries_served,
)
from tests.bench.worlds import NONE, World

SPACE = "bundled-bench"


def solution_id(row: int) -> str:
    """Ids sort as rows do, so that equal scores stand in the same order everywhere."""
    return f"{row:08d}"


def solution_profile(world: World, row: int) -> SolutionProfile:
    book, one = codebook(), {name: column[row] for name, column in world.solutions.items()}
    regions = int(one["regions"])
    return SolutionProfile(
        id=solution_id(row),
        language=LANGUAGES[one["language"]],
        vector=world.solution_vectors[row].astype(np.float32),
        vector_space=SPACE,
        terms=_words(one["terms"]),
        concepts=_concepts(one["concepts"], one["weights"]),
        subject=_subject(one["topic"], one["likely"]),
        focus=frozenset(book.areas[area] for area in (one["area"], one["second"]) if area != NONE),
        topics=_topics(one["topic"]),
        countries=None if regions in (EVERYWHERE, NOT_SAID) else countries_served()[regions],
        worldwide=regions == EVERYWHERE,
        capabilities=_capabilities(one["capabilities"], one["grades"]),
        city_population=_span(one["city_low"], one["city_high"]),
        quantity=QuantityRange(Span(one["quantity"], one["quantity"] * 20), UNITS[one["unit"]])
        if one["quantity"] == one["quantity"]
        else None,
        cost_eur=_span(one["cost_low"], one["cost_high"]),
        lead_time_months=_stated(one["lead_time"]),
        languages_of_work=_chosen(one["work_languages"], LANGUAGES),
        business_models=_chosen(one["models"], MODELS),
        references=tuple(_reference(one, number) for number in range(one["references"])),
        claims={name: GRADES[grade] for name, grade in zip(DIMENSIONS, one["claims"], strict=True) if grade != NONE},
        live=bool(one["live"]),
        expires=None if np.isnan(one["expires"]) else int(one["expires"]),
    )


def demand_profile(world: World, row: int) -> DemandProfile:
    book, one = codebook(), {name: column[row] for name, column in world.demands.items()}
    return DemandProfile(
        id=str(row),
        language=LANGUAGES[one["language"]],
        vector=world.demand_vectors[row].astype(np.float32),
        sentence_vectors=None if (sentences := world.sentences(row)) is None else sentences.astype(np.float32),
        vector_space=SPACE,
        terms=_words(one["terms"]),
        concepts=_concepts(one["concepts"], one["weights"]),
        subject=_subject(one["topic"], one["likely"]),
        focus=(book.areas[one["area"]],),
        topics=_topics(one["topic"]),
        city=_city(one["country"], one["population"], one["koppen"]),
        must_haves=_requirements(one["must_haves"]),
        nice_to_haves=_requirements(one["nice_to_haves"]),
        quantity=None if np.isnan(one["quantity"]) else Quantity(float(one["quantity"]), UNITS[one["unit"]]),
        budget_eur=_span(np.nan, one["budget"]),
        wanted=_span(np.nan, one["start"]),
        business_models=_chosen(one["models"], MODELS),
        working_languages=_chosen(one["work_languages"], LANGUAGES),
    )


def solution_profiles(world: World, rows: Iterable[int] | None = None) -> list[SolutionProfile]:
    return [solution_profile(world, row) for row in (range(world.size[1]) if rows is None else rows)]


def demand_profiles(world: World, rows: Iterable[int] | None = None) -> list[DemandProfile]:
    return [demand_profile(world, row) for row in (range(world.size[0]) if rows is None else rows)]


def _words(terms: np.ndarray) -> frozenset[str]:
    return frozenset(f"w{term}" for term in terms.tolist())


def _concepts(named: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    """Concept → weight, together of unit length; the first of two equal ones counts."""
    found = {f"c{code}": float(weight) for code, weight in zip(named[::-1], weights[::-1], strict=True) if code != NONE}
    length = math.hypot(*found.values())
    return {code: weight / length for code, weight in found.items()}


def _subject(topic: int, likely: np.ndarray) -> dict[str, float]:
    """Whoever names a topic is about that; of the others the portal reads some likely ones."""
    topics = codebook().topics
    if topic != NONE:
        return {topics[topic]: 1.0}
    return dict(zip((topics[code] for code in likely), (0.5, 0.2, 0.1), strict=True))


def _topics(topic: int) -> frozenset[str]:
    return frozenset() if topic == NONE else frozenset([codebook().topics[topic]])


def _chosen(bits: int, codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(code for number, code in enumerate(codes) if bits >> number & 1)


def _stated(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)


def _span(low: float, high: float) -> Span | None:
    ends = _stated(low), _stated(high)
    return None if ends == (None, None) else Span(*ends)


def _city(country: int, population: int, koppen: int) -> CityFacts:
    code = COUNTRIES[country]
    return CityFacts(
        population=int(population),
        koppen=KOPPEN[koppen],
        country=code,
        income_group=geography.income_group(code),
        subregion=geography.subregion_of(code),
    )


def _reference(one: dict[str, np.ndarray], number: int) -> ReferenceFacts:
    city = _city(*(one[f"reference_{name}"][number] for name in ("country", "population", "koppen")))
    return ReferenceFacts(
        city=city,
        status=STATUSES[one["reference_status"][number]],  # type: ignore[arg-type]
        grade=GRADES[one["reference_grade"][number]],
    )


def _capabilities(values: np.ndarray, grades: np.ndarray) -> dict[str, Capability]:
    book = codebook()
    return {
        book.criteria[at]: Capability(
            bool(values[at]) if at < len(book.flags) else float(values[at]), GRADES[grades[at % len(grades)]]
        )
        for at in np.flatnonzero(~np.isnan(values)).tolist()
    }


def _requirements(numbers: np.ndarray) -> tuple[Requirement, ...]:
    book = codebook()
    return tuple(
        Requirement(book.flags[at], "eq", True)
        if at < len(book.flags)
        else Requirement(book.numbers[at - len(book.flags)], book.operators[at - len(book.flags)], 40.0)  # type: ignore[arg-type]
        for at in numbers.tolist()
        if at != NONE
    )
