"""A configuration of the score as arrays, and how far a compiled score may stand from the exact one."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine import COMPONENTS, DIMENSIONS, GRADES, Curve, ScoringConfig, Vocabulary
from matching.engine.evidence import _POPULATION_DECADES, _income, _koppen
from matching.machine.codebook import Codebook
from matching.machine.offers import STATUSES

Column = npt.NDArray[Any]

# The components that the compiled loop scores, in the order of its constants. One that it does not know yet is given
# its whole range as uncertainty: lists stay exact, they only cost more.
SCORED: Final = (
    *("meaning", "wording", "focus", "geography", "budget", "scale", "timing"),
    *("nice_to_haves", "evidence", "business_model", *DIMENSIONS, "concepts", "subject"),
)
# The rounding of a component's value (logarithms in single precision, six decimals) and of a kept score.
_ROUNDING: Final = 3e-6
_UNIT: Final = 2.0**-24


class Rules(NamedTuple):
    """weight, neutral: per component of SCORED. curve_*: (components, points), padded with the last point.

    slack: the uncertainty of a compiled score, in logit, each way; an exact score lies within it.
    """

    base: float
    weight: Column
    neutral: Column
    curve_x: Column
    curve_y: Column
    cosine_x: Column
    cosine_y: Column
    sentence_share: float
    focus: Column
    geography: Column
    budget_width: float
    scale_width: float
    timing_width: float
    days_per_month_log: float
    grades: Column
    credits: Column
    likeness: Column
    likeness_unknown: float
    population_decades: float
    prior_won: float
    prior_lost: float
    koppen: Column
    income: Column
    payment: Column
    payment_share: float
    topic_area: Column
    subject_area_share: float
    floor: float
    slack: float


def rules(config: ScoringConfig, codes: Codebook, vocabulary: Vocabulary, space: str, dim: int) -> Rules:
    """The configuration for vectors of one space and length. `codes` must know every code of the columns scored."""
    curves = [config.rules[name].curve for name in SCORED]
    curve_x, curve_y = _padded(curves)
    cosine_x, cosine_y = _padded([config.cosine_curve(space)])
    floor = dict(config.bands)["possible"]
    middle, unknown = _unscored(config)
    return Rules(
        base=config.base_logit + middle,
        weight=_fixed([config.rules[name].weight for name in SCORED]),
        neutral=_fixed([config.rules[name].neutral for name in SCORED]),
        curve_x=curve_x,
        curve_y=curve_y,
        cosine_x=cosine_x,
        cosine_y=cosine_y,
        sentence_share=config.sentence_share,
        focus=_fixed([config.focus_exact, config.focus_parent, config.focus_sibling]),
        geography=_fixed(
            [
                config.geography_country_reference,
                config.geography_region_reference,
                config.geography_served,
                config.geography_worldwide,
            ]
        ),
        budget_width=math.log(config.budget_ramp),
        scale_width=math.log(config.scale_ramp),
        timing_width=math.log(config.timing_ramp),
        days_per_month_log=math.log(config.days_per_month),
        grades=_fixed([config.grade_values[grade] for grade in GRADES]),
        credits=_fixed([config.reference_credit[status] for status in STATUSES]),
        likeness=_fixed([config.likeness_weights.get(fact, 0.0) for fact in _FACTS]),
        likeness_unknown=config.likeness_unknown,
        population_decades=_POPULATION_DECADES,
        prior_won=config.evidence_prior[0],
        prior_lost=config.evidence_prior[1],
        koppen=_table(codes.koppen, _koppen),
        income=_table(codes.incomes, _income(config.income_order)),
        payment=_fixed([float(code in config.payment_concepts) for code in codes.concepts] + [0.0]),
        payment_share=config.payment_share,
        topic_area=_areas(codes, vocabulary),
        subject_area_share=config.subject_area_share,
        floor=math.log(floor / (1 - floor)),
        slack=_rounding(config) + unknown + _cosine_slack(config, space, dim),
    )


_FACTS: Final = ("population", "koppen", "income_group", "subregion")


def _unscored(config: ScoringConfig) -> tuple[float, float]:
    """The middle of what the components that the loop does not know can add, and how far they reach from there."""
    low = high = 0.0
    for name in set(COMPONENTS) - set(SCORED):
        rule = config.rules[name]
        low += min(0.0, rule.weight * (rule.curve.y[0] - rule.neutral))
        high += max(0.0, rule.weight * (rule.curve.y[-1] - rule.neutral))
    return (low + high) / 2, (high - low) / 2


def _rounding(config: ScoringConfig) -> float:
    return _ROUNDING + _ROUNDING * sum(rule.weight * max(1.0, _steepest(rule.curve)) for rule in config.rules.values())


def _cosine_slack(config: ScoringConfig, space: str, dim: int) -> float:
    """Two sums of `dim` products in single precision, in any order, differ by at most 2·dim·2⁻²⁴ for unit vectors."""
    return 2 * dim * _UNIT * cosine_slope(config, space)


def cosine_slope(config: ScoringConfig, space: str) -> float:
    """By how much the logit may change with a cosine, at most."""
    rule = config.rules["meaning"]
    return rule.weight * _steepest(rule.curve) * _steepest(config.cosine_curve(space))


def _steepest(curve: Curve) -> float:
    return float(np.max(np.diff(curve.y) / np.diff(curve.x))) if len(curve.x) > 1 else 0.0


def _padded(curves: list[Curve]) -> tuple[Column, Column]:
    width = max(len(curve.x) for curve in curves)
    rows = [(curve.x + (curve.x[-1],) * (width - len(curve.x)), curve.y) for curve in curves]
    return _fixed([x for x, _ in rows]), _fixed([y + (y[-1],) * (width - len(y)) for _, y in rows])


def _table(codes: Any, alike: Any) -> Column:
    """`alike` between every two codes, the row being the demand's."""
    known = list(codes)
    return _fixed([[alike(one, other) for other in known] for one in known] or [[0.0]])


def _areas(codes: Codebook, vocabulary: Vocabulary) -> Column:
    """The number of each topic's area, -1 for a topic that has none; one more than there are, so that none is empty."""
    found = np.array([codes.areas.number(vocabulary.topic_area.get(topic)) for topic in codes.topics] + [-1], np.int16)
    found.flags.writeable = False
    return found


def _fixed(values: Any) -> Column:
    """float64, read-only as mapped columns are, so that one compiled version serves both."""
    column = np.array(values, np.float64)
    column.flags.writeable = False
    return column
