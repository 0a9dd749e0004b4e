"""Listed solutions with documents or confirmations that nobody has judged."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from catalog.confirmations.to_check import solutions_to_check
from catalog.models import Solution
from matching.queue import Kind, Waiting, due_on, waits
from matching.workbench.light_rows import light_rows


def _unjudged() -> QuerySet:
    return solutions_to_check().values(
        "pk", "public_id", "listed_at", "created_at", "original_language", "provider__organisation__country",
        "focus_area__code", "provider__organisation_id",
    )  # fmt: skip


@waits(
    Kind.EVIDENCE, Solution.objects.for_list, "confirmations:evidence-check",
    concerned=lambda solution: frozenset({solution.provider.organisation_id}),
)  # fmt: skip
def evidence(now: datetime) -> Iterator[Waiting]:
    for row in light_rows(_unjudged):
        since = row["listed_at"] or row["created_at"]
        yield Waiting(
            Kind.EVIDENCE,
            row["pk"],
            row["public_id"],
            since,
            due=due_on("evidence", since),
            language=row["original_language"],
            country=row["provider__organisation__country"],
            area=row["focus_area__code"] or "",
            parties=frozenset({row["provider__organisation_id"]}),
        )
