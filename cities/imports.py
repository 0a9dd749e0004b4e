"""The one road on which imported demands are written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from catalog.imports import FOCUS, focus_records, forget_texts_of_other_language, keeps_focus, provenance, published_at
from catalog.writing_actions import apply_changes
from cities.actions import MANY, TRANSLATED, refresh_search
from cities.enums import DemandState
from cities.models import City, Demand
from portal.audit.actions import record
from portal.common.sources import Imported, Outcome, source_hash
from portal.common.translated import column

PLAIN = (
    "source_url", "source_licence", "country", "body_name", "site", "people_served", "quantity", "scale_unit",
    "indicator", "indicator_baseline", "indicator_target", "stage", "budget_min", "budget_max", "currency",
    "budget_certainty", "finance_route", "procurement_route", "decision_on", "start_on", "operation_on", "expires_on",
)  # fmt: skip
LISTS = ("business_models", "languages")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDemand:
    """One demand as a source tells it, read and checked; the names are those of Demand, codes stand for records.

    ``geonames_id`` names a city of the reference data, None where it is not known.
    """

    source: str
    source_id: str
    source_url: str = ""
    source_licence: str = ""
    language: str
    title: str
    summary: str = ""
    problem: str = ""
    outcome: str = ""
    country: str
    geonames_id: int | None = None
    body_name: str = ""
    site: str = ""
    focus_area: str = ""
    more_focus_areas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    focus_guessed: bool = False
    people_served: int | None = None
    quantity: Decimal | None = None
    scale_unit: str = ""
    indicator: str = ""
    indicator_baseline: str = ""
    indicator_target: str = ""
    stage: str = ""
    budget_min: Decimal | None = None
    budget_max: Decimal | None = None
    currency: str = ""
    budget_certainty: str = ""
    finance_route: str = ""
    business_models: tuple[str, ...] = ()
    procurement_route: str = ""
    decision_on: date | None = None
    start_on: date | None = None
    operation_on: date | None = None
    languages: tuple[str, ...] = ()
    published_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def import_demand(*, by: str, row: ImportedDemand) -> Imported[Demand]:
    """Publish a demand of a public source, or bring it up to date. The same row twice changes nothing.

    It is known by (source, source_id). A state that people gave it stays; one that an organisation owns is theirs.
    Matching is left to the caller, who owes one job for the whole file.
    """
    digest = source_hash(row)
    known = Demand.objects.select_for_update(no_key=True).filter(source=row.source, source_id=row.source_id).first()
    if known is None:
        return Imported(_publish(by, row, digest), Outcome.NEW)
    if known.source_hash == digest:
        return Imported(known, Outcome.UNCHANGED)
    if known.organisation_id is not None:
        return Imported(known, Outcome.KEPT)
    return Imported(_update(by, known, row, digest), Outcome.UPDATED)


def _publish(by: str, row: ImportedDemand, digest: str) -> Demand:
    demand = Demand(
        source=row.source, source_id=row.source_id, source_hash=digest, original_language=row.language,
        state=DemandState.PUBLISHED, published_at=published_at(row.published_on),
    )  # fmt: skip
    changes = _changes(row)
    many = {name: changes.pop(name) for name in MANY}
    for name, value in changes.items():
        setattr(demand, column(name, row.language) if name in TRANSLATED else name, value)
    demand.translations = {name: {row.language: "original"} for name in TRANSLATED if changes[name]}
    demand.save(force_insert=True)
    for name, records in many.items():
        if records:
            getattr(demand, name).set(records)
    record(by=by, action="demand.import", subject=demand, after=provenance(row, digest))
    refresh_search(demand)
    return demand


def _update(by: str, demand: Demand, row: ImportedDemand, digest: str) -> Demand:
    forget_texts_of_other_language(demand, row.language, TRANSLATED)
    changes = _changes(row)
    if keeps_focus(demand, row):
        changes = {name: value for name, value in changes.items() if name not in FOCUS}
    before, after = apply_changes(demand, changes, TRANSLATED, MANY)
    demand.source_hash = digest
    demand.version += 1
    demand.save()
    record(
        by=by, action="demand.import_update", subject=demand, before=before, after={**after, **provenance(row, digest)}
    )
    refresh_search(demand)
    return demand


def _changes(row: ImportedDemand) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in (*TRANSLATED, *PLAIN)},
        **{name: list(getattr(row, name)) for name in LISTS},
        **focus_records(row),
        "city_id": _city(row.geonames_id),
    }


def _city(geonames_id: int | None) -> int | None:
    return City.objects.filter(geonames_id=geonames_id).values_list("pk", flat=True).first() if geonames_id else None
