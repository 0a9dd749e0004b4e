"""Reads a labelled folder, forgiving in rows and strict in what it says about them.

A row that cannot be used is left out and named by file, line and reason; only a folder that leaves nothing to measure
is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_SHOWN_FIELDS: Final = 12


class SetError(Exception):
    """The folder cannot be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Text:
    """A query or a document. `language` is "" when the file does not state it."""

    id: str
    title: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """queries and documents in file order; grades by query id, then document id, all above 0 and of known documents.

    `warnings` tells, line by line, what was left out.
    """

    name: str
    queries: tuple[Text, ...]
    documents: tuple[Text, ...]
    grades: dict[str, dict[str, float]]
    warnings: tuple[str, ...] = field(default=())


def read_set(folder: Path, document_field: str | None = None, limit: int | None = None) -> LabelledSet:
    """The set in a folder; `limit` keeps the first queries that have grades. Raises SetError."""
    warnings: list[str] = []
    queries = _read_texts(folder / "queries.jsonl", None, warnings)
    documents = _read_texts(folder / "corpus.jsonl", document_field, warnings)
    known = {document.id for document in documents}
    grades = _read_grades(folder / "qrels.tsv", {query.id for query in queries}, known, warnings)
    judged = [query for query in queries if query.id in grades][:limit]
    if not judged:
        raise SetError(f"{folder}: no query has a relevant document, so there is nothing to measure")
    return LabelledSet(folder.name, tuple(judged), tuple(documents), grades, tuple(warnings))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Every line that is not blank, with "name:number" to point at it. Raises SetError when the file is unreadable."""
    try:
        content = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise SetError(f"{path}: {error.strerror}") from error
    # Not splitlines: JSON may hold U+2028 and its like inside a string.
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            yield f"{path.name}:{number}", line.rstrip("\r")


def _read_texts(path: Path, document_field: str | None, warnings: list[str]) -> list[Text]:
    rows: list[tuple[str, dict[str, Any]]] = []
    for place, line in _lines(path):
        row, problem = _row(line)
        if row is None:
            warnings.append(f"{place}: {problem}; left out")
        else:
            rows.append((place, row))
    field_name = _text_field(path, [row for _, row in rows], document_field, warnings)
    texts: dict[str, Text] = {}
    for place, row in rows:
        text = _text(row, field_name)
        if text.id in texts:
            warnings.append(f"{place}: id {text.id!r} a second time; the first one counts")
            continue
        if not (text.title or text.text):
            warnings.append(f"{place}: {text.id!r} has no text; it is kept and ranks by chance")
        texts[text.id] = text
    return list(texts.values())


def _text_field(path: Path, rows: list[dict[str, Any]], wanted: str | None, warnings: list[str]) -> str:
    """The field to read beside the title: the one asked for, "text", or the likeliest where a file has neither."""
    if not rows:
        raise SetError(f"{path}: no usable line")
    names = list(dict.fromkeys(name for row in rows for name in row))
    filled = {name: sum(bool(_string(row.get(name))) for row in rows) for name in names if name != "id"}
    fields = ", ".join(names[:_SHOWN_FIELDS])
    if wanted:
        if not filled.get(wanted):
            raise SetError(f"{path}: no line has a text in {wanted!r}; the fields are {fields}")
        return wanted
    if filled.get("text") or filled.get("title"):
        return "text"
    likely = [name for name, count in filled.items() if count]
    if not likely:
        raise SetError(f"{path}: no line has a text; the fields are {fields}")
    # One column a language, English among them, is how parallel corpora come; otherwise the fullest column.
    chosen = "en" if "en" in likely else max(likely, key=lambda name: (_is_language(name), filled[name]))
    warnings.append(f"{path.name}: no text or title; {chosen!r} is read, --doc-field chooses another of {fields}")
    return chosen


def _row(line: str) -> tuple[dict[str, Any] | None, str]:
    """The line's object, or None and what is wrong with it."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return None, f"not JSON ({error})"
    if not isinstance(row, dict):
        return None, "not a JSON object"
    identifier = row.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int) or identifier == "":
        return None, "no id"
    return row, ""


def _text(row: dict[str, Any], field_name: str) -> Text:
    stated = _string(row.get("lang") or row.get("language"))
    # A field named after a language, as "fr" in a corpus with one column a language, tells the language too.
    language = field_name if _is_language(field_name) else stated
    return Text(str(row["id"]), _string(row.get("title")), _string(row.get(field_name)), language)


def _is_language(name: str) -> bool:
    subtag = name.replace("_", "-").partition("-")[0]
    return len(subtag) == 2 and subtag.isascii() and subtag.isalpha() and subtag.islower()


def _string(value: Any) -> str:
    """Texts as they are, a list of texts line by line, anything else as nothing."""
    if isinstance(value, list):
        return "\n".join(_string(part) for part in value)
    return value if isinstance(value, str) else ""


def _read_grades(
    path: Path, queries: set[str], documents: set[str], warnings: list[str]
) -> dict[str, dict[str, float]]:
    grades: dict[str, dict[str, float]] = {}
    for number, (place, line) in enumerate(_lines(path)):
        cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else line.split())]
        judgement = _judgement(cells)
        if judgement is None:
            if number:  # the first line may be a header
                warnings.append(f"{place}: not query, document, grade; left out")
            continue
        query, document, grade = judgement
        if query not in queries or document not in documents:
            what = f"query {query!r}" if query not in queries else f"document {document!r}"
            warnings.append(f"{place}: unknown {what}; left out")
        elif grade > 0:
            of_query = grades.setdefault(query, {})
            of_query[document] = max(grade, of_query.get(document, 0.0))
    return grades


def _judgement(cells: list[str]) -> tuple[str, str, float] | None:
    """Query, document and grade; TREC's four columns too, whose second says nothing; None for a header or worse."""
    if len(cells) == 4:
        cells = [cells[0], cells[2], cells[3]]
    if len(cells) != 3 or not (cells[0] and cells[1]):
        return None
    try:
        grade = float(cells[2])
    except ValueError:
        return None
    return (cells[0], cells[1], grade) if -1e9 < grade < 1e9 else None
