"""One demand against all candidates, as arrays; `scoring` turns rows into explained results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matching.engine import components, gates
from matching.engine.columns import BoolColumn, CandidateSet, FloatColumn, IntColumn
from matching.engine.config import COMPONENTS, EXPERT, ScoringConfig
from matching.engine.cosines import Cosines, cosines
from matching.engine.evidence import evidence_sums
from matching.engine.profiles import DemandProfile


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """All figures of one demand against n candidates, in the candidates' order (by id).

    outcomes: int8 (gates, n). values: float64 (components, n), NaN unknown. contributions: float64 (components, n),
    0 where unknown. logit: float64 (n,), the base plus all contributions, whether eligible or not.
    """

    demand: DemandProfile
    candidates: CandidateSet
    config: ScoringConfig
    today: int
    cosines: Cosines
    outcomes: npt.NDArray[np.int8]
    values: FloatColumn
    contributions: FloatColumn
    logit: FloatColumn

    @cached_property
    def eligible(self) -> BoolColumn:
        """Candidates that fail no gate."""
        return np.equal(self.failures, 0)

    @cached_property
    def config_id(self) -> str:
        """The id of the configuration, worked out once for all results of the table."""
        return self.config.id

    @cached_property
    def evidence_sums(self) -> tuple[FloatColumn, FloatColumn]:
        """What `evidence` rests on: weighed successes and the weight of all references."""
        return evidence_sums(self.demand, self.candidates, self.config)

    @cached_property
    def failures(self) -> IntColumn:
        """How many gates each candidate fails."""
        return np.asarray((self.outcomes == gates.FAIL).sum(axis=0))

    def best(self, among: BoolColumn, count: int | None) -> IntColumn:
        """Positions of the highest logits among those candidates, best first, ties by id; at most `count`."""
        positions = np.flatnonzero(among)
        order = np.argsort(-self.logit[positions], kind="stable")
        return positions[order[:count]]


def evaluate(
    demand: DemandProfile, candidates: CandidateSet, *, today: int, config: ScoringConfig = EXPERT
) -> ScoreTable:
    """Gates, components and logits of a demand against every candidate.

    `today` is a day number of the same epoch as the profiles' dates. Raises ValueError when the vectors of demand and
    candidates come from different encoders.
    """
    found = cosines(demand, candidates)
    values = components.values(demand, candidates, found, config, today)
    contributions = np.stack(
        [_contribution(config, component, row) for component, row in zip(COMPONENTS, values, strict=True)]
    )
    logit = np.full(len(candidates), config.base_logit)
    for row in contributions:
        logit += row
    outcomes = gates.outcomes(demand, candidates, today)
    return ScoreTable(demand, candidates, config, today, found, outcomes, values, contributions, logit)


def _contribution(config: ScoringConfig, component: str, values: FloatColumn) -> FloatColumn:
    rule = config.rules[component]
    return np.where(np.isnan(values), 0.0, rule.weight * (rule.curve(values) - rule.neutral))
