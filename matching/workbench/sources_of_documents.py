"""Documents of a pack that nobody gets before a moderator has looked at them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from matching.introductions.models import Document
from matching.waiting import About, DueDays, Facts, Kind, Waiting, parties, waits
from matching.workbench.light_rows import arriving, light_rows


def _held() -> QuerySet:
    rows: QuerySet = Document.objects.select_related("demand__city", "demand__organisation")
    return rows


def _of_document(document: Document) -> frozenset[int]:
    return parties(document.demand.organisation_id if document.demand else None)


def _waiting(zone: str) -> QuerySet:
    return arriving(Document.objects.held(), F("created_at"), zone).values(
        "pk", "public_id", "since", "day", "demand__original_language", "demand__country", "demand__focus_area__code",
        "demand__organisation_id",
    )  # fmt: skip


@waits(Kind.DOCUMENT, _held, "introductions:document-review", concerned=_of_document)
def documents(now: datetime) -> Iterator[Waiting]:
    rows, due = light_rows(_waiting, settings.OFFICE_TIME_ZONE), DueDays("document")
    about = About(
        lambda: {row.pk: _facts(row) for row in rows}, lambda: {row.pk: (row.demand__organisation_id,) for row in rows}
    )
    for row in rows:
        yield Waiting(Kind.DOCUMENT, row.pk, row.public_id, row.since, about, due[row.day])


def _facts(row: Any) -> Facts:
    return Facts(row.demand__original_language, row.demand__country, row.demand__focus_area__code or "")
