"""The records that decisions, reports and complaints name by kind and reference, and whom they concern."""

from collections.abc import Iterable, Mapping
from typing import Any

from catalog.models import Solution
from cities.models import Demand
from matching.complaints.subjects import SUBJECTS, Concern
from matching.models import Match
from portal.accounts.models import Organisation

Key = tuple[str, str]
# Kind → (model, paths to the organisations concerned, path to a country)
WHERE: Mapping[str, tuple[Any, tuple[str, ...], str]] = {
    "organisation": (Organisation, ("pk",), "country"),
    "demand": (Demand, ("organisation_id",), "country"),
    "solution": (Solution, ("provider__organisation_id",), "provider__organisation__country"),
    "match": (Match, ("demand__organisation_id", "solution__provider__organisation_id"), "demand__country"),
}


def record_of(kind: str, item: str) -> Any:
    """The record, with what its title and its parties need; None where there is none."""
    if kind in SUBJECTS:
        return SUBJECTS[kind].record_of(item)
    return _rows(kind).filter(public_id=item).first() if kind in WHERE else None


def _rows(kind: str) -> Any:
    rows = WHERE[kind][0].objects.all()
    if kind == "match":
        return rows.with_records()
    if kind == "solution":
        return rows.select_related("provider__organisation")
    return rows.select_related("organisation", "city", "focus_area") if kind == "demand" else rows


def records_named(keys: Iterable[Key]) -> dict[Key, Any]:
    """Many records at once, in a query a kind."""
    return {
        (kind, record.public_id): record
        for kind, items in _grouped(keys).items()
        for record in _rows(kind).filter(public_id__in=items)
    }


def _grouped(keys: Iterable[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, item in keys:
        if kind in WHERE:
            found.setdefault(kind, []).append(item)
    return found


def parties_of(keys: Iterable[Key]) -> dict[Key, frozenset[int]]:
    """The organisations concerned, for many records at once."""
    found: dict[Key, frozenset[int]] = {}
    for kind, items in _grouped(keys).items():
        model, paths, _country = WHERE[kind]
        for item, *bodies in model.objects.filter(public_id__in=items).values_list("public_id", *paths):
            found[kind, item] = frozenset(body for body in bodies if body is not None)
    return found


def countries_of(keys: Iterable[Key]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for kind, items in _grouped(keys).items():
        model, _paths, country = WHERE[kind]
        for item, code in model.objects.filter(public_id__in=items).values_list("public_id", country):
            found[kind, item] = code
    return found


def concerned_by(kind: str, item: str) -> frozenset[int]:
    """The organisations concerned by one record that is known by name only."""
    return parties_of([(kind, item)]).get((kind, item), frozenset())


def parties_of_record(kind: str, record: Any) -> frozenset[int]:
    """The organisations concerned by one record that is at hand."""
    if kind in SUBJECTS:
        return frozenset({SUBJECTS[kind].owner_of(record)})
    bodies = {
        "organisation": lambda: [record.pk],
        "demand": lambda: [record.organisation_id],
        "solution": lambda: [record.provider.organisation_id],
        "match": lambda: [record.demand.organisation_id, record.solution.provider.organisation_id],
    }[kind]()
    return frozenset(body for body in bodies if body is not None)


def concern_of(kind: str, item: str) -> Concern:
    """Who may not examine a complaint about the record; nobody where it is gone."""
    record = record_of(kind, item)
    if record is None:
        return Concern()
    people = SUBJECTS[kind].involved(record) if kind in SUBJECTS else frozenset()
    return Concern(parties_of_record(kind, record), people)
