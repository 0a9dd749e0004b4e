"""Making the vectors of words anew where records were indexed as an older version of the portal did it."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from catalog.models import ReferenceData, Solution
from catalog.writing_actions import refresh_search as index_solution
from cities.actions import refresh_search as index_demand
from cities.models import Demand
from portal.common.search import INDEXED_AS
from portal.searches.enums import Subject

AT_ONCE = 200  # records of one job: who edits one of them waits for moments
NAME = "search vectors"
INDEXED: dict[str, tuple[Any, str, Callable[[Any], None]]] = {
    Subject.DEMANDS: (Demand, "city", index_demand),
    Subject.SOLUTIONS: (Solution, "provider__organisation", index_solution),
}


def is_index_current() -> bool:
    """Whether all records are indexed as this version does it."""
    return ReferenceData.objects.filter(name=NAME, fingerprint=str(INDEXED_AS)).exists()


@transaction.atomic
def index_anew(*, subject: str, after: int = 0) -> int | None:
    """Bring up to ``AT_ONCE`` records up to date, drafts too. Returns the key of the last; None behind the last one."""
    model, named_by, refresh = INDEXED[subject]
    rows = (
        model.objects.select_related(named_by)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__gt=after)
        .order_by("pk")
    )
    records = list(rows[:AT_ONCE])
    for record in records:
        refresh(record)
    return records[-1].pk if records else None


def index_new_database(**_of_signal: Any) -> None:
    """After migrations: where there is no record yet, none is indexed as of old."""
    if not any(model.objects.exists() for model, _named_by, _refresh in INDEXED.values()):
        index_is_new()


def index_is_new() -> None:
    ReferenceData.objects.update_or_create(name=NAME, defaults={"fingerprint": str(INDEXED_AS)})
