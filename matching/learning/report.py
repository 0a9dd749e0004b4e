"""What a fit says about itself, as it is stored with the profile and shown to whoever decides on it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from matching.engine import COMPONENTS, Rule, ScoringConfig
from matching.learning.calibration import ISOTONIC_FROM, band_thresholds, isotonic, platt, sigmoid
from matching.learning.comparing import MARGIN, Comparison, compare
from matching.learning.fitting import Fit, fit
from matching.learning.judgements import FITS, Judged, Labels, labels

FEWEST: Final = 50
DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class Learned:
    config: ScoringConfig
    report: dict[str, Any]


def learn(rows: Sequence[Judged], active: ScoringConfig, version: str) -> Learned:
    """Weights fitted to the judgements around those in force, calibrated, and how they compare.

    Raises ValueError when there are fewer than FEWEST judgements.
    """
    if len(rows) < FEWEST:
        raise ValueError(f"{len(rows)} judgements, {FEWEST} are needed")
    seen = labels(list(rows), active)
    prior = np.array([active.rules[component].weight for component in COMPONENTS])
    found = fit(seen, prior)
    config = _calibrated(active, found, seen, version)
    comparison = compare(seen, active.base_logit, prior)
    return Learned(config, _report(seen, active, config, found, comparison))


def _calibrated(active: ScoringConfig, found: Fit, seen: Labels, version: str) -> ScoringConfig:
    """Slope and shift become part of weights and base, so that contributions still add up to the score."""
    logits = active.base_logit + seen.features @ found.weights
    fits = (seen.grades >= FITS).astype(np.float64)
    slope, shift = platt(logits, fits)
    rules = {
        component: Rule(round(slope * float(weight), DECIMALS), active.rules[component].neutral,
                        active.rules[component].curve)
        for component, weight in zip(COMPONENTS, found.weights, strict=True)
    }  # fmt: skip
    base = round(slope * active.base_logit + shift, DECIMALS)
    config = replace(active, version=version, base_logit=base, rules=rules)
    if len(seen) < ISOTONIC_FROM:
        return config
    steps = isotonic(sigmoid(slope * logits + shift), fits)
    return replace(config, bands=band_thresholds(steps, config.bands))


def _report(
    seen: Labels, active: ScoringConfig, config: ScoringConfig, found: Fit, comparison: Comparison
) -> dict[str, Any]:
    return {
        "active": active.id,
        "judgements": len(seen),
        "demands": len(np.unique(seen.demands)),
        "pairs": found.pairs,
        "position": round(found.position, DECIMALS),
        "calibration": "platt" if len(seen) < ISOTONIC_FROM else "isotonic",
        "base": [active.base_logit, config.base_logit],
        "weights": [
            [component, active.rules[component].weight, config.rules[component].weight] for component in COMPONENTS
        ],
        "ndcg": asdict(comparison.ndcg),
        "accuracy": list(comparison.accuracy),
        "calibration_error": list(comparison.calibration_error),
        "curve": [asdict(one) for one in comparison.curve],
    }


def is_not_worse(report: Mapping[str, Any]) -> bool:
    """Whether the whole interval of the difference lies above −MARGIN, on at least one demand."""
    ndcg = report.get("ndcg") or {}
    return bool(ndcg.get("demands")) and ndcg["low"] > -MARGIN
