"""What references prove: did it work, who says so, and was it a city like this one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from matching.engine.columns import CandidateSet, FloatColumn, References
from matching.engine.config import ScoringConfig
from matching.engine.profiles import CityFacts, DemandProfile

# Cities whose populations differ by this many powers of ten have nothing of their size in common.
_POPULATION_DECADES = 1.5


def evidence(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    """References that worked among all references, each weighed by its evidence and its likeness, Beta-smoothed."""
    success, total = evidence_sums(demand, candidates, config)
    return np.where(total > 0, beta_mean(success, total, config), np.nan)


def beta_mean(success: FloatColumn, total: FloatColumn, config: ScoringConfig) -> FloatColumn:
    """The expected share of successes: few references stay near the middle, many speak for themselves."""
    won, lost = config.evidence_prior
    return (won + success) / (won + lost + total)


def evidence_sums(
    demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig
) -> tuple[FloatColumn, FloatColumn]:
    """For each candidate the weighed successes, and the weight of all its references."""
    references = candidates.references
    grades = np.array([config.grade_values[grade] for grade in references.grade], np.float64)
    credit = np.array([config.reference_credit[status] for status in references.status], np.float64)
    weight = grades * likeness(demand.city, references, config)
    return references.total(weight * credit), references.total(weight)


def likeness(city: CityFacts, references: References, config: ScoringConfig) -> FloatColumn:
    """How like the demand's city each reference's city is, in [0, 1], from what is known of both; (references,)."""
    facts = likenesses(city, references, config)
    known = np.zeros(len(references.owner))
    weighed = np.zeros(len(references.owner))
    for name, weight in config.likeness_weights.items():
        stated = ~np.isnan(facts[name])
        known += weight * stated
        weighed += weight * np.where(stated, facts[name], 0)
    return np.where(known > 0, weighed / np.where(known > 0, known, 1), config.likeness_unknown)


def likenesses(city: CityFacts, references: References, config: ScoringConfig) -> dict[str, FloatColumn]:
    """The same fact by fact, each in [0, 1]; NaN where one of the two cities does not say."""
    return {
        "population": _population(city.population, references.population),
        "koppen": _compared(city.koppen, references.koppen, _koppen),
        "income_group": _compared(city.income_group, references.income_group, _income(config.income_order)),
        "subregion": _compared(city.subregion, references.subregion, lambda a, b: float(a == b)),
    }


def _population(population: int | None, others: FloatColumn) -> FloatColumn:
    if not population:
        return np.full(len(others), np.nan)
    known = np.where(others > 0, others, np.nan)
    decades = np.abs(np.log10(known) - math.log10(population))
    alike: FloatColumn = np.clip(1 - decades / _POPULATION_DECADES, 0, 1)
    return alike


def _compared(wanted: str | None, facts: Sequence[str | None], alike: Callable[[str, str], float]) -> FloatColumn:
    """`alike` against every fact, worked out once for each distinct one; NaN where either is unknown."""
    if wanted is None:
        return np.full(len(facts), np.nan)
    known = {fact: alike(wanted, fact) for fact in set(facts) if fact is not None}
    return np.array([math.nan if fact is None else known[fact] for fact in facts], np.float64)


def _koppen(one: str, other: str) -> float:
    """Köppen zones name the climate letter by letter: main group, then rain, then warmth."""
    if one == other:
        return 1.0
    return 0.7 if one[:2] == other[:2] else 0.5 if one[:1] == other[:1] else 0.0


def _income(order: Sequence[str]) -> Callable[[str, str], float]:
    def alike(one: str, other: str) -> float:
        if one == other:
            return 1.0
        neighbours = one in order and other in order and abs(order.index(one) - order.index(other)) == 1
        return 0.5 if neighbours else 0.0

    return alike
