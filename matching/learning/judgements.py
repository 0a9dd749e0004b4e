"""Which decisions say something about how well a pair fits, and what they say."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from matching.engine import COMPONENTS, ScoringConfig
from matching.enums import CityDeclineReason, DropReason, ProviderDeclineReason, RejectReason, Side

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

UNFIT, OUTDONE, PLAUSIBLE, WANTED, WORKED = range(5)
FITS: Final = PLAUSIBLE  # from this grade on a pair counts as fitting

_ACCEPTED: Final[dict[str, tuple[Side, int]]] = {
    "shortlist": (Side.MODERATOR, PLAUSIBLE),
    "offer": (Side.MODERATOR, PLAUSIBLE),
    "accept_by_city": (Side.CITY, WANTED),
    "accept_by_provider": (Side.PROVIDER, WANTED),
    "start_pilot": (Side.CITY, WORKED),
    "sign_contract": (Side.CITY, WORKED),
    "start_operation": (Side.CITY, WORKED),
}
# What is not here says nothing about fit: too early, known already, no capacity, no money, a conflict of interest.
_REFUSED: Final[dict[tuple[str, str], tuple[Side, int]]] = {
    **{("reject", reason): (Side.MODERATOR, UNFIT) for reason in RejectReason.values},
    ("reject", RejectReason.BETTER_ONES): (Side.MODERATOR, OUTDONE),
    ("decline_by_city", CityDeclineReason.NOT_WHAT_WE_NEED): (Side.CITY, UNFIT),
    ("decline_by_city", CityDeclineReason.TOO_EXPENSIVE): (Side.CITY, UNFIT),
    ("decline_by_provider", ProviderDeclineReason.NOT_A_FIT): (Side.PROVIDER, UNFIT),
    ("decline_by_provider", ProviderDeclineReason.REGION): (Side.PROVIDER, UNFIT),
    ("decline_by_provider", ProviderDeclineReason.TOO_SMALL): (Side.PROVIDER, UNFIT),
    ("end_without_result", DropReason.TECHNICAL): (Side.CITY, UNFIT),
    ("drop", DropReason.TECHNICAL): (Side.CITY, UNFIT),
    ("stop_operation", DropReason.TECHNICAL): (Side.CITY, UNFIT),
}


def judged(move: str, reason: str) -> tuple[Side, int] | None:
    """Whose judgement a move is, and the grade it gives the pair; None where it says nothing about fit."""
    return _ACCEPTED.get(move) or _REFUSED.get((move, reason))


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair with its last word: the values of the components then, the grade, and the place it was shown at."""

    demand: int
    solution: int
    grade: int
    values: dict[str, float | None]
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """Judged pairs as arrays. n pairs, k components.

    features: float64 (n, k), curve(value) − neutral, 0 where it could not be told, so that a pair's logit is
    base + features @ weights. grades, demands: int64 (n,). positions: float64 (n,), NaN where none was shown.
    """

    features: FloatArray
    grades: IntArray
    demands: IntArray
    positions: FloatArray

    def __len__(self) -> int:
        return len(self.grades)

    def of(self, rows: npt.NDArray[np.bool_]) -> "Labels":
        return Labels(self.features[rows], self.grades[rows], self.demands[rows], self.positions[rows])


def labels(rows: list[Judged], config: ScoringConfig) -> Labels:
    """The pairs as the configuration's curves see them, in a fixed order."""
    rows = sorted(rows, key=lambda row: (row.demand, row.solution))
    return Labels(
        np.array([_features(row, config) for row in rows], np.float64).reshape(len(rows), len(COMPONENTS)),
        np.array([row.grade for row in rows], np.int64),
        np.array([row.demand for row in rows], np.int64),
        np.array([np.nan if row.position is None else row.position for row in rows], np.float64),
    )


def _features(row: Judged, config: ScoringConfig) -> list[float]:
    found = []
    for component in COMPONENTS:
        value, rule = row.values.get(component), config.rules[component]
        found.append(0.0 if value is None else float(rule.curve(value)) - rule.neutral)
    return found
