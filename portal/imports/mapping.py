"""Our fields from foreign headers, as a mapping file says: see docs/imports.md for the format with examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from django.utils.translation import gettext as _

from portal.common.errors import DomainError
from portal.imports.cleaning import clean_text, cut
from portal.imports.fields import Schema, key, known_headers

GuessLanguage = Literal["missing", "always"]
_PLACE = re.compile(r"\{([^{}]+)\}")


class WrongMapping(DomainError):
    """The mapping file cannot be used; nothing was written."""

    code = "wrong_mapping"
    status = 422


@dataclass(frozen=True, slots=True)
class Spec:
    """How one field comes about: exactly one of the ways a mapping file knows. `options` are tried in order."""

    header: str = ""
    const: Any = None
    template: str = ""
    pattern: re.Pattern[str] | None = None
    options: tuple[Spec, ...] = ()

    def headers(self) -> set[str]:
        inner = {name for option in self.options for name in option.headers()}
        if self.pattern is None:
            inner |= set(_PLACE.findall(self.template))
        return inner | ({self.header} if self.header else set())


@dataclass(frozen=True, slots=True)
class Case:
    """What holds for the rows in which every header of `when` has the value said; the first that fits is taken."""

    when: Mapping[str, str]
    columns: Mapping[str, Spec]
    values: Mapping[str, Mapping[str, Any]]
    guess_language: GuessLanguage | None = None

    def fits(self, row: Mapping[str, Any]) -> bool:
        return all(as_text(look_up(row, name)) == value for name, value in self.when.items())


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A whole mapping. `base` holds for every row, before the case that fits it."""

    base: Case
    cases: tuple[Case, ...] = field(default=())

    def headers(self) -> set[str]:
        """Every header that is read, so that the others can be reported."""
        everything = (self.base, *self.cases)
        read = {name for case in everything for spec in case.columns.values() for name in spec.headers()}
        return read | {name for case in everything for name in case.when}

    def fields(self) -> set[str]:
        return {name for case in (self.base, *self.cases) for name in case.columns}

    def guess_language(self, row: Mapping[str, Any]) -> GuessLanguage:
        case = self._case(row)
        return (case.guess_language if case else None) or self.base.guess_language or "missing"

    def apply(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Our fields of a row: raw values, still to be read and checked."""
        case = self._case(row)
        columns = {**self.base.columns, **(case.columns if case else {})}
        found = {name: resolve(spec, row) for name, spec in columns.items()}
        for name, table in {**self.base.values, **(case.values if case else {})}.items():
            if name in found:
                found[name] = _translate(found[name], table)
        return found

    def _case(self, row: Mapping[str, Any]) -> Case | None:
        return next((case for case in self.cases if case.fits(row)), None)


def look_up(row: Mapping[str, Any], header: str) -> Any:
    """The value under a header; "tender.value.amount" also finds its way down into nested records."""
    if header in row:
        return row[header]
    value: Any = row
    for step in header.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, map(as_text, value)))
    return str(value)


def resolve(spec: Spec, row: Mapping[str, Any]) -> Any:
    """The raw value that a row has for one of our fields; None or "" where it has none."""
    if spec.options:
        return next(
            (value for value in (resolve(option, row) for option in spec.options) if value not in (None, "", [])), ""
        )
    if spec.pattern is not None:
        found = spec.pattern.search(as_text(look_up(row, spec.header)))
        if found is None:
            return ""
        return _PLACE.sub(lambda place: found[int(place[1])] or "", spec.template) if spec.template else found[1]
    if spec.template:
        return _filled(spec.template, row)
    return look_up(row, spec.header) if spec.header else spec.const


def _filled(template: str, row: Mapping[str, Any]) -> str:
    """Places filled in; a line whose places all stay empty goes, with the words around them."""
    lines = []
    for line in template.split("\n"):
        names = _PLACE.findall(line)
        values = {name: as_text(look_up(row, name)).strip() for name in names}
        if any(values.values()) or not names:
            lines.append(_put(line, values))
    return "\n".join(lines).strip()


def _put(line: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place[1]], line)


def _translate(value: Any, table: Mapping[str, Any]) -> Any:
    """Replace what the table knows; in a list each item by itself, and one item may become several."""
    if isinstance(value, list):
        found = [table.get(as_text(item), item) for item in value]
        return [one for item in found for one in (item if isinstance(item, list) else [item])]
    return table.get(as_text(value).strip(), value)


# --- Reading a mapping file -----------------------------------------------------------------------


def read_mapping(path: Path, schema: Schema) -> ColumnMapping:
    """Raises WrongMapping with what is wrong and what would be right."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongMapping(
            _("The mapping “%(file)s” cannot be read: %(why)s") % {"file": path, "why": error.strerror}
        ) from None
    except ValueError as error:
        raise WrongMapping(_("The mapping “%(file)s” is not JSON: %(why)s") % {"file": path, "why": error}) from None
    return parse_mapping(content, schema)


_ENTRIES = {"columns", "values", "source", "licence", "guess_language", "cases", "when", "about", "records"}


def parse_mapping(content: Any, schema: Schema) -> ColumnMapping:
    if not isinstance(content, dict):
        raise WrongMapping(_("A mapping is a JSON object with “columns” and, if needed, “values” and “cases”."))
    if content.get("records", schema.name) != schema.name:
        raise WrongMapping(_("This mapping is for another kind of record: %(kind)s.") % {"kind": content["records"]})
    cases = content.get("cases") or []
    if not isinstance(cases, list) or not all(
        isinstance(case, dict) and isinstance(case.get("when"), dict) for case in cases
    ):
        raise WrongMapping(_("“cases” of a mapping is a list of objects, each with “when”: {header: value}."))
    return ColumnMapping(_case(content, schema), tuple(_case(case, schema) for case in cases))


def _case(content: Mapping[str, Any], schema: Schema) -> Case:
    if unknown := sorted(set(content) - _ENTRIES):
        raise WrongMapping(
            _("The mapping has an entry “%(name)s” that means nothing. It may have: %(names)s.")
            % {"name": unknown[0], "names": ", ".join(sorted(_ENTRIES))}
        )
    columns = {name: _spec(spec) for name, spec in _object(content, "columns").items()}
    for name in ("source", "licence"):
        if content.get(name):
            columns[name] = Spec(const=content[name])
    values = {name: _object(_object(content, "values"), name) for name in _object(content, "values")}
    if unknown := sorted((set(columns) | set(values)) - set(schema.names)):
        raise WrongMapping(
            _("The mapping names a field “%(name)s” that a %(kind)s does not have. Fields: %(names)s.")
            % {"name": unknown[0], "kind": schema.name, "names": ", ".join(schema.names)}
        )
    guess = content.get("guess_language")
    if guess not in (None, "missing", "always"):
        raise WrongMapping(_("“guess_language” of a mapping is “missing” or “always”."))
    when = {name: str(value) for name, value in _object(content, "when").items()}
    return Case(when, columns, values, cast("GuessLanguage | None", guess))


def _object(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = content.get(name) or {}
    if not isinstance(value, dict):
        raise WrongMapping(_("“%(name)s” of a mapping is an object.") % {"name": name})
    return value


def _spec(content: Any) -> Spec:
    if content is None:
        return Spec()  # said to be left empty, whatever the headers are called
    if isinstance(content, str):
        return Spec(header=content)
    if isinstance(content, list) and content:
        return Spec(options=tuple(map(_spec, content)))
    if isinstance(content, dict):
        match content:
            case {"const": value, **rest} if not rest:
                return Spec(const=value)
            case {"template": str(template), **rest} if not rest:
                return Spec(template=template)
            case {"header": str(header), "pattern": str(pattern), **rest} if set(rest) <= {"template"}:
                return _pattern(header, pattern, str(rest.get("template", "")))
    raise WrongMapping(
        _("A column of a mapping is a header, a list of headers (the first that is filled counts), {“const”: value}, "
          "{“template”: “{header} …”} or {“header”: …, “pattern”: …}; this is none of them: %(spec)s")
        % {"spec": json.dumps(content, ensure_ascii=False)[:200]}
    )  # fmt: skip


def _pattern(header: str, pattern: str, template: str) -> Spec:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise WrongMapping(
            _("The pattern “%(pattern)s” is not a regular expression: %(why)s") % {"pattern": pattern, "why": error}
        ) from None
    wanted = {int(place) if place.isdigit() else -1 for place in _PLACE.findall(template)} or {1}
    if not all(0 <= place <= compiled.groups for place in wanted):
        raise WrongMapping(
            _("The pattern “%(pattern)s” has too few groups in brackets for its template.") % {"pattern": pattern}
        )
    return Spec(header=header, pattern=compiled, template=template)


# --- Without a mapping file: by the names of the headers ------------------------------------------


def by_names(headers: Iterable[str], schema: Schema) -> ColumnMapping:
    """Every header that we know by its name. Of two for one field the one with our own name wins, then the first."""
    known = known_headers(schema)
    columns: dict[str, Spec] = {}
    for header in sorted(headers, key=lambda header: key(header) not in {key(name) for name in schema.names}):
        name = known.get(key(header))
        if name:
            columns.setdefault(name, Spec(header=header))
    return ColumnMapping(Case({}, columns, {}))


def completed(mapping: ColumnMapping, others: Mapping[str, Spec]) -> ColumnMapping:
    """The mapping with further columns, for fields that it does not mention."""
    extra = {name: spec for name, spec in others.items() if name not in mapping.base.columns}
    base = mapping.base
    return ColumnMapping(Case(base.when, {**base.columns, **extra}, base.values, base.guess_language), mapping.cases)


def check_headers(mapping: ColumnMapping, headers: Iterable[str], schema: Schema) -> tuple[str, ...]:
    """The headers that nothing reads. Raises WrongMapping where a required field has no header at all."""
    found = list(headers)
    reachable = set(found) | {name for name in mapping.headers() if name.split(".")[0] in found}
    for needed in schema.required:
        ways = [case.columns[needed.name] for case in (mapping.base, *mapping.cases) if needed.name in case.columns]
        if not any(not spec.headers() or spec.headers() & reachable for spec in ways):
            raise WrongMapping(_missing(needed.name, found, schema))
    read = {name.split(".")[0] for name in mapping.headers()} | mapping.headers()
    return tuple(_shown(name) for name in found if name not in read)


def _shown(header: str) -> str:
    return cut(clean_text(header, lines=False).text, 60)


def _missing(name: str, found: list[str], schema: Schema) -> str:
    return _(
        "There is no column for “%(field)s”. The file has: %(found)s. Rename a header to “%(field)s”, or say which one "
        "it is in a mapping file and pass it with --mapping: {“columns”: {“%(field)s”: “%(example)s”}}. Fields of a "
        "%(kind)s: %(names)s."
    ) % {
        "field": name, "found": ", ".join(map(_shown, found[:40])) or _("no headers at all"), "kind": schema.name,
        "example": _shown(found[0]) if found else "…", "names": ", ".join(schema.names),
    }  # fmt: skip
