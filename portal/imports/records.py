"""Records out of JSON: a list, one a line, or an OCDS release package."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.imports.detection import UnreadableFile

Found = tuple[int, dict[str, Any], str]


@dataclass(frozen=True, slots=True)
class JsonRecords:
    """``rows`` are (number, values, error); ``about`` has licence, publisher and url of a package."""

    format: str
    rows: list[Found]
    about: Mapping[str, str] = field(default_factory=dict)


def read_json(text: str) -> JsonRecords:
    """Raises UnreadableFile where the text is none of the three."""
    start = text.lstrip()
    if start.startswith("["):
        return _from_list(_parse(text))
    first = start.split("\n", 1)[0]
    try:
        whole = _loads(first)
        is_lines = True
    except ValueError:
        whole, is_lines = _parse(text), False
    if is_lines and start[len(first) :].strip():
        return _from_lines(text)
    if not isinstance(whole, dict):
        raise UnreadableFile(_("The JSON holds no list of records."))
    if _is_package(whole):
        return _from_packages([whole])
    if is_lines:
        return _from_lines(text)
    for name, value in whole.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value) and name in _LIST_NAMES:
            return _from_list(value)
    raise UnreadableFile(
        _("The JSON is one object and not a list of records. It has: %(names)s.")
        % {"names": ", ".join(list(whole)[:12])}
    )


_LIST_NAMES = ("results", "rows", "records", "items", "data", "demands", "solutions")  # our own downloads say "results"


def _loads(text: str) -> Any:
    # Not a number stands for nothing known; amounts keep their digits.
    return json.loads(text, parse_float=Decimal, parse_constant=lambda _name: None)


def _parse(text: str) -> Any:
    try:
        return _loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            _("The file is not complete JSON: line %(line)s, column %(column)s: %(why)s.")
            % {"line": error.lineno, "column": error.colno, "why": error.msg}
        ) from None
    except (ValueError, RecursionError):
        raise UnreadableFile(_("The JSON cannot be read: a number is too long, or it is nested too deeply.")) from None


def _from_list(items: list[Any]) -> JsonRecords:
    if items and all(isinstance(item, dict) and _is_release(item) for item in items):
        return _from_packages([{"releases": items}])
    return JsonRecords("json", [_found(number, item) for number, item in enumerate(items, 1)])


def _from_lines(text: str) -> JsonRecords:
    rows: list[Found] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                rows.append(_found(number, _loads(line)))
            except (ValueError, RecursionError) as error:
                rows.append((number, {}, _("The line is not JSON: %(why)s.") % {"why": getattr(error, "msg", error)}))
    values = [values for _number, values, _error in rows if values]
    if values and all(_is_package(item) for item in values):
        return _from_packages(values)
    if values and all(_is_release(item) for item in values):
        return _from_packages([{"releases": values}])
    return JsonRecords("json_lines", rows)


def _found(number: int, item: Any) -> Found:
    if not isinstance(item, dict):
        return number, {}, _("This is not a record with named fields.")
    return number, item, ""


# --- Open Contracting Data Standard 1.1 -----------------------------------------------------------


def _is_package(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    releases, records = item.get("releases"), item.get("records")
    return (isinstance(releases, list) and any(map(_is_release, releases))) or (
        isinstance(records, list) and any(isinstance(record, dict) and "ocid" in record for record in records)
    )


def _is_release(item: Any) -> bool:
    return isinstance(item, dict) and "ocid" in item and bool({"tender", "planning", "tag"} & set(item))


def _from_packages(packages: list[dict[str, Any]]) -> JsonRecords:
    releases = [release for package in packages for release in _releases(package)]
    rows: list[Found] = []
    for number, release in enumerate(_latest(releases), 1):
        rows.append((number, _with_parties(release), ""))
    first = packages[0]
    publisher = first.get("publisher")
    about = {
        "licence": str(first.get("license") or ""), "url": str(first.get("uri") or ""),
        "publisher": str(publisher.get("name") or "") if isinstance(publisher, dict) else "",
    }  # fmt: skip
    return JsonRecords("ocds", rows, about)


def _releases(package: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for release in package.get("releases") or []:
        if isinstance(release, dict):
            yield release
    for record in package.get("records") or []:
        compiled = record.get("compiledRelease") if isinstance(record, dict) else None
        if isinstance(compiled, dict):
            yield {"ocid": record.get("ocid"), **compiled}


def _latest(releases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One release a contracting process: later ones fill in and replace what earlier ones said."""
    merged: dict[str, dict[str, Any]] = {}
    for number, release in enumerate(sorted(releases, key=lambda item: str(item.get("date") or ""))):
        known = merged.setdefault(str(release.get("ocid") or f"#{number}"), {})
        for name, value in release.items():
            old = known.get(name)
            known[name] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return list(merged.values())


def _with_parties(release: dict[str, Any]) -> dict[str, Any]:
    """The buyer with its address, which OCDS keeps among the parties."""
    parties = [party for party in release.get("parties") or [] if isinstance(party, dict)]
    buyer = release.get("buyer") if isinstance(release.get("buyer"), dict) else {}
    entity = release.get("tender", {}).get("procuringEntity") if isinstance(release.get("tender"), dict) else None
    buyer = buyer or (entity if isinstance(entity, dict) else {})
    same = [party for party in parties if party.get("id") is not None and party.get("id") == buyer.get("id")]
    acting = [party for party in parties if {"buyer", "procuringEntity"} & set(party.get("roles") or [])]
    party = next(iter([*same, *acting]), {})
    items = release.get("tender", {}).get("items") if isinstance(release.get("tender"), dict) else None
    words = [str(item.get("description") or "") for item in items or [] if isinstance(item, dict)]
    return {**release, "buyer": {**party, **buyer}, "item_descriptions": list(filter(None, words))}
