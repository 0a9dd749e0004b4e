"""Rows out of a file of any of the formats, with the numbers that a person finds them by."""

from __future__ import annotations

import csv
import hashlib
import io
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from portal.imports.detection import Kind, UnreadableFile, recognise
from portal.imports.records import read_json

FILE_LIMIT = 256 << 20
DELIMITERS = (",", ";", "\t", "|")
# A cell may hold a megabyte of text (it is cut later, with a note); the reader's own limit is an eighth of that.
csv.field_size_limit(32 << 20)


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is the line of the text file or the row of the sheet. With ``error`` there are no values."""

    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows. ``format`` is csv, xlsx, json, json_lines or ocds; ``about`` what a package says of itself."""

    name: str
    format: str
    sha256: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    about: Mapping[str, str] = field(default_factory=dict)


def read_file(path: Path, *, sheet: str = "", encoding: str = "") -> Table:
    """Read all of it. Raises UnreadableFile with a sentence for whoever made the file."""
    data = _bytes(path)
    kind, text = recognise(data, path.name, encoding=encoding)
    digest = hashlib.sha256(data).hexdigest()
    if kind is Kind.JSON:
        found = read_json(text)
        rows = tuple(Row(*item) for item in found.rows)
        return Table(path.name, found.format, digest, _headers_of(rows), rows, found.about)
    headers, rows = _read_csv(text) if kind is Kind.CSV else _read_workbook(data, sheet)
    return Table(path.name, kind.value, digest, headers, rows)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise UnreadableFile(
                _("The file is larger than %(size)s MB. Split it into several.") % {"size": FILE_LIMIT >> 20}
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(_("There is no file “%(file)s”.") % {"file": path}) from None
    except IsADirectoryError:
        raise UnreadableFile(_("“%(file)s” is a folder.") % {"file": path}) from None
    except OSError as error:
        raise UnreadableFile(_("“%(file)s” cannot be read: %(why)s") % {"file": path, "why": error.strerror}) from None


def _headers_of(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row.values))


# --- CSV ------------------------------------------------------------------------------------------


def _read_csv(text: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = next((cells for cells in lines if any(cell.strip() for cell in cells)), [])
        headers = _check_headers(header)
        return headers, tuple(_csv_rows(lines, headers))
    except csv.Error as error:
        raise UnreadableFile(
            _("Line %(line)s is not CSV: %(why)s. A quotation mark may be missing.")
            % {"line": lines.line_num, "why": error}
        ) from None


def _csv_rows(lines: Any, headers: tuple[str, ...]) -> Iterator[Row]:
    # A cell with line breaks spans lines; a row's number is that of its first one.
    number = lines.line_num + 1
    for cells in lines:
        if any(cell.strip() for cell in cells):
            yield _row(number, cells, headers)
        number = lines.line_num + 1


def _row(number: int, cells: list[Any], headers: tuple[str, ...]) -> Row:
    extra = [cell for cell in cells[len(headers) :] if cell not in ("", None)]
    if extra:
        why = _(
            "The row has %(cells)s cells, the header %(headers)s. Put texts that hold a separator in quotation marks."
        )
        return Row(number, error=why % {"cells": len(cells), "headers": len(headers)})
    return Row(number, {name: cell for name, cell in zip(headers, cells, strict=False) if name})


def _delimiter(text: str) -> str:
    """The separator that cuts the first rows into the most cells of the same number. csv.Sniffer guesses worse."""
    best, points = ",", 0.0
    sample = text[: 1 << 16]
    for delimiter in DELIMITERS:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        try:
            widths = [len(cells) for cells in islice(rows, 20) if cells]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        even = Counter(widths)[widths[0]] / len(widths)
        if even * widths[0] > points:
            best, points = delimiter, even * widths[0]
    return best


def _check_headers(cells: Iterable[Any]) -> tuple[str, ...]:
    headers = tuple(" ".join(str(cell if cell is not None else "").split()) for cell in cells)
    while headers and not headers[-1]:
        headers = headers[:-1]
    twice = sorted(name for name, times in Counter(filter(None, headers)).items() if times > 1)
    if twice:
        raise UnreadableFile(
            _("The header has “%(name)s” twice. Give each column a name of its own.") % {"name": twice[0]}
        )
    return headers


# --- Excel ----------------------------------------------------------------------------------------


def _read_workbook(data: bytes, sheet: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    try:
        rows = _sheet_rows(data, sheet)
    except _BROKEN_WORKBOOK:
        raise UnreadableFile(_("The workbook is damaged: Excel may be able to repair and save it again.")) from None
    if not rows:
        raise UnreadableFile(_("The sheet is empty."))
    headers = _check_headers(rows[0][1])
    return headers, tuple(_row(number, cells, headers) for number, cells in rows[1:])


# openpyxl lets through whatever its parsers meet.
_BROKEN_WORKBOOK = (
    KeyError, ValueError, IndexError, AttributeError, TypeError, OSError, SyntaxError, EOFError, zipfile.BadZipFile,
)  # fmt: skip


def _sheet_rows(data: bytes, sheet: str) -> list[tuple[int, list[Any]]]:
    """Row numbers and cells of the rows that are not empty: sheets may claim a million of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and validations, which nobody reads here
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {found.title: found for found in book.worksheets}
        if not sheets or (sheet and sheet not in sheets):
            raise UnreadableFile(
                _("There is no sheet “%(sheet)s”. The workbook has: %(names)s.")
                % {"sheet": sheet, "names": ", ".join(sheets)}
            )
        numbered = enumerate((sheets[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True), 1)
        return [(number, list(cells)) for number, cells in numbered if any(cell not in (None, "") for cell in cells)]
