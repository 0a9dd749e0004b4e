"""A profile's stored report as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import Solution
from cities.models import Demand
from matching.engine import COMPONENTS, EXPERT
from matching.learning.models import Judgement, ScoringProfile
from matching.sentences import COMPONENT_LABELS


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure before and after; ``old`` is None where there was nothing to compare with."""

    label: Any
    old: float | None
    new: float

    @property
    def change(self) -> float | None:
        return None if self.old is None else round(self.new - self.old, 4)


@dataclass(frozen=True, slots=True)
class Measure(Changed):
    """``low`` and ``high`` hold the difference with 95 % confidence, where it was drawn again."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Side:
    solution: Solution
    points: int


@dataclass(frozen=True, slots=True)
class Lists:
    """A demand with the first places under both profiles, place by place."""

    demand: Demand
    rows: list[tuple[Side | None, Side | None]]


def judged_count() -> int:
    """Pairs with at least one judgement."""
    return Judgement.objects.values("decision__match").distinct().count()


def weights(profile: ScoringProfile) -> list[Changed]:
    """The base and every component, beside those of the parent, or of the release for a profile without one."""
    content, before = profile.content, profile.parent.content if profile.parent else EXPERT.to_json()
    rows = [Changed(_("Starting logit"), before["base_logit"], content["base_logit"])]
    for component in COMPONENTS:
        rule, old = content["rules"].get(component), before["rules"].get(component)
        if rule:
            rows.append(Changed(COMPONENT_LABELS[component], old["weight"] if old else None, rule["weight"]))
    return rows


def measures(report: Mapping[str, Any]) -> list[Measure]:
    """Each with old and new on demands that the fit had not seen."""
    if not report.get("ndcg"):
        return []
    ndcg = report["ndcg"]
    return [
        Measure(_("Order of the judged (nDCG)"), ndcg["old"], ndcg["new"], ndcg["low"], ndcg["high"]),
        Measure(_("Pairs in the right order"), *report["accuracy"]),
        Measure(_("Calibration error"), *report["calibration_error"]),
    ]


def lists(report: Mapping[str, Any]) -> list[Lists]:
    """Records that are gone since are left out."""
    stored = report.get("lists", [])
    demands = Demand.objects.for_list().in_bulk([one["demand"] for one in stored])
    wanted = {pk for one in stored for side in ("old", "new") for pk, _points in one[side]}
    solutions = Solution.objects.for_list().in_bulk(wanted)

    def side(rows: list[Any]) -> list[Side]:
        return [Side(solutions[pk], points) for pk, points in rows if pk in solutions]

    return [
        Lists(demands[one["demand"]], list(zip_longest(side(one["old"]), side(one["new"]))))
        for one in stored
        if one["demand"] in demands
    ]
