"""Everything that decides a score and is not a fact of the pair: weights, curves, ramps, thresholds.

A configuration is immutable, versioned and hashed; its id is stored with every result, so that any match can be
replayed. The public ranking policy is generated from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching.engine.profiles import GRADES

ENGINE_VERSION: Final = "1.2"

FloatColumn = npt.NDArray[np.float64]

COMPONENTS: Final[tuple[str, ...]] = (
    "meaning",
    "wording",
    "concepts",
    "subject",
    "focus",
    "geography",
    "budget",
    "scale",
    "timing",
    "nice_to_haves",
    "evidence",
    "efficient",
    "resilient",
    "sustainable",
    "business_model",
)
# What rests on a reading of the texts by the portal itself: it may lift a pair, never lower it.
LIFTING: Final[frozenset[str]] = frozenset({"concepts", "subject"})


@dataclass(frozen=True, slots=True)
class Curve:
    """A piecewise-linear function that never falls, flat outside its points. Raises ValueError if it would fall."""

    x: tuple[float, ...]
    y: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y) or not self.x:
            raise ValueError("a curve needs as many x as y, and at least one")
        if any(b <= a for a, b in zip(self.x, self.x[1:], strict=False)):
            raise ValueError(f"a curve's x must grow: {self.x}")
        if any(b < a for a, b in zip(self.y, self.y[1:], strict=False)):
            raise ValueError(f"a curve's y must not fall: {self.y}")
        if self.y[0] < 0 or self.y[-1] > 1:
            raise ValueError(f"a curve's y must lie in [0, 1]: {self.y}")

    def __call__(self, values: FloatColumn | float) -> FloatColumn:
        """The curve at each value; NaN stays NaN."""
        return np.asarray(np.interp(values, self.x, self.y), np.float64)


STRAIGHT: Final = Curve((0.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Rule:
    """How one component counts: logit = weight × (curve(value) − neutral), and 0 where the value is unknown.

    `neutral` is the curve's value that stands for not knowing: a known value above it lifts, one below it lowers.
    """

    weight: float
    neutral: float
    curve: Curve = STRAIGHT

    def __post_init__(self) -> None:
        if self.weight < 0 or not 0 <= self.neutral <= 1:
            raise ValueError(f"weight must not be negative, neutral must lie in [0, 1]: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringConfig:
    """A complete, replayable configuration of the score. Defaults are the expert weights, `EXPERT`."""

    version: str
    base_logit: float
    rules: Mapping[str, Rule]
    # Cosine → meaning, by encoder family (its id up to the first hyphen); "" for any other. Cosines of different
    # encoders are not on one scale, and none is a percentage.
    cosine_curves: Mapping[str, Curve]
    sentence_share: float = 0.5
    bands: tuple[tuple[str, float], ...] = (("strong", 0.75), ("good", 0.50), ("possible", 0.30))
    # Closeness of topics: the same; the area alone is known; another topic of the same area.
    focus_exact: float = 1.0
    focus_parent: float = 0.7
    focus_sibling: float = 0.5
    # The concepts by which a text says how it is to be paid, and what it counts that both name the same one.
    payment_concepts: tuple[str, ...] = ("paid_later",)
    payment_share: float = 0.2
    # What the probable subject counts for the same focus area alone; the rest for the same topic.
    subject_area_share: float = 0.5
    geography_country_reference: float = 1.0
    geography_region_reference: float = 0.8
    geography_served: float = 0.6
    geography_worldwide: float = 0.5
    # The factor by which a figure may be off before its component reaches 0.
    budget_ramp: float = 4.0
    scale_ramp: float = 10.0
    timing_ramp: float = 3.0
    days_per_month: float = 30.4375
    grade_values: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(GRADES, (0.4, 0.65, 0.85, 1.0), strict=True))
    )
    reference_credit: Mapping[str, float] = field(
        default_factory=lambda: {"scaled": 1.0, "pilot": 0.7, "replaced": 0.3, "stopped": 0.0}
    )
    # Likeness of a reference's city to the demand's, by what is known of both.
    likeness_weights: Mapping[str, float] = field(
        default_factory=lambda: {"population": 0.3, "koppen": 0.25, "income_group": 0.25, "subregion": 0.2}
    )
    likeness_unknown: float = 0.5
    # Successes and failures a solution without references is credited with (Beta prior).
    evidence_prior: tuple[float, float] = (1.0, 1.0)
    income_order: tuple[str, ...] = ("low", "lower_middle", "upper_middle", "high")

    def __post_init__(self) -> None:
        if set(self.rules) != set(COMPONENTS):
            raise ValueError(f"rules must name every component once: {sorted(set(self.rules) ^ set(COMPONENTS))}")
        thresholds = [threshold for _, threshold in self.bands]
        if thresholds != sorted(thresholds, reverse=True):
            raise ValueError("bands must be ordered from the best")

    @property
    def id(self) -> str:
        """Version and twelve hex digits that change with any figure of the configuration."""
        canonical = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return f"{self.version}-{hashlib.sha256(canonical.encode()).hexdigest()[:12]}"

    def cosine_curve(self, space: str) -> Curve:
        """The calibration of cosines of that vector space."""
        family = space.partition("-")[0]
        return self.cosine_curves.get(family, self.cosine_curves[""])

    def band(self, probability: float) -> str:
        """The word for a probability: "strong", "good", "possible" or "weak"."""
        return next((name for name, threshold in self.bands if probability >= threshold), "weak")

    def to_json(self) -> dict[str, Any]:
        """The configuration as plain JSON types; `from_json` takes it back."""
        content: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> ScoringConfig:
        """The configuration `to_json` wrote. Raises TypeError or ValueError for anything else."""
        fields = dict(content)
        fields["rules"] = {
            name: Rule(rule["weight"], rule["neutral"], _curve(rule["curve"]))
            for name, rule in content["rules"].items()
        }
        fields["cosine_curves"] = {family: _curve(curve) for family, curve in content["cosine_curves"].items()}
        fields["bands"] = tuple((name, threshold) for name, threshold in content["bands"])
        fields["evidence_prior"] = tuple(content["evidence_prior"])
        fields["income_order"] = tuple(content["income_order"])
        fields["payment_concepts"] = tuple(content["payment_concepts"])
        return cls(**fields)


def _curve(content: Mapping[str, Any]) -> Curve:
    return Curve(tuple(content["x"]), tuple(content["y"]))


# Of two texts on unrelated subjects the cosine is about 0.1, of a need and its right answer 0.2 to 0.6; the slope is
# steepest where right and wrong answers meet. 0.3 is worth as much as not knowing.
_MODEL_COSINES: Final = Curve((0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.8), (0.0, 0.08, 0.25, 0.5, 0.72, 0.86, 1.0))

EXPERT: Final = ScoringConfig(
    version="expert-3",
    base_logit=-1.0,
    rules={
        "meaning": Rule(6.0, 0.5),
        # A third of all words in common is as good as it gets; a tenth is what any two texts on one subject share.
        "wording": Rule(1.0, 0.25, Curve((0.0, 0.35), (0.0, 1.0))),
        "concepts": Rule(3.0, 0.0),
        "subject": Rule(2.0, 0.0),
        "focus": Rule(1.6, 0.5),
        "geography": Rule(0.6, 0.5),
        "budget": Rule(1.2, 0.6),
        "scale": Rule(0.6, 0.6),
        "timing": Rule(0.5, 0.6),
        "nice_to_haves": Rule(0.7, 0.5),
        "evidence": Rule(2.0, 0.5),
        "efficient": Rule(0.3, 0.3),
        "resilient": Rule(0.3, 0.3),
        "sustainable": Rule(0.3, 0.3),
        "business_model": Rule(0.5, 0.6),
    },
    cosine_curves={
        "bundled": _MODEL_COSINES,
        "light": _MODEL_COSINES,
        "fake": Curve((0.3, 0.9), (0.0, 1.0)),
        "": STRAIGHT,
    },
)
