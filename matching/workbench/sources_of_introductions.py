"""What waits of introductions: answers to release, and follow-ups in which the two sides contradict each other."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from matching.introductions.models import FollowUp, Question
from matching.queue import Kind, Waiting, due_on, waits


def _questions() -> QuerySet:
    rows: QuerySet = Question.objects.select_related("demand__city", "demand__organisation")
    return rows


def _of_question(question: Question) -> frozenset[int]:
    return _without_none(question.demand.organisation_id, question.organisation_id)


def _without_none(*bodies: int | None) -> frozenset[int]:
    return frozenset(body for body in bodies if body is not None)


@waits(Kind.QUESTION, _questions, "introductions:question-detail", concerned=_of_question)
def questions(now: datetime) -> Iterator[Waiting]:
    """Answered by the city; every invited provider reads the answer once it is released."""
    rows = Question.objects.to_release().values_list(
        "pk", "public_id", "answered_at", "language", "demand__country", "demand__focus_area__code",
        "demand__organisation_id", "organisation_id",
    )  # fmt: skip
    for pk, public_id, since, language, country, area, city, asker in rows:
        yield Waiting(
            Kind.QUESTION,
            pk,
            public_id,
            since,
            due=due_on("question", since),
            language=language,
            country=country,
            area=area or "",
            parties=_without_none(city, asker),
        )


def _follow_ups() -> QuerySet:
    rows: QuerySet = FollowUp.objects.select_related(
        "introduction__match__demand", "introduction__match__solution__provider"
    )
    return rows


def _of_follow_up(follow_up: FollowUp) -> frozenset[int]:
    match = follow_up.introduction.match
    return _without_none(match.demand.organisation_id, match.solution.provider.organisation_id)


@waits(Kind.FOLLOW_UP, _follow_ups, "introductions:follow-up-detail", concerned=_of_follow_up, lookup="pk")
def follow_ups(now: datetime) -> Iterator[Waiting]:
    found = "introduction__match__"
    rows = FollowUp.objects.in_conflict().values_list(
        "pk", "updated_at", f"{found}demand__original_language", f"{found}demand__country",
        f"{found}demand__focus_area__code", f"{found}demand__organisation_id",
        f"{found}solution__provider__organisation_id",
    )  # fmt: skip
    for pk, since, language, country, area, city, provider in rows:
        yield Waiting(
            Kind.FOLLOW_UP,
            pk,
            str(pk),
            since,
            due=due_on("follow_up", since),
            language=language,
            country=country,
            area=area or "",
            parties=_without_none(city, provider),
        )
