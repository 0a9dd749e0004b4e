"""Figures for the neutrality officer: who is shown how often, what went against the engine, who kept out."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.enums import Partnership, ProviderKind
from matching.enums import Origin
from matching.exposures import grouped, listed
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


def exposures() -> dict[str, list[Line]]:
    """By size, region and partnership. Counted once for all three, by what tells providers apart."""
    since = timezone.now() - WITHIN
    handled = grouped(
        Match.objects.filter(decisions__at__gte=since, decisions__move="offer"),
        "solution__provider",
        offered=Count("pk", distinct=True),
        introduced=Count("pk", distinct=True, filter=Q(state__in=INTRODUCED)),
    )
    rows = [*listed(), *handled]
    return {by: _lines(rows, code_of, label) for by, (code_of, label) in _WAYS.items()}


def _lines(
    rows: list[dict[str, Any]], code_of: Callable[[dict[str, Any]], str], label: Callable[[str], str]
) -> list[Line]:
    """``label`` puts what ``code_of`` groups the rows by in words: once a group, for there are a thousand rows."""
    groups: dict[str, dict[str, int]] = {}
    for row in rows:
        sums = groups.setdefault(code_of(row), dict.fromkeys(("solutions", "shown", "offered", "introduced"), 0))
        for name in sums:
            sums[name] += row.get(name, 0)
    solutions, offered = (sum(sums[name] for sums in groups.values()) for name in ("solutions", "offered"))
    lines = [
        Line(
            label(code), **sums,
            share_listed=sums["solutions"] / solutions if solutions else 0,
            share_offered=sums["offered"] / offered if offered else 0,
        )
        for code, sums in groups.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line.solutions, line.label))


def _size(code: str) -> str:
    return str(dict(ProviderKind.choices).get(code, _("Not known")))


def _region(code: str) -> str:
    return region_name(code, get_language() or "en") if code else _("Not known")


def _partnership(code: str) -> str:
    return str(Partnership(code).label) if code else _("No partner")


_WAYS: dict[str, tuple[Callable[[dict[str, Any]], str], Callable[[str], str]]] = {
    "size": (itemgetter("size"), _size),
    "region": (lambda row: (row["country"] and subregion_of(row["country"])) or "", _region),
    "partnership": (itemgetter("partner"), _partnership),
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
