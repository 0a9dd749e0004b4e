"""A city's own list of projects as drafts: its file read row by row, looked at by its people, then taken.

The same reading as of public sources (columns by their names in seven languages, numbers and dates as people write
them), but the place is the city's, the rows become drafts of its organisation, and nothing is published.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from catalog.imports import focus_records
from cities.actions import TRANSLATED
from cities.imports import LISTS, PLAIN, ImportedDemand
from cities.models import Demand
from portal.accounts.models import Organisation
from portal.imports.checking import Checked, Draft
from portal.imports.demands import Demands
from portal.imports.detection import UnreadableFile
from portal.imports.fields import DEMAND
from portal.imports.files import Row, Table, read_file
from portal.imports.mapping import ColumnMapping, Spec, as_text, by_names, completed
from portal.imports.reading import Reader

MOST_BYTES = 2 << 20
MOST_ROWS = 200
MOST_CHARACTERS = 400_000
OWN_LIST = "own_list"
# What a source says of itself, where it is, and what only the portal sets.
NOT_WRITTEN = frozenset(
    {
        "title", "source", "source_id", "source_url", "source_licence", "country", "geonames_id", "body_name",
        "published_on", "expires_on", "more_focus_areas", "topics", "focus_area", "language", "languages",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looked:
    """One row: what becomes of it. ``twin`` is a demand of the same title that the organisation has already."""

    number: int
    title: str
    errors: tuple[str, ...]
    notes: tuple[str, ...]
    record: ImportedDemand | None
    twin: Demand | None

    @property
    def is_good(self) -> bool:
        return self.record is not None


class OwnDemands(Demands):
    """Rows of a list that a city keeps itself: they are about this city, whatever they say."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__()
        self.city = organisation.public_body.city

    def _settle_place(self, draft: Draft) -> None:
        draft.values.pop("city")
        draft.values["geonames_id"], draft.values["country"] = self.city.geonames_id, self.city.country


def rows_of(file: UploadedFile) -> list[dict[str, str]]:
    """Header → cell of every row, as texts, to be kept until they are taken. Raises UnreadableFile."""
    if file.size is None or file.size > MOST_BYTES:
        raise UnreadableFile(_("The file is larger than %(size)s MB. Split it into several.") % {"size": 2})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{Path(file.name or '').suffix.lower()[:6]}"
        path.write_bytes(file.read())
        table = read_file(path)
    _check_size(table)
    return [{"": row.error} if row.error else {key: as_text(v) for key, v in row.values.items()} for row in table.rows]


def _check_size(table: Table) -> None:
    if not table.rows:
        raise UnreadableFile(_("The file has no rows below its header."))
    if len(table.rows) > MOST_ROWS:
        raise UnreadableFile(_("The file has more than %(most)s rows. Split it.") % {"most": MOST_ROWS})
    if sum(len(as_text(value)) for row in table.rows for value in row.values.values()) > MOST_CHARACTERS:
        raise UnreadableFile(_("The texts of this file are too long for one list. Split it."))
    if "title" not in by_names(table.headers, DEMAND).base.columns:
        found = ", ".join(header[:40] for header in table.headers[:12])
        message = _("There is no column for the title. Name one of these “title”: %(found)s.")
        raise UnreadableFile(message % {"found": found})


def look(rows: Iterable[Mapping[str, str]], *, organisation: Organisation, language: str) -> list[Looked]:
    """Every row, read and checked; nothing is written."""
    rows = list(rows)
    subject = OwnDemands(organisation)
    mapping = _mapping(rows, language)
    known = {str(demand).casefold(): demand for demand in Demand.objects.filter(organisation=organisation)}
    found = []
    for number, values in enumerate(rows, start=2):
        checked = _checked(subject, mapping, Row(number, values, values.get("", "")))
        twin = known.get(checked.title.casefold())
        found.append(Looked(number, checked.title, checked.errors, checked.notes, checked.record, twin))
    return found


def _mapping(rows: list[Mapping[str, str]], language: str) -> ColumnMapping:
    headers = dict.fromkeys(header for row in rows for header in row if header)
    named = by_names(headers, DEMAND)
    own = {"source": Spec(const=OWN_LIST), "language": Spec(const=language)}
    return completed(named, own)


def _checked(subject: OwnDemands, mapping: ColumnMapping, row: Row) -> Checked:
    if row.error:
        return Checked("", "", errors=(row.error,))
    return subject.check(Reader(mapping.apply(row.values), subject.vocabulary), "missing")


def changes_of(row: ImportedDemand) -> dict[str, Any]:
    """What a draft says beyond its title, as edit_demand takes it."""
    names = {field.name for field in fields(row)} & {*TRANSLATED, *PLAIN, *LISTS} - NOT_WRITTEN
    plain = {name: getattr(row, name) for name in names}
    stated = {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
    return {**{name: value for name, value in stated.items() if value not in ("", None, [])}, **focus_records(row)}
