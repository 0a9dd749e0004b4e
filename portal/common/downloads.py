"""What is seen on a page as a file: CSV that spreadsheets do not run, and JSON. Rows are streamed."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse

# A cell that begins so is a formula to some spreadsheet (OWASP, CSV injection); the wide forms are typed in East Asia.
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
BOM = "\ufeff"  # without it Excel reads UTF-8 as the local code page


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would evaluate gets an apostrophe in front; numbers, dates and None stay as they are."""
    if isinstance(value, str) and value.lstrip(" \u3000").startswith(DANGEROUS):
        return f"'{value}"
    if isinstance(value, list | tuple | set | frozenset):
        return safe_cell(" ".join(str(item) for item in value))
    return value


class _Echo:
    """A file that hands each line back: csv.writer returns what write() returns."""

    def write(self, line: str) -> str:
        return line


def csv_response(filename: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> StreamingHttpResponse:
    """Rows by column name; the header stands even over no rows. ``filename`` without its ending."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield BOM + writer.writerow(columns)  # type: ignore[operator]
        for row in rows:
            yield writer.writerow([safe_cell(row[name]) for name in columns])  # type: ignore[misc]

    return _download(lines(), "text/csv; charset=utf-8", f"{filename}.csv")


def json_response(
    filename: str, rows: Iterable[Mapping[str, Any]], *, about: Mapping[str, Any]
) -> StreamingHttpResponse:
    """An object with the entries of ``about`` (source, licence, date, …) and ``results``, a list of the rows."""

    def pieces() -> Iterator[str]:
        yield _dump(about)[:-1] + (", " if about else "") + '"results": ['
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + _dump(row)
        yield "\n]}\n"

    return _download(pieces(), "application/json", f"{filename}.json")


def _dump(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _download(pieces: Iterator[str], kind: str, filename: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
