"""Listed solutions with documents or confirmations that nobody has judged."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from catalog.confirmations.to_check import solutions_to_check
from catalog.models import Solution
from matching.waiting import DueDays, Kind, Waiting, waits
from matching.workbench.light_rows import arriving, light_rows
from matching.workbench.sources import about_solutions, solution_rows


def _unjudged(zone: str) -> QuerySet:
    rows = arriving(solutions_to_check(), Coalesce("listed_at", "created_at"), zone)
    return rows.values("pk", "public_id", "since", "day")


@waits(
    Kind.EVIDENCE, Solution.objects.for_list, "confirmations:evidence-check", rows=solution_rows,
    concerned=lambda solution: frozenset({solution.provider.organisation_id}),
)  # fmt: skip
def evidence(now: datetime) -> Iterator[Waiting]:
    due, about = DueDays("evidence"), about_solutions(solutions_to_check)
    for row in light_rows(_unjudged, settings.OFFICE_TIME_ZONE):
        yield Waiting(Kind.EVIDENCE, row.pk, row.public_id, row.since, about, due[row.day])
