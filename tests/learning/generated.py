"""Judgements of an imagined office whose true weights are known."""

import numpy as np

from matching.learning.judgements import Labels

# An expert's weights with the neutral values, as they might be; not those of the engine, which change with releases.
NAMES = ("meaning", "wording", "focus", "region", "budget", "scale", "timing", "wishes", "evidence", "claims", "model")
PRIOR = np.array([6.0, 1.0, 1.6, 0.6, 1.2, 0.6, 0.5, 0.7, 2.0, 0.3, 0.5])
NEUTRAL = np.array([0.5, 0.25, 0.5, 0.5, 0.6, 0.6, 0.6, 0.5, 0.5, 0.3, 0.6])
# What the office really goes by: up to three times or a third of what the expert thinks.
TRUTH = PRIOR * np.exp(np.random.default_rng(12).normal(0, 0.6, len(PRIOR)))


def generated(seed, judgements, *, per_demand=5, truth=None, noise=1.0, position=0.0):
    """Labels of `judgements` pairs, graded 0 to 4 by the true weights with noise, and by the place shown."""
    random = np.random.default_rng(seed)
    truth = PRIOR if truth is None else truth
    count = judgements
    values = random.random((count, len(PRIOR)))
    features = np.where(random.random(values.shape) < 0.3, 0.0, values - NEUTRAL)
    demands = np.arange(count) // per_demand
    places = 1 + np.arange(count) % per_demand
    logit = features @ truth - position * np.log(places) + random.logistic(0, noise, count)
    grades = np.digitize(logit, [-1.0, 0.0, 1.0, 2.5])
    return Labels(features, grades.astype(np.int64), demands.astype(np.int64), places.astype(np.float64))
