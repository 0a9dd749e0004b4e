"""Judgements of an imagined office whose true weights are known."""

import numpy as np

from matching.engine import COMPONENTS, EXPERT
from matching.learning.judgements import Labels

PRIOR = np.array([EXPERT.rules[component].weight for component in COMPONENTS])


def generated(seed, judgements, *, per_demand=5, truth=None, noise=1.0, position=0.0):
    """Labels of `judgements` pairs, graded 0 to 4 by the true weights with noise, and by the place shown."""
    random = np.random.default_rng(seed)
    truth = PRIOR if truth is None else truth
    count = judgements
    values = random.random((count, len(COMPONENTS)))
    neutral = np.array([EXPERT.rules[component].neutral for component in COMPONENTS])
    features = np.where(random.random(values.shape) < 0.3, 0.0, values - neutral)
    demands = np.arange(count) // per_demand
    places = 1 + np.arange(count) % per_demand
    logit = features @ truth - position * np.log(places) + random.logistic(0, noise, count)
    grades = np.digitize(logit, [-1.0, 0.0, 1.0, 2.5])
    return Labels(features, grades.astype(np.int64), demands.astype(np.int64), places.astype(np.float64))
