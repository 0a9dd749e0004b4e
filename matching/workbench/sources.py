"""What waits for a moderator, kind by kind. Each source reads light rows only."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching.complaints.models import Complaint, Flag
from matching.complaints.parties import concerned_by, countries_of, parties_of
from matching.enums import MatchState
from matching.models import UNSURE, Match
from matching.queue import SILENT_AFTER, Kind, Waiting, due_on, waits
from matching.workbench.light_rows import light_rows
from matching.workbench.models import Confirmation
from portal.accounts.models import Organisation

# A project of this size, in whatever currency, deserves the earlier look among demands of one day.
LARGE_BUDGET = 10_000_000
WAITING_STATES = (MatchState.SUGGESTED, MatchState.IN_REVIEW, MatchState.SHORTLISTED, MatchState.RECUSED)
RUNNING = (MatchState.INTRODUCED, MatchState.DIALOGUE)


def _those(*organisation_ids: int | None) -> frozenset[int]:
    return frozenset(key for key in organisation_ids if key is not None)


def _bodies() -> QuerySet:
    return Organisation.objects.select_related("public_body__city", "provider")


def _organisations() -> QuerySet:
    rows: QuerySet = Organisation.objects.pending()
    return rows.values("pk", "public_id", "created_at", "country", "website", "registry_number")


@waits(Kind.ORGANISATION, _bodies, "matching:organisation-review")
def organisations(now: datetime) -> Iterator[Waiting]:
    """Without a register entry or a website there is little to check against: a risk."""
    for row in light_rows(_organisations):
        yield Waiting(
            Kind.ORGANISATION,
            row["pk"],
            row["public_id"],
            row["created_at"],
            due=due_on("organisation", row["created_at"]),
            country=row["country"],
            risk=1 if row["website"] or row["registry_number"] else 2,
            parties=frozenset({row["pk"]}),
        )


def _demands() -> QuerySet:
    rows: QuerySet = Demand.objects.waiting_for_review()
    return rows.values(
        "pk", "public_id", "submitted_at", "created_at", "original_language", "country", "focus_area__code",
        "budget_max", "organisation_id",
    )  # fmt: skip


@waits(Kind.DEMAND, Demand.objects.for_list, "matching:demand-review")
def demands(now: datetime) -> Iterator[Waiting]:
    for row in light_rows(_demands):
        since, budget = row["submitted_at"] or row["created_at"], row["budget_max"]
        yield Waiting(
            Kind.DEMAND,
            row["pk"],
            row["public_id"],
            since,
            due=due_on("demand", since),
            language=row["original_language"],
            country=row["country"],
            area=row["focus_area__code"] or "",
            risk=2 if budget and budget >= LARGE_BUDGET else 1,
            parties=_those(row["organisation_id"]),
        )


def _solutions() -> QuerySet:
    """Claims said to be verified without a link to the proof are a risk."""
    unproven = Q(claims__grade="third_party_verified", claims__evidence_url="")
    rows: QuerySet = Solution.objects.waiting_for_review().annotate(
        risk=Max(Case(When(unproven, then=Value(2)), default=Value(1), output_field=IntegerField()))
    )
    return rows.values(
        "pk", "public_id", "submitted_at", "created_at", "original_language", "provider__organisation__country",
        "focus_area__code", "risk", "provider__organisation_id",
    )  # fmt: skip


@waits(Kind.SOLUTION, Solution.objects.for_list, "matching:solution-review")
def solutions(now: datetime) -> Iterator[Waiting]:
    for row in light_rows(_solutions):
        since = row["submitted_at"] or row["created_at"]
        yield Waiting(
            Kind.SOLUTION,
            row["pk"],
            row["public_id"],
            since,
            due=due_on("solution", since),
            language=row["original_language"],
            country=row["provider__organisation__country"],
            area=row["focus_area__code"] or "",
            risk=row["risk"],
            parties=_those(row["provider__organisation_id"]),
        )


def _matches() -> QuerySet:
    rows = Match.objects.filter(state__in=WAITING_STATES).annotate(risk=Value(1))
    return _light(rows, F("state_since"))


def _unsure() -> QuerySet:
    """Those whose must-haves cannot be told; from an index, because results are long."""
    return Match.objects.filter(UNSURE).values("pk")


@waits(Kind.MATCH, Match.objects.with_records, "matching:match-review")
def matches(now: datetime) -> Iterator[Waiting]:
    """One whose must-haves cannot be told asks for a closer look."""
    unsure = {row["pk"] for row in light_rows(_unsure)}
    for row in light_rows(_matches):
        yield _of_match(row | {"risk": 2} if row["pk"] in unsure else row, Kind.MATCH)


def _unanswered(day: date) -> QuerySet:
    late = Match.objects.filter(state__in=(MatchState.OFFERED, MatchState.INVITED), respond_by__lt=day)
    return _light(late.annotate(risk=Value(1)), F("state_since"))


def _silent(day: date) -> QuerySet:
    """Of those that run: a day more than what is late, so that the query is the same for a whole day."""
    known = (*RUNNING, MatchState.STALLED)
    last = Greatest("state_since", Coalesce(Max("introduction__messages__at"), "state_since"))
    running = Q(state__in=RUNNING, last__date__lte=day - SILENT_AFTER + timedelta(days=1))
    found = Match.objects.filter(state__in=known).annotate(last=last)
    return _light(found.filter(running | Q(state=MatchState.STALLED)).annotate(risk=Value(1)), F("last"))


@waits(Kind.OVERDUE, Match.objects.with_records, "matching:match-review")
def overdue(now: datetime) -> Iterator[Waiting]:
    """Answers that did not come in time, and introductions that fell silent or were found stalled."""
    for row in light_rows(_unanswered, timezone.localdate(now)):
        yield _of_match(row, Kind.OVERDUE)
    for row in light_rows(_silent, timezone.localdate(now)):
        if row["state"] == MatchState.STALLED or row["since"] < now - SILENT_AFTER:
            yield _of_match(row, Kind.OVERDUE)


def _light(matches: QuerySet, since: F) -> QuerySet:
    return matches.annotate(since=since).values(
        "pk", "public_id", "state", "since", "respond_by", "risk", "probability", "demand__original_language",
        "demand__country", "demand__focus_area__code", "demand__organisation_id",
        "solution__provider__organisation_id",
    )  # fmt: skip


def _of_match(row: dict[str, Any], kind: Kind) -> Waiting:
    return Waiting(
        kind,
        row["pk"],
        row["public_id"],
        row["since"],
        risk=row["risk"],
        worth=row["probability"],
        due=_late_since(row) if kind == Kind.OVERDUE else due_on("match", row["since"]),
        language=row["demand__original_language"],
        country=row["demand__country"],
        area=row["demand__focus_area__code"] or "",
        parties=_those(row["demand__organisation_id"], row["solution__provider__organisation_id"]),
    )


def _late_since(row: dict[str, Any]) -> date:
    silence = timedelta() if row["state"] == MatchState.STALLED else SILENT_AFTER
    day: date = row["respond_by"] or (row["since"] + silence).date()
    return day


def _asked() -> QuerySet:
    return Confirmation.objects.select_related("asked_by")


def _confirmations() -> QuerySet:
    return Confirmation.objects.filter(state="open").values(
        "pk", "public_id", "kind", "item", "asked_at", "asked_by_id"
    )


@waits(
    Kind.CONFIRM, _asked, "matching:confirmation-review", concerned=lambda row: concerned_by(row.kind, row.item)
)  # fmt: skip
def confirmations(now: datetime) -> Iterator[Waiting]:
    """Decisions that wait for a second moderator; whoever asked has them not in their queue."""
    rows = light_rows(_confirmations)
    parties = parties_of((row["kind"], row["item"]) for row in rows)
    for row in rows:
        yield Waiting(
            Kind.CONFIRM,
            row["pk"],
            row["public_id"],
            row["asked_at"],
            due=due_on("confirm", row["asked_at"]),
            parties=parties.get((row["kind"], row["item"]), frozenset()),
            without=frozenset({row["asked_by_id"]}),
        )


def _reports() -> QuerySet:
    return Flag.objects.select_related("by", "settled_by")


def _flags() -> QuerySet:
    rows: QuerySet = Flag.objects.waiting()
    return rows.values("pk", "public_id", "about", "item", "created_at", "by_id")


@waits(Kind.FLAG, _reports, "matching:flag-review", concerned=lambda row: concerned_by(row.about, row.item))
def flags(now: datetime) -> Iterator[Waiting]:
    rows = light_rows(_flags)
    keys = [(row["about"], row["item"]) for row in rows]
    parties, countries = parties_of(keys), countries_of(keys)
    for row, key in zip(rows, keys, strict=True):
        yield Waiting(
            Kind.FLAG,
            row["pk"],
            row["public_id"],
            row["created_at"],
            due=due_on("flag", row["created_at"]),
            country=countries.get(key, ""),
            parties=parties.get(key, frozenset()),
            without=frozenset({row["by_id"]}),
        )


def _complaints() -> QuerySet:
    rows: QuerySet = Complaint.objects.waiting().exclude(owner=None)
    return rows.values("pk", "public_id", "filed_at", "appealed_at", "due_on", "language", "owner_id")


@waits(Kind.COMPLAINT, Complaint.objects.all, "matching:complaint-detail", concerned=lambda row: frozenset())
def complaints(now: datetime) -> Iterator[Waiting]:
    """Each in the queue of its owner alone, who was chosen as somebody without a part in it."""
    for row in light_rows(_complaints):
        yield Waiting(
            Kind.COMPLAINT,
            row["pk"],
            row["public_id"],
            row["appealed_at"] or row["filed_at"],
            due=row["due_on"],
            language=row["language"],
            risk=2 if row["appealed_at"] else 1,
            only=frozenset({row["owner_id"]}),
        )
