"""Everything that waits for a moderator, as one list: by deadline, then risk, then age.

The list holds light rows (no texts), because it is made anew for every page of the queue and for every step from one
item to the next; what a page shows is fetched for its twenty rows alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, Max, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Solution
from cities.models import Demand
from cities.rules import review_due
from matching.enums import MatchState
from matching.models import Match
from portal.accounts.models import Organisation, User
from portal.common.geography import expand_regions

# An introduction in which nobody wrote or recorded anything for so long needs a word from the moderator.
SILENT_AFTER = timedelta(days=30)
# A project of this size, in whatever currency, deserves the earlier look among demands of one day.
LARGE_BUDGET = 10_000_000
UNDECIDED_MUST_HAVES = ("must_haves.unknown", "certificates.unknown")
WAITING_STATES = (MatchState.SUGGESTED, MatchState.IN_REVIEW, MatchState.SHORTLISTED, MatchState.RECUSED)


class Kind(TextChoices):
    ORGANISATION = "organisation", pgettext_lazy("queue", "Organisations")
    DEMAND = "demand", pgettext_lazy("queue", "Demands")
    SOLUTION = "solution", pgettext_lazy("queue", "Solutions")
    MATCH = "match", pgettext_lazy("queue", "Matches")
    OVERDUE = "overdue", pgettext_lazy("queue", "Overdue")

    @property
    def task(self) -> Any:
        """What one item of the kind asks of the moderator."""
        return TASKS[self.value]

    @property
    def risk(self) -> Any:
        return RISKS[self.value]


TASKS = {
    "organisation": _("Verify organisation"),
    "demand": _("Review demand"),
    "solution": _("Review solution"),
    "match": _("Decide on match"),
    "overdue": _("Follow up"),
}
# Why an item of the kind deserves the closer look.
RISKS = {
    "organisation": _("No register entry, no website"),
    "demand": _("Large budget"),
    "solution": _("Proof without a link"),
    "match": _("Must-haves not known"),
    "overdue": "",
}
ROUTES = {
    "organisation": "matching:organisation-review",
    "demand": "matching:demand-review",
    "solution": "matching:solution-review",
    "match": "matching:match-review",
    "overdue": "matching:match-review",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One item. ``risk`` 1 or 2; ``parties`` are the organisations whose members may not decide on it."""

    kind: Kind
    pk: int
    public_id: str
    since: datetime
    due: date | None = None
    risk: int = 1
    language: str = ""
    country: str = ""
    area: str = ""
    parties: frozenset[int] = frozenset()
    worth: float = 0.0

    @property
    def order(self) -> tuple[Any, ...]:
        """Deadline, risk, age; among suggestions of one moment the best first."""
        return (self.due or date.max, -self.risk, self.since, -self.worth, self.pk)

    @property
    def url(self) -> str:
        return reverse(ROUTES[self.kind], args=[self.public_id])


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters of the queue; empty means all."""

    kind: str = ""
    language: str = ""
    place: str = ""
    focus: str = ""

    def admits(self, item: Waiting, *, kinds: bool = True) -> bool:
        return (
            (not kinds or self.kind in ("", item.kind))
            and self.language in ("", item.language)
            and self.focus in ("", item.area)
            and (not self.place or item.country in expand_regions([self.place]))
        )


@dataclass(frozen=True, slots=True)
class Queue:
    """The items that pass the filters, in order, and how many of each kind pass them."""

    items: list[Waiting]
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def place_of(self, kind: str, public_id: str) -> int | None:
        """Index of an item, which is None for one that no longer waits. A match may wait under two kinds."""
        kinds = {kind, Kind.OVERDUE} if kind == Kind.MATCH else {kind}
        found = (i for i, item in enumerate(self.items) if item.public_id == public_id and item.kind in kinds)
        return next(found, None)


def queue_for(user: User, chosen: Chosen = Chosen(), *, now: datetime | None = None) -> Queue:
    """What waits, for a moderator. What they are tied to is left out: another moderator has it in their queue."""
    now = now or timezone.now()
    everything = [item for source in SOURCES for item in source(now)]
    mine = [item for item in everything if not item.parties & user.organisation_ids]
    counts = Counter(str(item.kind) for item in mine if chosen.admits(item, kinds=False))
    items = sorted((item for item in mine if chosen.admits(item)), key=lambda item: item.order)
    return Queue(items, {kind: counts[kind] for kind in Kind.values})


def _organisations(now: datetime) -> Iterator[Waiting]:
    """Without a register entry or a website there is little to check against: a risk."""
    rows = Organisation.objects.pending().values_list(
        "pk", "public_id", "created_at", "country", "website", "registry_number"
    )
    for pk, public_id, since, country, website, number in rows:
        yield Waiting(
            Kind.ORGANISATION,
            pk,
            public_id,
            since,
            due=review_due(since.date()),
            country=country,
            risk=1 if website or number else 2,
            parties=frozenset({pk}),
        )


def _demands(now: datetime) -> Iterator[Waiting]:
    rows = Demand.objects.waiting_for_review().values_list(
        "pk",
        "public_id",
        "submitted_at",
        "created_at",
        "original_language",
        "country",
        "focus_area__code",
        "budget_max",
        "organisation_id",
    )
    for pk, public_id, submitted, created, language, country, area, budget, organisation in rows:
        since = submitted or created
        yield Waiting(
            Kind.DEMAND,
            pk,
            public_id,
            since,
            due=review_due(since.date()),
            language=language,
            country=country,
            area=area or "",
            risk=2 if budget and budget >= LARGE_BUDGET else 1,
            parties=_only(organisation),
        )


def _solutions(now: datetime) -> Iterator[Waiting]:
    """Claims said to be verified without a link to the proof are a risk."""
    unproven = Q(claims__grade="third_party_verified", claims__evidence_url="")
    rows = (
        Solution.objects.waiting_for_review()
        .annotate(risk=Max(Case(When(unproven, then=Value(2)), default=Value(1), output_field=IntegerField())))
        .values_list(
            "pk",
            "public_id",
            "submitted_at",
            "created_at",
            "original_language",
            "provider__organisation__country",
            "focus_area__code",
            "risk",
            "provider__organisation_id",
        )
    )
    for pk, public_id, submitted, created, language, country, area, risk, organisation in rows:
        since = submitted or created
        yield Waiting(
            Kind.SOLUTION,
            pk,
            public_id,
            since,
            due=review_due(since.date()),
            language=language,
            country=country,
            area=area or "",
            risk=risk,
            parties=_only(organisation),
        )


def _matches(now: datetime) -> Iterator[Waiting]:
    """Suggestions have no deadline; one whose must-haves cannot be told asks for a closer look."""
    unsure = Q()
    for code in UNDECIDED_MUST_HAVES:
        unsure |= Q(result__unknowns__contains=[code])
    rows = Match.objects.filter(state__in=WAITING_STATES).annotate(
        risk=Case(When(unsure, then=Value(2)), default=Value(1), output_field=IntegerField())
    )
    yield from _of_matches(rows, Kind.MATCH, F("state_since"))


def _overdue(now: datetime) -> Iterator[Waiting]:
    """Answers that did not come in time, and introductions that fell silent."""
    late = Match.objects.filter(
        state__in=(MatchState.OFFERED, MatchState.INVITED), respond_by__lt=timezone.localdate(now)
    ).annotate(risk=Value(1), due=F("respond_by"))
    yield from _of_matches(late, Kind.OVERDUE, F("state_since"))
    silent = (
        Match.objects.filter(state__in=(MatchState.INTRODUCED, MatchState.DIALOGUE))
        .annotate(last=Greatest("state_since", Coalesce(Max("introduction__messages__at"), "state_since")))
        .filter(last__lt=now - SILENT_AFTER)
        .annotate(risk=Value(1))
    )
    yield from _of_matches(silent, Kind.OVERDUE, F("last"))


def _of_matches(matches: QuerySet, kind: Kind, since: F) -> Iterator[Waiting]:
    rows = matches.annotate(since=since).values(
        "pk",
        "public_id",
        "since",
        "respond_by",
        "risk",
        "probability",
        "demand__original_language",
        "demand__country",
        "demand__focus_area__code",
        "demand__organisation_id",
        "solution__provider__organisation_id",
    )
    for row in rows:
        silence_ended = (row["since"] + SILENT_AFTER).date()
        yield Waiting(
            kind,
            row["pk"],
            row["public_id"],
            row["since"],
            risk=row["risk"],
            worth=row["probability"],
            due=(row["respond_by"] or silence_ended) if kind == Kind.OVERDUE else None,
            language=row["demand__original_language"],
            country=row["demand__country"],
            area=row["demand__focus_area__code"] or "",
            parties=_only(row["demand__organisation_id"]) | _only(row["solution__provider__organisation_id"]),
        )


def _only(organisation_id: int | None) -> frozenset[int]:
    return frozenset() if organisation_id is None else frozenset({organisation_id})


SOURCES = (_organisations, _demands, _solutions, _matches, _overdue)


def fetch(items: Iterable[Waiting]) -> list[tuple[Waiting, Any]]:
    """Each item with its record, as lists show it: an organisation, demand, solution or match."""
    wanted: dict[str, list[int]] = {}
    items = list(items)
    for item in items:
        wanted.setdefault(item.kind, []).append(item.pk)
    found = {kind: records_of(kind).in_bulk(pks) for kind, pks in wanted.items()}
    # A record decided and removed since the list was made has no row to show.
    return [(item, found[item.kind][item.pk]) for item in items if item.pk in found[item.kind]]


def records_of(kind: str) -> QuerySet:
    return {
        "organisation": Organisation.objects.select_related("public_body__city", "provider"),
        "demand": Demand.objects.for_list(),
        "solution": Solution.objects.for_list(),
        "match": Match.objects.with_records(),
        "overdue": Match.objects.with_records(),
    }[kind]
