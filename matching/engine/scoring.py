"""Scores with their explanations: all candidates, the best, and the near misses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, cast

import numpy as np

from matching.engine import gates
from matching.engine.columns import CandidateSet, FloatColumn
from matching.engine.config import COMPONENTS, ENGINE_VERSION, EXPERT, ScoringConfig
from matching.engine.details import detail, none_if_nan
from matching.engine.display import apportion, displayed_score, sigmoid
from matching.engine.profiles import DemandProfile
from matching.engine.results import Band, Contribution, NearMiss, Result, Verdict
from matching.engine.suggestions import rank_at, suggestions
from matching.engine.table import ScoreTable, evaluate

DEFAULT_COUNT: Final = 20


def score(
    demand: DemandProfile, candidates: CandidateSet, *, today: int, config: ScoringConfig = EXPERT
) -> list[Result]:
    """Every candidate, eligible or not, in the order of their ids."""
    table = evaluate(demand, candidates, today=today, config=config)
    return [explain(table, position) for position in range(len(candidates))]


def rank(
    demand: DemandProfile,
    candidates: CandidateSet,
    k: int | None = DEFAULT_COUNT,
    *,
    today: int,
    config: ScoringConfig = EXPERT,
) -> list[Result]:
    """The best `k` eligible candidates (all when None), best first; equal scores stand in the order of ids."""
    return rank_table(evaluate(demand, candidates, today=today, config=config), k)


def rank_table(table: ScoreTable, k: int | None = DEFAULT_COUNT) -> list[Result]:
    """`rank` for a table already evaluated."""
    best = table.best(table.eligible, k)
    return explain_rows(table, [(int(position), place) for place, position in enumerate(best, start=1)])


def explain_rows(table: ScoreTable, rows: Iterable[tuple[int, int]]) -> list[Result]:
    """(position, place by score) of eligible candidates as results, in the order given."""
    rivals = _rivals(table)
    return [explain(table, position, place, rivals) for position, place in rows]


def near_misses(
    demand: DemandProfile,
    candidates: CandidateSet,
    k: int | None = 5,
    *,
    today: int,
    config: ScoringConfig = EXPERT,
) -> list[NearMiss]:
    """The best `k` candidates that fail exactly one gate, best first, with the place each would have without it."""
    return near_misses_table(evaluate(demand, candidates, today=today, config=config), k)


def near_misses_table(table: ScoreTable, k: int | None = 5) -> list[NearMiss]:
    """`near_misses` for a table already evaluated."""
    rivals = _rivals(table)
    return [_near_miss(table, int(position), rivals) for position in table.best(table.failures == 1, k)]


def _near_miss(table: ScoreTable, position: int, rivals: FloatColumn) -> NearMiss:
    gate = gates.GATES[int(np.argmax(table.outcomes[:, position] == gates.FAIL))]
    return NearMiss(explain(table, position), gate, rank_at(float(table.logit[position]), rivals))


def _rivals(table: ScoreTable) -> FloatColumn:
    return np.sort(table.logit[table.eligible])


def explain(table: ScoreTable, position: int, place: int | None = None, rivals: FloatColumn | None = None) -> Result:
    """One row of a table as a result with verdicts, contributions and suggestions.

    `rivals` are the ascending logits of all eligible candidates, this one among them where it is eligible.
    """
    demand, solution = table.demand, table.candidates.solutions[position]
    logit = float(table.logit[position])
    probability = sigmoid(logit)
    base_points, contributions = _contributions(table, position)
    verdicts = gates.verdicts(demand, solution, table.candidates.vocabulary, table.outcomes[:, position], table.today)
    if rivals is not None and table.eligible[position]:
        rivals = np.delete(rivals, np.searchsorted(rivals, logit))
    return Result(
        demand_id=demand.id,
        demand_version=demand.version,
        solution_id=solution.id,
        solution_version=solution.version,
        eligible=bool(table.eligible[position]),
        verdicts=verdicts,
        base_logit=table.config.base_logit,
        base_points=base_points,
        contributions=contributions,
        logit=logit,
        probability=probability,
        score=displayed_score(probability),
        band=cast(Band, table.config.band(probability)),
        unknowns=_unknowns(verdicts, contributions),
        suggestions=suggestions(table, position, rivals),
        rank=place,
        engine_version=ENGINE_VERSION,
        config_id=table.config_id,
    )


def _contributions(table: ScoreTable, position: int) -> tuple[int, tuple[Contribution, ...]]:
    """The base's points, and every component's contribution in the order of COMPONENTS."""
    logits = [float(part) for part in table.contributions[:, position]]
    base_points, points = apportion(table.config.base_logit, logits, float(table.logit[position]))
    return base_points, tuple(
        _contribution(table, position, row, logits[row], points[row]) for row in range(len(COMPONENTS))
    )


def _contribution(table: ScoreTable, position: int, row: int, logit: float, points: int) -> Contribution:
    component = COMPONENTS[row]
    rule = table.config.rules[component]
    value = none_if_nan(table.values[row, position])
    code, values = detail(component, table, position, value)
    return Contribution(
        component=component,
        value=value,
        phi=rule.neutral if value is None else float(rule.curve(value)),
        weight=rule.weight,
        logit=logit,
        points=points,
        code=code,
        values=values,
    )


def _unknowns(verdicts: Sequence[Verdict], contributions: Sequence[Contribution]) -> tuple[str, ...]:
    undecided = [verdict.code for verdict in verdicts if verdict.outcome == "unknown"]
    silent = [part.code for part in contributions if part.value is None and part.code.endswith(".unknown")]
    return (*undecided, *silent)
