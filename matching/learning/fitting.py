"""Weights from judgements: pairwise logistic regression inside each demand, with a prior on the weights in force.

Of two pairs of one demand the one with the better grade should have the higher score. With few judgements the prior
decides, and the weights stay near those that experts chose; each judgement moves them a little. No weight is negative:
more of a good thing never lowers a score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.learning.judgements import FloatArray, Labels

# How far from its prior a weight is expected to lie: this share of it, and for small weights of at least LEAST.
SPREAD: Final = 0.5
LEAST: Final = 0.4
# What stands higher is looked at more: the logit a doubling of the place is expected to cost, and its spread.
POSITION_SPREAD: Final = 0.5
ROUNDS: Final = 200
EXACT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Pairs:
    """Better minus worse. differences (m, k); places (m,), log of worse place over better; weights (m,).

    The pairs of one demand weigh as much together as the demand has judgements beyond the first: one demand with
    forty judgements must not outvote forty demands.
    """

    differences: FloatArray
    places: FloatArray
    weights: FloatArray


@dataclass(frozen=True, slots=True)
class Fit:
    """weights (k,); position: what the logarithm of a place was worth to whoever judged, no part of the score."""

    weights: FloatArray
    position: float
    pairs: int


def pairs(labels: Labels) -> Pairs:
    """Every two judgements of one demand with different grades."""
    better: list[int] = []
    worse: list[int] = []
    weights: list[float] = []
    for demand in np.unique(labels.demands):
        rows = np.flatnonzero(labels.demands == demand)
        grades = labels.grades[rows]
        high, low = np.nonzero(grades[:, None] > grades[None, :])
        better += rows[high].tolist()
        worse += rows[low].tolist()
        weights += [(len(rows) - 1) / max(len(high), 1)] * len(high)
    places = np.log(labels.positions[worse]) - np.log(labels.positions[better])
    differences = labels.features[better] - labels.features[worse]
    return Pairs(differences.reshape(-1, labels.features.shape[1]), np.nan_to_num(places), np.array(weights))


def fit(labels: Labels, prior: FloatArray, *, spread: float = SPREAD) -> Fit:
    """The most probable weights given the judgements and the prior (k,). `spread` infinite leaves the prior out."""
    found = pairs(labels)
    design = np.column_stack([found.differences, found.places])
    centre = np.append(prior, 0.0)
    deviation = np.append(spread * np.maximum(prior, LEAST), spread / SPREAD * POSITION_SPREAD)
    # A trace of it stays in any case, so that the answer is one even where judgements leave a direction open.
    precision = np.maximum(1 / deviation**2, 1e-6)
    best = _minimise(design, found.weights, centre, precision)
    return Fit(best[:-1], float(best[-1]), len(found.weights))


def _minimise(design: FloatArray, weights: FloatArray, centre: FloatArray, precision: FloatArray) -> FloatArray:
    """Projected Newton steps (Bertsekas 1982) on a convex sum, down to where no step helps any more."""
    point = np.maximum(centre, 0.0)
    value = _loss(point, design, weights, centre, precision)
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(np.clip(design @ point, -500, 500)))
        gradient = precision * (point - centre) - design.T @ (weights * chance)
        free = (point > 0) | (gradient < 0)
        if np.abs(gradient[free]).max(initial=0) < EXACT:
            break
        inner = design[:, free]
        curvature = (inner * (weights * chance * (1 - chance))[:, None]).T @ inner + np.diag(precision[free])
        step = np.zeros_like(point)
        step[free] = np.linalg.solve(curvature, gradient[free])
        after = _descend(point, step, value, lambda p: _loss(p, design, weights, centre, precision))
        if after is None:
            break
        point, value = after
    return point


def _descend(
    point: FloatArray, step: FloatArray, value: float, loss: Callable[[FloatArray], float]
) -> tuple[FloatArray, float] | None:
    """The longest of halved steps, cut off at 0, that lowers the loss; None where none does."""
    for halving in range(40):
        tried = np.maximum(point - step / 2**halving, 0.0)
        worth = loss(tried)
        if worth < value:
            return tried, worth
    return None


def _loss(
    point: FloatArray, design: FloatArray, weights: FloatArray, centre: FloatArray, precision: FloatArray
) -> float:
    wrong = np.logaddexp(0, -(design @ point))
    return float((weights * wrong).sum() + 0.5 * (precision * (point - centre) ** 2).sum())
