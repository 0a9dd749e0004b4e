"""Reads demands and solutions written as JSON for people, as in golden/*.json and docs/matching.md.

Dates are days from today (today is day 0). "closeness" of a solution is the cosine of its text with the demand's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from matching.engine import (
    CandidateSet,
    Capability,
    CityFacts,
    DemandProfile,
    Quantity,
    QuantityRange,
    ReferenceFacts,
    Requirement,
    SolutionProfile,
    Span,
    Vocabulary,
    tokens,
)

TODAY = 0
SPACE = "bundled-example"
VOCABULARY = Vocabulary(
    topic_area={
        "street_lighting": "smart_energy",
        "solar_power": "smart_energy",
        "smart_metering": "smart_energy",
        "flood_protection": "resilience",
        "stormwater": "resilience",
        "bus_systems": "mobility",
        "electric_fleets": "mobility",
        "building_retrofit": "buildings",
    },
    certificates=frozenset({"iso_9001", "iso_14001", "iso_27001", "iso_45001", "iso_50001", "ce_marking"}),
)


def demand(content: dict[str, Any]) -> DemandProfile:
    """A demand from its JSON."""
    given = dict(content)
    language = given.pop("language", "")
    return DemandProfile(
        id=given.pop("id", "demand"),
        language=language,
        vector=np.array([1, 0], np.float32),
        vector_space=SPACE,
        terms=tokens(given.pop("text", ""), language),
        focus=tuple(given.pop("focus", ())),
        topics=frozenset(given.pop("topics", ())),
        city=CityFacts(**given.pop("city", {})),
        must_haves=_requirements(given.pop("must_haves", ())),
        nice_to_haves=_requirements(given.pop("nice_to_haves", ())),
        quantity=_maybe(given.pop("quantity", None), lambda q: Quantity(*q)),
        budget_eur=_span(given.pop("budget_eur", None)),
        wanted=_span(given.pop("wanted_in_days", None)),
        business_models=frozenset(given.pop("business_models", ())),
        working_languages=frozenset(given.pop("working_languages", ())),
        **given,
    )


def solution(content: dict[str, Any]) -> SolutionProfile:
    """A solution from its JSON."""
    given = dict(content)
    language = given.pop("language", "")
    closeness = given.pop("closeness", None)
    return SolutionProfile(
        language=language,
        vector=_maybe(closeness, lambda c: np.array([c, math.sqrt(1 - c * c)], np.float32)),
        vector_space=SPACE if closeness is not None else "",
        terms=tokens(given.pop("text", ""), language),
        focus=frozenset(given.pop("focus", ())),
        topics=frozenset(given.pop("topics", ())),
        countries=_maybe(given.pop("countries", None), frozenset),
        capabilities={code: _capability(value) for code, value in given.pop("capabilities", {}).items()},
        city_population=_span(given.pop("city_population", None)),
        quantity=_maybe(given.pop("quantity", None), lambda q: QuantityRange(Span(q[0], q[1]), q[2])),
        cost_eur=_span(given.pop("cost_eur", None)),
        languages_of_work=frozenset(given.pop("languages_of_work", ())),
        business_models=frozenset(given.pop("business_models", ())),
        references=tuple(_reference(reference) for reference in given.pop("references", ())),
        expires=given.pop("expires_in_days", None),
        **given,
    )


def candidates(contents: list[dict[str, Any]]) -> CandidateSet:
    """The solutions of a case as a candidate set."""
    return CandidateSet.build([solution(content) for content in contents], VOCABULARY)


def _requirements(contents: list[list[Any]]) -> tuple[Requirement, ...]:
    return tuple(Requirement(*content) for content in contents)


def _capability(content: Any) -> Capability:
    return Capability(*content) if isinstance(content, list) else Capability(content)


def _reference(content: dict[str, Any]) -> ReferenceFacts:
    facts = dict(content)
    status, grade = facts.pop("status"), facts.pop("grade")
    return ReferenceFacts(city=CityFacts(**facts), status=status, grade=grade)


def _span(ends: list[float] | None) -> Span | None:
    return None if ends is None else Span(*ends)


def _maybe(value: Any, make: Any) -> Any:
    return None if value is None else make(value)
