"""Points that mean what they say: of the pairs with 70 points, seven in ten should be judged to fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.learning.judgements import FloatArray

ISOTONIC_FROM: Final = 20_000
BINS: Final = 10
# Before there are labels, the scale is believed as it is: slope 1, shift 0, give or take these.
SLOPE_SPREAD: Final = 0.5
SHIFT_SPREAD: Final = 1.0
STEEPEST, FLATTEST = 4.0, 0.1


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs with probabilities in one tenth: how many, their mean probability, the share that fits."""

    low: float
    high: float
    count: int
    said: float
    found: float


def sigmoid(logits: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -500, 500))), np.float64)


def platt(logits: FloatArray, fits: FloatArray) -> tuple[float, float]:
    """(slope, shift) such that sigmoid(slope × logit + shift) is the share that fits; slope stays positive.

    Targets are drawn in as Platt (1999) does, and both figures towards 1 and 0, so that few labels cannot run away.
    """
    good = float(fits.sum())
    bad = len(fits) - good
    target = np.where(fits > 0, (good + 1) / (good + 2), 1 / (bad + 2))
    design = np.column_stack([logits, np.ones_like(logits)])
    centre, precision = np.array([1.0, 0.0]), 1 / np.array([SLOPE_SPREAD, SHIFT_SPREAD]) ** 2
    point = centre.copy()
    for _ in range(100):
        chance = sigmoid(design @ point)
        gradient = design.T @ (chance - target) + precision * (point - centre)
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(precision)
        step = np.linalg.solve(curvature, gradient)
        # Far from the answer a whole Newton step overshoots.
        point = point - step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-10:
            break
    return float(np.clip(point[0], FLATTEST, STEEPEST)), float(point[1])


def isotonic(probabilities: FloatArray, fits: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Steps (x, y) of the non-decreasing function nearest to the labels: pool adjacent violators.

    x: the lowest probability of each step, growing. y: the share that fits on it.
    """
    order = np.argsort(probabilities, kind="stable")
    starts: list[float] = []
    sums: list[float] = []
    counts: list[int] = []
    for probability, fit in zip(probabilities[order], fits[order], strict=True):
        starts.append(float(probability))
        sums.append(float(fit))
        counts.append(1)
        while len(sums) > 1 and (sums[-2] * counts[-1] >= sums[-1] * counts[-2] or starts[-2] == starts[-1]):
            starts.pop()
            last_sum, last_count = sums.pop(), counts.pop()
            sums[-1] += last_sum
            counts[-1] += last_count
    return np.array(starts), np.array([total / count for total, count in zip(sums, counts, strict=True)])


def band_thresholds(
    steps: tuple[FloatArray, FloatArray], bands: tuple[tuple[str, float], ...]
) -> tuple[tuple[str, float], ...]:
    """Bands moved to where the isotonic steps reach the share that each band promises; unreached ones stay."""
    starts, shares = steps
    moved: list[tuple[str, float]] = []
    highest = 1.0
    for name, promised in bands:
        reached = np.flatnonzero(shares >= promised)
        threshold = float(starts[reached[0]]) if len(reached) else promised
        highest = min(highest, round(threshold, 4))
        moved.append((name, highest))
    return tuple(moved)


def reliability(probabilities: FloatArray, fits: FloatArray) -> list[Bin]:
    """The calibration curve in tenths; empty tenths are left out."""
    which = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    found = []
    for number in range(BINS):
        inside = which == number
        if inside.any():
            said, share = float(probabilities[inside].mean()), float(fits[inside].mean())
            found.append(Bin(number / BINS, (number + 1) / BINS, int(inside.sum()), said, share))
    return found


def calibration_error(probabilities: FloatArray, fits: FloatArray) -> float:
    """The mean distance of said and found over the tenths, weighed by how many are in each."""
    bins = reliability(probabilities, fits)
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.said - one.found) for one in bins) / total if total else 0.0
