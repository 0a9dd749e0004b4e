"""What waits of introductions: answers to release, and follow-ups in which the two sides contradict each other."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from matching.introductions.models import FollowUp, Question
from matching.waiting import About, DueDays, Facts, Kind, Waiting, parties, waits
from matching.workbench.light_rows import arriving, light_rows

DEMAND, PROVIDER = "introduction__match__demand", "introduction__match__solution__provider__organisation_id"


def _questions() -> QuerySet:
    rows: QuerySet = Question.objects.select_related("demand__city", "demand__organisation")
    return rows


def _answered(zone: str) -> QuerySet:
    return arriving(Question.objects.to_release(), F("answered_at"), zone).values(
        "pk", "public_id", "since", "day", "language", "demand__country", "demand__focus_area__code",
        "demand__organisation_id", "organisation_id",
    )  # fmt: skip


def _of_question(question: Question) -> frozenset[int]:
    return parties(question.demand.organisation_id, question.organisation_id)


@waits(Kind.QUESTION, _questions, "introductions:question-detail", concerned=_of_question)
def questions(now: datetime) -> Iterator[Waiting]:
    """Answered by the city; every invited provider reads the answer once it is released."""
    rows, due = light_rows(_answered, settings.OFFICE_TIME_ZONE), DueDays("question")
    about = About(
        lambda: {row.pk: _of_row(row, "demand", row.language) for row in rows},
        lambda: {row.pk: (row.demand__organisation_id, row.organisation_id) for row in rows},
    )
    for row in rows:
        yield Waiting(Kind.QUESTION, row.pk, row.public_id, row.since, about, due[row.day])


def _of_row(row: Any, demand: str, language: str) -> Facts:
    return Facts(language, getattr(row, f"{demand}__country"), getattr(row, f"{demand}__focus_area__code") or "")


def _follow_ups() -> QuerySet:
    rows: QuerySet = FollowUp.objects.select_related(
        "introduction__match__demand", "introduction__match__solution__provider"
    )
    return rows


def _in_conflict(zone: str) -> QuerySet:
    of_demand = ("original_language", "country", "focus_area__code", "organisation_id")
    return arriving(FollowUp.objects.in_conflict(), F("updated_at"), zone).values(
        "pk", "since", "day", *(f"{DEMAND}__{name}" for name in of_demand), PROVIDER
    )


def _of_follow_up(follow_up: FollowUp) -> frozenset[int]:
    match = follow_up.introduction.match
    return parties(match.demand.organisation_id, match.solution.provider.organisation_id)


@waits(Kind.FOLLOW_UP, _follow_ups, "introductions:follow-up-detail", concerned=_of_follow_up, lookup="pk")
def follow_ups(now: datetime) -> Iterator[Waiting]:
    rows, due = light_rows(_in_conflict, settings.OFFICE_TIME_ZONE), DueDays("follow_up")
    about = About(
        lambda: {row.pk: _of_row(row, DEMAND, getattr(row, f"{DEMAND}__original_language")) for row in rows},
        lambda: {row.pk: (getattr(row, f"{DEMAND}__organisation_id"), getattr(row, PROVIDER)) for row in rows},
    )
    for row in rows:
        yield Waiting(Kind.FOLLOW_UP, row.pk, str(row.pk), row.since, about, due[row.day])
