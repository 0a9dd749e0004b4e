"""Keeping the vectors of public records where the nearest are found."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q

from catalog.models import Solution
from cities.models import Demand
from matching import spaces
from matching.vectors import assembled, read_vectors, wording_of_demand, wording_of_solution
from portal.searches.meaning import MEANINGS, widened
from portal.searches.models import WIDTH, Meaning

AT_ONCE = 100


@transaction.atomic
def learn_meanings(*, subject: str, after: int = 0) -> int | None:
    """Keep the vectors of up to ``AT_ONCE`` public records that are new or changed; nothing is encoded here.

    Returns the key of the last one looked at, None when there is nothing more to learn for now.
    """
    space, model = spaces.current_id(), MEANINGS[subject]
    records: list[Any] = list(_owed(subject, space).filter(pk__gt=after).order_by("pk")[:AT_ONCE])
    wording_of: Any = wording_of_demand if subject == "demands" else wording_of_solution
    wordings = {record.pk: wording_of(record) for record in records}
    vectors = read_vectors(wordings.values(), space)
    rows: list[Meaning] = []
    for record in records:
        encoded = assembled(wordings[record.pk], vectors)
        if encoded is not None and len(encoded.vector) <= WIDTH:
            kept = {"space": space, "version": record.version, "vector": widened(encoded.vector)}
            rows.append(model(record=record, **kept))
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["record"], update_fields=["space", "version", "vector"]
    )
    return records[-1].pk if rows and len(records) == AT_ONCE else None


def _owed(subject: str, space: str) -> Any:
    public: Any = Demand.objects.public() if subject == "demands" else Solution.objects.listed()
    return public.filter(Q(meaning=None) | ~Q(meaning__space=space) | ~Q(meaning__version=F("version")))
