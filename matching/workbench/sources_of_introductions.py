"""What waits of introductions: answers to release, and follow-ups in which the two sides contradict each other."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from matching.introductions.models import FollowUp, Question
from matching.queue import Kind, Waiting, due_on, waits


def _questions() -> QuerySet:
    rows: QuerySet = Question.objects.select_related("demand__city", "demand__organisation")
    return rows


@waits(Kind.QUESTION, _questions, "introductions:question-detail")
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
            parties=frozenset(body for body in (city, asker) if body is not None),
        )


def _follow_ups() -> QuerySet:
    rows: QuerySet = FollowUp.objects.select_related("introduction__match__demand", "introduction__match__solution")
    return rows


@waits(Kind.FOLLOW_UP, _follow_ups, "introductions:follow-up-detail")
def follow_ups(now: datetime) -> Iterator[Waiting]:
    found = "introduction__match__"
    rows = FollowUp.objects.in_conflict().values_list(
        "pk", f"{found}public_id", "updated_at", f"{found}demand__original_language", f"{found}demand__country",
        f"{found}demand__focus_area__code", f"{found}demand__organisation_id",
        f"{found}solution__provider__organisation_id",
    )  # fmt: skip
    for pk, public_id, since, language, country, area, city, provider in rows:
        yield Waiting(
            Kind.FOLLOW_UP,
            pk,
            public_id,
            since,
            due=due_on("follow_up", since),
            language=language,
            country=country,
            area=area or "",
            parties=frozenset(body for body in (city, provider) if body is not None),
            path=reverse("introductions:follow-up-detail", args=[pk]),
        )
