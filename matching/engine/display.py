"""A probability as a whole number of points out of 100, and the parts that add up to it exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence


def sigmoid(logit: float) -> float:
    """The logistic function, without overflow at either end."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    grown = math.exp(logit)
    return grown / (1 + grown)


def displayed_score(probability: float) -> int:
    """Points out of 100, halves rounded up."""
    return math.floor(100 * probability + 0.5)


def apportion(base_logit: float, contributions: Sequence[float], logit: float) -> tuple[int, list[int]]:
    """Whole points of the base and of every contribution; together exactly the displayed score of `logit`.

    The base gets 100·sigmoid(base). The rest of the score is shared out along the contributions: each gets its logit
    times the slope of the chord from base to score, (p − p₀)/(logit − base), which is between 0 and 1/4, so a part
    always has the sign of its contribution and never more than 25 points per unit of logit. Then largest remainders:
    all are rounded down and the points still missing go to the largest fractions, earlier components first among
    equals. A contribution of 0 gets 0 points.
    """
    start, end = sigmoid(base_logit), sigmoid(logit)
    # Below this distance the chord is the tangent, to more digits than the division would leave.
    near = abs(logit - base_logit) < 1e-6
    slope = start * (1 - start) if near else (end - start) / (logit - base_logit)
    exact = [100 * start, *(100 * slope * contribution for contribution in contributions)]
    whole = [math.floor(part) for part in exact]
    missing = displayed_score(end) - sum(whole)
    by_remainder = sorted(range(len(exact)), key=lambda i: (-(exact[i] - whole[i]), i))
    for position in by_remainder[:missing]:
        whole[position] += 1
    return whole[0], whole[1:]
