"""What a provider could change or state so that a pair scores higher: exact, because the score is a sum.

Only what a provider can act on is suggested: never the wording, the meaning or the focus, which would invite writing
for the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.engine.columns import FloatColumn
from matching.engine.components import days_left
from matching.engine.config import COMPONENTS
from matching.engine.display import displayed_score, sigmoid
from matching.engine.evidence import beta_mean
from matching.engine.gates import requirement_outcome
from matching.engine.profiles import DIMENSIONS, GRADES, DemandProfile, SolutionProfile
from matching.engine.results import Suggestion, Values
from matching.engine.table import ScoreTable

SHOWN: Final = 3
# Changes worth less than this much logit (about a tenth of a point) are not worth a sentence.
_LEAST_GAIN: Final = 0.005


@dataclass(frozen=True, slots=True)
class _Change:
    component: str
    code: str
    reaches: float
    values: Values


def suggestions(table: ScoreTable, position: int, rivals: FloatColumn | None) -> tuple[Suggestion, ...]:
    """The changes that would lift the pair most, best first, at most SHOWN.

    `rivals` are the logits of the other ranked candidates, ascending; None leaves `would_rank` out.
    """
    found = [
        _suggestion(table, position, change, rivals)
        for change in _changes(table, position)
        if _gain(table, position, change) >= _LEAST_GAIN
    ]
    found.sort(key=lambda suggestion: (-suggestion.gain_logit, COMPONENTS.index(suggestion.component)))
    return tuple(found[:SHOWN])


def rank_at(logit: float, rivals: FloatColumn) -> int:
    """The place a logit takes among rivals' logits in ascending order; equals stand before it."""
    return len(rivals) - int(np.searchsorted(rivals, logit, side="left")) + 1


def _gain(table: ScoreTable, position: int, change: _Change) -> float:
    row = COMPONENTS.index(change.component)
    rule = table.config.rules[change.component]
    reached = rule.weight * (float(rule.curve(change.reaches)) - rule.neutral)
    return reached - float(table.contributions[row, position])


def _suggestion(table: ScoreTable, position: int, change: _Change, rivals: FloatColumn | None) -> Suggestion:
    gain = _gain(table, position, change)
    logit = float(table.logit[position]) + gain
    return Suggestion(
        component=change.component,
        code=change.code,
        values=change.values,
        gain_logit=gain,
        probability=sigmoid(logit),
        score=displayed_score(sigmoid(logit)),
        would_rank=None if rivals is None else rank_at(logit, rivals),
    )


def _changes(table: ScoreTable, position: int) -> Iterator[_Change]:
    """Every change a provider could make, with the value its component would then have."""
    for propose in (_geography, _budget, _scale, _timing, _nice_to_haves, _evidence, _claims, _business_model):
        yield from propose(table, position)


def _pair(table: ScoreTable, position: int) -> tuple[DemandProfile, SolutionProfile]:
    return table.demand, table.candidates.solutions[position]


def _geography(table: ScoreTable, position: int) -> Iterator[_Change]:
    demand, solution = _pair(table, position)
    country = demand.city.country
    if country is None:
        return
    values: Values = {"country": country}
    if not solution.worldwide and country not in (solution.countries or ()):
        yield _Change("geography", "raise.serve_country", table.config.geography_served, values)
    else:
        reaches = table.config.geography_country_reference
        yield _Change("geography", "raise.reference_in_country", reaches, values)


def _budget(table: ScoreTable, position: int) -> Iterator[_Change]:
    demand, solution = _pair(table, position)
    limit = demand.budget_eur.high if demand.budget_eur else None
    if limit is not None:
        code = "raise.cost_within" if solution.cost_eur else "raise.state_cost_within"
        yield _Change("budget", code, 1.0, {"budget_eur": limit})


def _scale(table: ScoreTable, position: int) -> Iterator[_Change]:
    demand, solution = _pair(table, position)
    people = demand.city.population if demand.city.population is not None else demand.people_served
    if people or demand.quantity is not None:
        quantity = demand.quantity
        values: Values = {
            "people": people,
            "amount": quantity.amount if quantity else None,
            "unit": quantity.unit if quantity else None,
        }
        stated = solution.city_population or solution.quantity
        yield _Change("scale", "raise.fit_scale" if stated else "raise.state_fitting_scale", 1.0, values)


def _timing(table: ScoreTable, position: int) -> Iterator[_Change]:
    demand, solution = _pair(table, position)
    days = days_left(demand, table.today)
    if days is not None:
        code = "raise.deliver_within" if solution.lead_time_months is not None else "raise.state_lead_time_within"
        yield _Change("timing", code, 1.0, {"days_left": days})


def _nice_to_haves(table: ScoreTable, position: int) -> Iterator[_Change]:
    demand, solution = _pair(table, position)
    missing = [w.criterion for w in demand.nice_to_haves if requirement_outcome(w, solution) != "pass"]
    if missing:
        yield _Change("nice_to_haves", "raise.meet_wishes", 1.0, {"criteria": tuple(missing)})


def _evidence(table: ScoreTable, position: int) -> Iterator[_Change]:
    _, solution = _pair(table, position)
    success, total = (sums[[position]] for sums in table.evidence_sums)
    one = table.config.grade_values["city_confirmed"]
    reaches = float(beta_mean(success + one, total + one, table.config)[0])
    yield _Change("evidence", "raise.confirmed_reference_alike", reaches, {"references": len(solution.references)})


def _claims(table: ScoreTable, position: int) -> Iterator[_Change]:
    _, solution = _pair(table, position)
    for dimension in DIMENSIONS:
        if solution.claims.get(dimension) != GRADES[-1]:
            code = "raise.verify_claim" if dimension in solution.claims else "raise.verified_claim"
            yield _Change(dimension, code, table.config.grade_values[GRADES[-1]], {"dimension": dimension})


def _business_model(table: ScoreTable, position: int) -> Iterator[_Change]:
    demand, solution = _pair(table, position)
    if demand.business_models and not demand.business_models & solution.business_models:
        models = tuple(sorted(demand.business_models))
        yield _Change("business_model", "raise.offer_model", 1.0, {"models": models})
