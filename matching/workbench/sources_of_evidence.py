"""Listed solutions with documents or confirmations that nobody has judged."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models.functions import Coalesce

from catalog.confirmations.to_check import solutions_to_check
from catalog.models import Solution
from matching.queue import Kind, Waiting, due_on, waits


@waits(
    Kind.EVIDENCE, Solution.objects.for_list, "confirmations:evidence-check",
    concerned=lambda solution: frozenset({solution.provider.organisation_id}),
)  # fmt: skip
def evidence(now: datetime) -> Iterator[Waiting]:
    rows = solutions_to_check().values_list(
        "pk", "public_id", Coalesce("listed_at", "created_at"), "original_language", "provider__organisation__country",
        "focus_area__code", "provider__organisation_id",
    )  # fmt: skip
    for pk, public_id, since, language, country, area, provider in rows:
        yield Waiting(
            Kind.EVIDENCE,
            pk,
            public_id,
            since,
            due=due_on("evidence", since),
            language=language,
            country=country,
            area=area or "",
            parties=frozenset({provider}),
        )
