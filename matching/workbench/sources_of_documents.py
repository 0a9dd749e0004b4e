"""Documents of a pack that nobody gets before a moderator has looked at them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from matching.introductions.models import Document
from matching.queue import Kind, Waiting, due_on, waits


def _held() -> QuerySet:
    rows: QuerySet = Document.objects.select_related("demand__city", "demand__organisation")
    return rows


def _of_document(document: Document) -> frozenset[int]:
    body = document.demand.organisation_id if document.demand else None
    return frozenset() if body is None else frozenset({body})


@waits(Kind.DOCUMENT, _held, "introductions:document-review", concerned=_of_document)
def documents(now: datetime) -> Iterator[Waiting]:
    rows = Document.objects.held().values_list(
        "pk", "public_id", "created_at", "demand__original_language", "demand__country", "demand__focus_area__code",
        "demand__organisation_id",
    )  # fmt: skip
    for pk, public_id, since, language, country, area, city in rows:
        yield Waiting(
            Kind.DOCUMENT,
            pk,
            public_id,
            since,
            due=due_on("document", since),
            language=language,
            country=country,
            area=area or "",
            parties=frozenset() if city is None else frozenset({city}),
        )
