"""The finding behind each component of one pair, as a code and the values a sentence about it needs.

A code ends in ".unknown" where a fact is missing (values["missing"] says whose: "demand", "solution" or "both"); other
findings without a value, such as ".not_asked", ".not_comparable" or ".other_language", lack nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from matching.engine.components import days_left
from matching.engine.gates import areas_of, requirement_outcome
from matching.engine.profiles import DemandProfile, SolutionProfile, Span, Vocabulary
from matching.engine.results import Value, Values
from matching.engine.table import ScoreTable
from matching.engine.wording import base_language

Detail = tuple[str, Values]

_SHOWN_WORDS: Final = 6
_SHOWN_CODES: Final = 4
# A topic that both texts are about with less than this likelihood is not worth telling.
_LIKELY: Final = 0.05


def detail(component: str, table: ScoreTable, position: int, value: float | None) -> Detail:
    """The finding of one component for the candidate at `position`, whose value is given (None when unknown)."""
    if component in _CLAIMS:
        return _claim(component, table.candidates.solutions[position])
    if component == "meaning":
        return _meaning(table, position, value)
    solution = table.candidates.solutions[position]
    if component == "focus":
        return _focus(table.demand, solution, table.candidates.vocabulary, value)
    if component == "timing":
        return _timing(table.demand, solution, value, table.today)
    return _FINDINGS[component](table.demand, solution, value)


def _missing(component: str, *, demand: bool, solution: bool) -> Detail:
    """An unknown finding; the flags say which side has stated its part."""
    if demand and solution:
        return f"{component}.not_comparable", {}
    who = "both" if not demand and not solution else "solution" if demand else "demand"
    return f"{component}.unknown", {"missing": who}


def _meaning(table: ScoreTable, position: int, value: float | None) -> Detail:
    if value is None:
        solution = bool(table.candidates.has_vector[position])
        return _missing("meaning", demand=table.demand.vector is not None, solution=solution)
    whole, sentences = (float(part[position]) for part in (table.cosines.whole, table.cosines.sentences))
    return "meaning.alike", {"cosine_whole": round(whole, 4), "cosine_sentences": round(sentences, 4)}


def _wording(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    if value is None:
        if demand.terms and solution.terms and base_language(demand.language) != base_language(solution.language):
            return "wording.other_language", {"demand": demand.language, "solution": solution.language}
        return _missing("wording", demand=bool(demand.terms), solution=bool(solution.terms))
    shared = sorted(demand.terms & solution.terms, key=lambda term: (-len(term), term))
    return "wording.shared", {"count": len(shared), "words": tuple(shared[:_SHOWN_WORDS])}


# From here on the areas alone bring points worth a word.
_RELATED = 0.1


def _concepts(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    if value is None:
        return "concepts.none_found", {}
    weights = _products(demand.concepts, solution.concepts)
    if not weights:
        return "concepts.none_shared", {}
    return "concepts.shared", {"concepts": _heaviest(weights)}


def _subject(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    if value is None:
        return "subject.not_told", {}
    likely = {code: both for code, both in _products(demand.subject, solution.subject).items() if both >= _LIKELY}
    if likely:
        return "subject.likely", {"topics": _heaviest(likely)}
    return ("subject.related" if value >= _RELATED else "subject.apart"), {}


def _products(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {code: one[code] * other[code] for code in one.keys() & other.keys()}


def _heaviest(weights: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(weights, key=lambda code: (-weights[code], code))[:_SHOWN_CODES])


def _focus(demand: DemandProfile, solution: SolutionProfile, vocabulary: Vocabulary, value: float | None) -> Detail:
    wanted = areas_of(vocabulary, demand.focus, demand.topics)
    offered = areas_of(vocabulary, solution.focus, solution.topics)
    if value is None:
        if wanted and offered:
            return "focus.only_guessed", {"demanded": _codes(wanted), "offered": _codes(offered)}
        return _missing("focus", demand=bool(wanted or demand.topics), solution=bool(offered or solution.topics))
    topics, areas = demand.topics & solution.topics, wanted & offered
    if topics:
        return "focus.topics", {"topics": _codes(topics), "demanded": _codes(demand.topics)}
    return ("focus.area", {"areas": _codes(areas)}) if areas else ("focus.apart", {"demanded": _codes(wanted)})


def _geography(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    city = demand.city
    values: Values = {"country": city.country, "subregion": city.subregion}
    if value is None:
        stated = solution.worldwide or bool(solution.countries)
        return _missing("geography", demand=city.country is not None, solution=stated)
    named = city.country in (solution.countries or ())
    if not (named or solution.worldwide):
        return "geography.not_served", values
    if any(reference.city.country == city.country for reference in solution.references):
        return "geography.reference_in_country", values
    if city.subregion and any(reference.city.subregion == city.subregion for reference in solution.references):
        return "geography.reference_in_region", values
    return ("geography.served" if named else "geography.worldwide"), values


def _budget(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    limit = demand.budget_eur.high if demand.budget_eur else None
    if value is None:
        return _missing("budget", demand=limit is not None, solution=solution.cost_eur is not None)
    cost = solution.cost_eur or Span()
    finding = "fits" if value == 1 else "over" if value == 0 else "partly"
    return f"budget.{finding}", {"budget_eur": limit, "cost_low_eur": cost.low, "cost_high_eur": cost.high}


def _scale(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    people = demand.city.population if demand.city.population is not None else demand.people_served
    if value is None:
        stated = solution.city_population is not None or solution.quantity is not None
        return _missing("scale", demand=bool(people) or demand.quantity is not None, solution=stated)
    sizes, amount, made_for = solution.city_population or Span(), demand.quantity, solution.quantity
    values: dict[str, Value] = {"people": people, "city_low": sizes.low, "city_high": sizes.high}
    if amount and made_for and amount.unit == made_for.unit:
        values |= {"amount": amount.amount, "unit": amount.unit}
        values |= {"amount_low": made_for.span.low, "amount_high": made_for.span.high}
    return ("scale.fits" if value == 1 else "scale.outside"), values


def _timing(demand: DemandProfile, solution: SolutionProfile, value: float | None, today: int) -> Detail:
    days = days_left(demand, today)
    if value is None:
        if demand.wanted is not None and days is None:
            return "timing.past", {}
        return _missing("timing", demand=days is not None, solution=solution.lead_time_months is not None)
    values: Values = {"days_left": days, "lead_time_months": solution.lead_time_months}
    return ("timing.in_time" if value == 1 else "timing.late"), values


def _nice_to_haves(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    if not demand.nice_to_haves:
        return "nice_to_haves.not_asked", {}
    found = {wish.criterion: requirement_outcome(wish, solution) for wish in demand.nice_to_haves}
    by_outcome = {
        name: tuple(criterion for criterion, outcome in found.items() if outcome == wanted)
        for name, wanted in (("met", "pass"), ("not_met", "fail"), ("unknown", "unknown"))
    }
    if value is None:
        return "nice_to_haves.unknown", {"missing": "solution", **by_outcome}
    return "nice_to_haves.decided", by_outcome


def _evidence(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    if value is None:
        return _missing("evidence", demand=True, solution=False)
    statuses = [reference.status for reference in solution.references]
    return "evidence.references", {
        "count": len(statuses),
        **{status: statuses.count(status) for status in sorted(set(statuses))},
    }


def _business_model(demand: DemandProfile, solution: SolutionProfile, value: float | None) -> Detail:
    accepted, offered = demand.business_models, solution.business_models
    if value is None:
        return _missing("business_model", demand=bool(accepted), solution=bool(offered))
    if shared := accepted & offered:
        return "business_model.shared", {"models": _codes(shared)}
    return "business_model.none_shared", {"accepted": _codes(accepted), "offered": _codes(offered)}


def _claim(dimension: str, solution: SolutionProfile) -> Detail:
    grade = solution.claims.get(dimension)
    return _missing(dimension, demand=True, solution=False) if grade is None else (f"{dimension}.{grade}", {})


def _codes(codes: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))


_CLAIMS: Final = frozenset({"efficient", "resilient", "sustainable"})
_FINDINGS: Final[dict[str, Callable[[DemandProfile, SolutionProfile, float | None], Detail]]] = {
    "wording": _wording,
    "concepts": _concepts,
    "subject": _subject,
    "geography": _geography,
    "budget": _budget,
    "scale": _scale,
    "nice_to_haves": _nice_to_haves,
    "evidence": _evidence,
    "business_model": _business_model,
}


def none_if_nan(value: float) -> float | None:
    """A table's figure as a result gives it."""
    return None if math.isnan(value) else float(value)
