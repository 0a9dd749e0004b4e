"""What waits of introductions: answers to release, and follow-ups in which the two sides contradict each other."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from matching.introductions.models import FollowUp, Question
from matching.queue import Kind, Waiting, due_on, waits
from matching.workbench.light_rows import light_rows

DEMAND, PROVIDER = "introduction__match__demand__", "introduction__match__solution__provider__organisation_id"


def _questions() -> QuerySet:
    rows: QuerySet = Question.objects.select_related("demand__city", "demand__organisation")
    return rows


def _answered() -> QuerySet:
    rows: QuerySet = Question.objects.to_release()
    return rows.values(
        "pk", "public_id", "answered_at", "language", "demand__country", "demand__focus_area__code",
        "demand__organisation_id", "organisation_id",
    )  # fmt: skip


def _of_question(question: Question) -> frozenset[int]:
    return _without_none(question.demand.organisation_id, question.organisation_id)


def _without_none(*bodies: int | None) -> frozenset[int]:
    return frozenset(body for body in bodies if body is not None)


@waits(Kind.QUESTION, _questions, "introductions:question-detail", concerned=_of_question)
def questions(now: datetime) -> Iterator[Waiting]:
    """Answered by the city; every invited provider reads the answer once it is released."""
    for row in light_rows(_answered):
        yield Waiting(
            Kind.QUESTION,
            row["pk"],
            row["public_id"],
            row["answered_at"],
            due=due_on("question", row["answered_at"]),
            language=row["language"],
            country=row["demand__country"],
            area=row["demand__focus_area__code"] or "",
            parties=_without_none(row["demand__organisation_id"], row["organisation_id"]),
        )


def _follow_ups() -> QuerySet:
    rows: QuerySet = FollowUp.objects.select_related(
        "introduction__match__demand", "introduction__match__solution__provider"
    )
    return rows


def _in_conflict() -> QuerySet:
    rows: QuerySet = FollowUp.objects.in_conflict()
    of_demand = ("original_language", "country", "focus_area__code", "organisation_id")
    return rows.values("pk", "updated_at", *(f"{DEMAND}{name}" for name in of_demand), PROVIDER)


def _of_follow_up(follow_up: FollowUp) -> frozenset[int]:
    match = follow_up.introduction.match
    return _without_none(match.demand.organisation_id, match.solution.provider.organisation_id)


@waits(Kind.FOLLOW_UP, _follow_ups, "introductions:follow-up-detail", concerned=_of_follow_up, lookup="pk")
def follow_ups(now: datetime) -> Iterator[Waiting]:
    for row in light_rows(_in_conflict):
        yield Waiting(
            Kind.FOLLOW_UP,
            row["pk"],
            str(row["pk"]),
            row["updated_at"],
            due=due_on("follow_up", row["updated_at"]),
            language=row[f"{DEMAND}original_language"],
            country=row[f"{DEMAND}country"],
            area=row[f"{DEMAND}focus_area__code"] or "",
            parties=_without_none(row[f"{DEMAND}organisation_id"], row[PROVIDER]),
        )
