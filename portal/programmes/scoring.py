"""What the jury's points come to. Pure arithmetic: the same points in any order give the same result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST = 5


@dataclass(frozen=True, slots=True)
class Given:
    """One juror's points on one criterion of one application."""

    juror: int
    criterion: int
    points: int


@dataclass(frozen=True, slots=True)
class Result:
    """``mean`` and ``spread`` are out of 5; ``by_juror`` holds the weighted mean of everybody who finished.

    ``spread`` is the highest minus the lowest juror: a large one is a reason to talk, not an error. ``means`` holds
    the mean of each criterion, out of 5, over the same jurors.
    """

    mean: float | None
    spread: float | None
    by_juror: Mapping[int, float]
    unfinished: int
    means: Mapping[int, float]


def weigh(given: Iterable[Given], weights: Mapping[int, int]) -> Result:
    """Criterion → weight, which add up to 100. A juror who left a criterion out does not count yet: half a score
    would move the mean by what was left out."""
    sheets: dict[int, dict[int, int]] = {}
    for row in given:
        if row.criterion in weights:
            sheets.setdefault(row.juror, {})[row.criterion] = row.points
    total = sum(weights.values())
    whole = {juror: points for juror, points in sorted(sheets.items()) if total and len(points) == len(weights)}
    finished = {
        juror: sum(points[criterion] * weight for criterion, weight in weights.items()) / total
        for juror, points in whole.items()
    }
    means = {key: sum(points[key] for points in whole.values()) / len(whole) for key in weights} if whole else {}
    values = sorted(finished.values())
    mean = sum(values) / len(values) if values else None
    spread = values[-1] - values[0] if values else None
    return Result(mean, spread, finished, len(sheets) - len(finished), means)


def order_of(result: Result, weights: Mapping[int, int]) -> tuple[float, ...]:
    """What results are ordered by, the best first: the weighted mean and, where it is equal, the mean of the criterion
    with the greatest weight, then of the next. Results with the same order share a place; nobody is put before another
    by chance or by date.
    """
    if result.mean is None:
        return ()
    heaviest = sorted(weights, key=lambda key: (-weights[key], key))
    # Rounded: sums of thirds must not break a tie.
    return tuple(-round(value, 9) for value in (result.mean, *(result.means[key] for key in heaviest)))
