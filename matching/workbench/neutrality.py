"""Figures for the neutrality officer: who is shown how often, what went against the engine, who kept out."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.enums import Partnership, ProviderKind
from catalog.models import Solution
from matching.enums import Origin
from matching.models import Decision, Match
from matching.states import INTRODUCED
from matching.workbench.models import Override, Recusal
from portal.common.geography import region_name, subregion_of

WITHIN = timedelta(days=365)
SAMPLE = 12
# Decisions by people that the sample is drawn from.
SAMPLED = ("offer", "reject", "shortlist", "withdraw_offer", "reconsider")


@dataclass(frozen=True, slots=True)
class Line:
    """One group of providers: solutions listed, lists that show them, matches offered and introduced, and shares."""

    label: str
    solutions: int
    shown: int
    offered: int
    introduced: int
    share_listed: float = 0
    share_offered: float = 0

    @property
    def tilt(self) -> float:
        """How often the group is offered against its share of the catalogue: 1 is even."""
        return self.share_offered / self.share_listed if self.share_listed else 0


def exposure(by: str) -> list[Line]:
    """``by`` size, region or partnership."""
    column, name = _WAYS[by]
    listed = _counted(
        Solution.objects.listed(), column, solutions=Count("pk"), shown=Coalesce(Sum("exposure__lists"), 0)
    )
    since = timezone.now() - WITHIN
    handled = _counted(
        Match.objects.filter(decisions__at__gte=since, decisions__move="offer"),
        f"solution__{column}",
        offered=Count("pk", distinct=True),
        introduced=Count("pk", distinct=True, filter=Q(state__in=INTRODUCED)),
    )
    groups = _folded(by, listed, handled)
    solutions, offered = sum(row[0] for row in groups.values()), sum(row[2] for row in groups.values())
    lines = [
        Line(name(code), *row, row[0] / solutions if solutions else 0, row[2] / offered if offered else 0)
        for code, row in groups.items()
    ]
    return sorted(lines, key=lambda line: (-line.solutions, line.label))


def _counted(rows: QuerySet, column: str, **counts: Any) -> dict[str, dict[str, int]]:
    # Two steps: with expressions alone, modeltranslation's values() adds every column, and each row is its own group.
    found = rows.order_by().annotate(group=F(column)).values("group").annotate(**counts)
    return {row["group"] or "": row for row in found}


def _folded(by: str, listed: dict[str, Any], handled: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    groups: dict[str, tuple[int, int, int, int]] = {}
    for code in {**listed, **handled}:
        group = (subregion_of(code) or "") if by == "region" else code
        first, second = listed.get(code, {}), handled.get(code, {})
        values = (
            first.get("solutions", 0), first.get("shown", 0), second.get("offered", 0), second.get("introduced", 0)
        )  # fmt: skip
        before = groups.get(group, (0, 0, 0, 0))
        groups[group] = tuple(a + b for a, b in zip(before, values, strict=True))  # type: ignore[assignment]
    return groups


def _label_of(choices: Iterable[tuple[str, Any]], none: str) -> Callable[[str], str]:
    labels = dict(choices)
    return lambda code: str(labels.get(code, _(none)))


def _region(code: str) -> str:
    return region_name(code, get_language() or "en") if code else _("Not known")


_WAYS: dict[str, tuple[str, Callable[[str], str]]] = {
    "size": ("provider__kind", _label_of(ProviderKind.choices, "Not known")),
    "region": ("provider__organisation__country", _region),
    "partnership": ("provider__partnership", lambda code: str(Partnership(code).label) if code else _("No partner")),
}


def overrides() -> QuerySet:
    rows: QuerySet = Override.objects.select_related("by")
    return rows


def by_hand() -> QuerySet:
    """Matches that moderators put together although the engine did not suggest them, with their reason."""
    rows: QuerySet = Match.objects.filter(origin=Origin.MODERATOR).with_records().order_by("-created_at")
    return rows


def recusals() -> QuerySet:
    rows: QuerySet = Recusal.objects.select_related("user")
    return rows


def sample(seed: str, *, until: date) -> list[Decision]:
    """Decisions of the last year drawn by lot. The same seed and day draw the same, so that a finding can be shown."""
    rows = Decision.objects.filter(move__in=SAMPLED, by__isnull=False, at__date__lte=until, at__date__gt=until - WITHIN)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(f"{seed}/{until}").sample(keys, min(SAMPLE, len(keys)))  # noqa: S311  (a lot, no secret)
    found = Decision.objects.filter(pk__in=chosen).select_related(
        "by", "match__demand", "match__solution__provider__organisation"
    )
    return sorted(found, key=lambda one: chosen.index(one.pk))
