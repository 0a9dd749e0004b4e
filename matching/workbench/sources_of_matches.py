"""Matches that wait for a moderator: for a decision, for a word where an answer or a dialogue is overdue."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, F, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from matching.enums import MatchState
from matching.models import UNSURE, Match
from matching.waiting import SILENT_AFTER, About, DueDays, Kind, Waiting, waits
from matching.workbench.light_rows import arriving, light_rows

TO_DECIDE = (MatchState.SUGGESTED, MatchState.IN_REVIEW, MatchState.SHORTLISTED, MatchState.RECUSED)
ASKED = (MatchState.OFFERED, MatchState.INVITED)
RUNNING = (MatchState.INTRODUCED, MatchState.DIALOGUE)
FOLLOWED = (*ASKED, *RUNNING, MatchState.STALLED)


def _undecided(zone: str) -> QuerySet:
    """Those whose must-haves cannot be told are a risk; told from an index, because results are long."""
    is_unsure = When(pk__in=Match.objects.filter(UNSURE).values("pk"), then=Value(2))
    risk = Case(is_unsure, default=Value(1), output_field=IntegerField())
    rows = arriving(Match.objects.filter(state__in=TO_DECIDE), F("state_since"), zone)
    return rows.annotate(risk=risk).values("pk", "public_id", "since", "day", "probability", "risk")


@waits(Kind.MATCH, Match.objects.with_records, "matching:match-review", rows=Match.objects.for_rows)
def matches(now: datetime) -> Iterator[Waiting]:
    """One whose must-haves cannot be told asks for a closer look."""
    due, about = DueDays("match"), _about(TO_DECIDE)
    for row in light_rows(_undecided, settings.OFFICE_TIME_ZONE):
        yield Waiting(
            Kind.MATCH, row.pk, row.public_id, row.since, about, due[row.day], row.risk, row.probability
        )  # fmt: skip


def _unanswered(day: date) -> QuerySet:
    late = Match.objects.filter(state__in=ASKED, respond_by__lt=day)
    return late.annotate(since=F("state_since")).values("pk", "public_id", "since", "respond_by", "probability")


def _silent(day: date) -> QuerySet:
    """Of those that run: a day more than what is late, so that the query is the same for a whole day."""
    last = Greatest("state_since", Coalesce(Max("introduction__messages__at"), "state_since"))
    running = Q(state__in=RUNNING, since__date__lte=day - SILENT_AFTER + timedelta(days=1))
    found = Match.objects.filter(state__in=(*RUNNING, MatchState.STALLED)).annotate(since=last)
    found = found.filter(running | Q(state=MatchState.STALLED))
    return found.values("pk", "public_id", "state", "since", "respond_by", "probability")


@waits(Kind.OVERDUE, Match.objects.with_records, "matching:match-review", rows=Match.objects.for_rows)
def overdue(now: datetime) -> Iterator[Waiting]:
    """Answers that did not come in time, and introductions that fell silent or were found stalled."""
    today, about = timezone.localdate(now), _about(FOLLOWED)
    for row in light_rows(_unanswered, today):
        yield _followed(row, about, row.respond_by)
    for row in light_rows(_silent, today):
        if row.state == MatchState.STALLED:
            yield _followed(row, about, row.respond_by or row.since.date())
        elif row.since < now - SILENT_AFTER:
            yield _followed(row, about, row.respond_by or (row.since + SILENT_AFTER).date())


def _followed(row: Any, about: About, due: date) -> Waiting:
    return Waiting(Kind.OVERDUE, row.pk, row.public_id, row.since, about, due, worth=row.probability)


def _about(states: tuple[str, ...]) -> About:
    """Of all matches in these states: filters ask of their demands, ties of both sides."""
    return About(
        lambda: {row.pk: row for row in light_rows(_facts, states)},
        lambda: {row.pk: (row.body, row.provider) for row in light_rows(_sides, states)},
    )


def _facts(states: tuple[str, ...]) -> QuerySet:
    return Match.objects.filter(state__in=states).values(
        "pk", language=F("demand__original_language"), country=F("demand__country"),
        area=Coalesce("demand__focus_area__code", Value("")),
    )  # fmt: skip


def _sides(states: tuple[str, ...]) -> QuerySet:
    return Match.objects.filter(state__in=states).values(
        "pk", body=F("demand__organisation_id"), provider=F("solution__provider__organisation_id")
    )
