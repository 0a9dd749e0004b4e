"""Is it better? Each demand is judged by weights that never saw it; the difference gets an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.learning.calibration import Bin, calibration_error, platt, reliability, sigmoid
from matching.learning.fitting import fit, pairs
from matching.learning.judgements import FITS, FloatArray, IntArray, Labels

FOLDS: Final = 5
RESAMPLES: Final = 2000
SEED: Final = 20_261_122  # the same judgements give the same interval
# "Not worse": with 97.5 % confidence the loss in nDCG is smaller than this.
MARGIN: Final = 0.01


@dataclass(frozen=True, slots=True)
class Paired:
    """A measure of the old and the new weights; the interval holds new − old in 95 % of the resamples."""

    old: float
    new: float
    low: float
    high: float
    demands: int

    @property
    def difference(self) -> float:
        return self.new - self.old

    @property
    def is_not_worse(self) -> bool:
        return self.demands > 0 and self.low > -MARGIN


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both on held-out demands. accuracy: share of pairs in the right order. Errors and curve of the probabilities."""

    ndcg: Paired
    accuracy: tuple[float, float]
    calibration_error: tuple[float, float]
    curve: list[Bin]


def compare(labels: Labels, base: float, weights: FloatArray) -> Comparison:
    """Cross-validated by demand: the weights in force (`base`, `weights`) against those fitted around them."""
    old = base + labels.features @ weights
    new, calibrated = np.empty_like(old), np.empty_like(old)
    fold_of = _folds(labels.demands)
    for fold in range(FOLDS):
        held, seen = fold_of == fold, labels.of(fold_of != fold)
        learned = fit(seen, weights).weights if len(seen) else weights
        logits = base + labels.features @ learned
        new[held] = logits[held]
        slope, shift = platt(logits[fold_of != fold], _fits(seen)) if len(seen) else (1.0, 0.0)
        calibrated[held] = slope * logits[held] + shift
    fits = _fits(labels)
    return Comparison(
        _paired(ndcg_by_demand(labels, old), ndcg_by_demand(labels, new)),
        (_accuracy(labels, old), _accuracy(labels, new)),
        (calibration_error(sigmoid(old), fits), calibration_error(sigmoid(calibrated), fits)),
        reliability(sigmoid(calibrated), fits),
    )


def _fits(labels: Labels) -> FloatArray:
    return (labels.grades >= FITS).astype(np.float64)


def _folds(demands: IntArray) -> IntArray:
    """Demands dealt out in the order of their numbers: neighbours in time land in different folds."""
    _, place = np.unique(demands, return_inverse=True)
    return np.asarray(place % FOLDS, np.int64)


def ndcg_by_demand(labels: Labels, scores: FloatArray) -> FloatArray:
    """nDCG of each demand with judgements of different grades, over what was judged, gain 2^grade − 1.

    Pairs with one score share the gain of the places they take together, so that no order is better by chance.
    """
    found = []
    for demand in np.unique(labels.demands):
        rows = labels.demands == demand
        gains = 2.0 ** labels.grades[rows] - 1
        if gains.min() < gains.max():
            found.append(_ndcg(gains, scores[rows]))
    return np.array(found)


def _ndcg(gains: FloatArray, scores: FloatArray) -> float:
    discount = 1 / np.log2(np.arange(2, len(gains) + 2))
    _, tie = np.unique(-scores, return_inverse=True)
    shared = np.bincount(tie, gains) / np.bincount(tie)
    return float((shared[np.sort(tie)] * discount).sum() / (np.sort(gains)[::-1] * discount).sum())


def _accuracy(labels: Labels, scores: FloatArray) -> float:
    """Weighed as in the fit; one score for both counts half."""
    found = pairs(Labels(scores[:, None], labels.grades, labels.demands, labels.positions))
    if not len(found.weights):
        return 0.0
    difference = found.differences[:, 0]
    right = (difference > 0) + 0.5 * (difference == 0)
    return float((right * found.weights).sum() / found.weights.sum())


def _paired(old: FloatArray, new: FloatArray) -> Paired:
    """Demands are drawn again with both their figures: the difference inside a demand is what is uncertain."""
    if not len(old):
        return Paired(0.0, 0.0, 0.0, 0.0, 0)
    difference = new - old
    drawn = np.random.default_rng(SEED).integers(0, len(old), (RESAMPLES, len(old)))
    low, high = np.percentile(difference[drawn].mean(axis=1), [2.5, 97.5])
    return Paired(float(old.mean()), float(new.mean()), float(low), float(high), len(old))
