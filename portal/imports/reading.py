"""Cells into values of the domain. What cannot be read is an error or a note in words; nothing is guessed silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.enums import BusinessModel, ProviderKind, ScaleUnit
from catalog.models import FocusArea, Topic
from cities.enums import BudgetCertainty, FinanceRoute, ProcurementRoute, ProjectStage
from portal.common.currencies import is_currency
from portal.common.geography import find_country, regions
from portal.common.languages import CODES, normalise_language
from portal.common.translated import column
from portal.imports.cleaning import clean_text, cut
from portal.imports.fields import Field, key
from portal.imports.mapping import as_text
from portal.imports.parsing import parse_date, parse_number

# What tables write where there is nothing. Only as a whole cell, and never for codes: NA is Namibia.
NOTHING = frozenset({"", "-", "--", "—", ".", "n/a", "na", "n.a.", "none", "null", "nan", "nil", "tbd", "?"})
ENUMS: Mapping[str, type[TextChoices]] = {
    "scale_unit": ScaleUnit, "stage": ProjectStage, "budget_certainty": BudgetCertainty, "finance_route": FinanceRoute,
    "procurement_route": ProcurementRoute, "business_models": BusinessModel, "provider_kind": ProviderKind,
}  # fmt: skip
LISTS = frozenset({"focus_areas", "topics", "business_models", "languages", "regions", "lines"})
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
MOST = Decimal(10) ** 14


@dataclass(slots=True)
class Reader:
    """One row while it is read. ``values`` are raw cells by our field; ``errors`` refuse the row, ``notes`` do not."""

    values: Mapping[str, Any]
    vocabulary: Vocabulary
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self, wanted: Field) -> Any:
        """The value of a field: text "" or a list () where there is none, None for numbers and dates."""
        raw = self.values.get(wanted.name)
        if wanted.kind in LISTS:
            return self._list(wanted, raw)
        reader: Callable[[Field, Any], Any] = {
            "line": self._text, "text": self._text, "url": self._url, "amount": self._amount, "whole": self._whole,
            "date": self._date, "country": self._country, "currency": self._currency, "language": self._language,
            "focus_area": self._focus_area,
        }.get(wanted.kind, self._choice)  # fmt: skip
        return reader(wanted, raw)

    # --- texts ------------------------------------------------------------------------------------

    def _text(self, wanted: Field, raw: Any) -> str:
        if isinstance(raw, datetime | date):
            raw = raw.isoformat()
        cleaned = clean_text(as_text(raw), lines=wanted.kind == "text")
        for what in cleaned.removed:
            self.notes.append(_REMOVED[what]() % {"field": wanted.name})
        if cleaned.text.lower() in NOTHING:
            return ""
        if wanted.limit and len(cleaned.text) > wanted.limit:
            self.notes.append(
                _("%(field)s: %(length)s characters; the first %(limit)s are kept.")
                % {"field": wanted.name, "length": len(cleaned.text), "limit": wanted.limit}
            )
        return cut(cleaned.text, wanted.limit)

    def _url(self, wanted: Field, raw: Any) -> str:
        text = clean_text(as_text(raw), lines=False).text
        if text.lower() in NOTHING:
            return ""
        if text.startswith("www."):
            text = f"https://{text}"
        if not _is_address(text) or len(text) > wanted.limit:
            self.notes.append(_("%(field)s: “%(value)s” is not a web address and is left out.") % _said(wanted, text))
            return ""
        return text

    # --- numbers and dates ------------------------------------------------------------------------

    def _amount(self, wanted: Field, raw: Any) -> Decimal | None:
        number = self._number(wanted, raw)
        return None if number is None else round(number, 2)

    def _whole(self, wanted: Field, raw: Any) -> int | None:
        number = self._number(wanted, raw)
        if number is not None and number > 2**31 - 1:
            self.errors.append(_("%(field)s: %(value)s is too large.") % _said(wanted, raw))
            return None
        return None if number is None else int(number)

    def _number(self, wanted: Field, raw: Any) -> Decimal | None:
        text = as_text(raw).strip()
        if raw is None or isinstance(raw, bool) or text.lower() in NOTHING:
            return None
        number = Decimal(str(raw)) if isinstance(raw, int | float | Decimal) else parse_number(text)
        if number is None or not number.is_finite():
            self.errors.append(_("%(field)s: “%(value)s” is not a number.") % _said(wanted, text))
        elif number < 0:
            self.errors.append(_("%(field)s: %(value)s is negative. An amount is zero or more.") % _said(wanted, text))
        elif number >= MOST:
            self.errors.append(_("%(field)s: %(value)s is too large.") % _said(wanted, text))
        else:
            return number
        return None

    def _date(self, wanted: Field, raw: Any) -> date | None:
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        text = clean_text(as_text(raw), lines=False).text
        if text.lower() in NOTHING:
            return None
        day = parse_date(text)
        if day is None or not EARLIEST <= day < LATEST:
            self.errors.append(
                _("%(field)s: “%(value)s” is not a clear date. Write year-month-day, for instance 2027-03-31.")
                % _said(wanted, text)
            )
            return None
        return day

    # --- codes ------------------------------------------------------------------------------------

    def _country(self, wanted: Field, raw: Any) -> str:
        text = clean_text(as_text(raw), lines=False).text
        code = find_country(text) if text else ""
        if code is None:
            self.errors.append(
                _("%(field)s: “%(value)s” is not a country. Use its name or its code of two letters (ISO 3166).")
                % _said(wanted, text)
            )
        return code or ""

    def _currency(self, wanted: Field, raw: Any) -> str:
        text = clean_text(as_text(raw), lines=False).text
        if text.lower() in NOTHING:
            return ""
        if not is_currency(text.upper()):
            self.errors.append(
                _("%(field)s: “%(value)s” is not a currency. Use its code of three letters, for instance EUR.")
                % _said(wanted, text)
            )
            return ""
        return text.upper()

    def _language(self, wanted: Field, raw: Any) -> str:
        text = clean_text(as_text(raw), lines=False).text
        code = normalise_language(text) if text else ""
        if code is None:
            self.notes.append(
                _("%(field)s: “%(value)s” is not one of the portal's languages; the language is told from the text.")
                % _said(wanted, text)
            )
        return code or ""

    def _choice(self, wanted: Field, raw: Any) -> str:
        text = clean_text(as_text(raw), lines=False).text
        if text.lower() in NOTHING:
            return ""
        code = choices(ENUMS[wanted.kind]).get(key(text))
        if code is None:
            self._unknown(wanted, text, ENUMS[wanted.kind].values)
        return code or ""

    def _focus_area(self, wanted: Field, raw: Any) -> str:
        return next(iter(self._list(Field(wanted.name, "focus_areas"), raw)), "")

    def _list(self, wanted: Field, raw: Any) -> tuple[str, ...]:
        items = [clean_text(as_text(item), lines=False).text for item in _items(raw)]
        if wanted.kind == "lines":
            return tuple(dict.fromkeys(cut(item, 300) for item in items if item))
        codes = []
        for item in filter(None, items):
            code = self._code(wanted.kind, item)
            if code is None:
                self._unknown(wanted, item, self._allowed(wanted.kind))
            else:
                codes.append(code)
        return tuple(dict.fromkeys(codes))

    def _code(self, kind: str, item: str) -> str | None:
        if kind == "languages":
            return normalise_language(item)
        if kind == "regions":
            return item if item in regions() else find_country(item)
        if kind in ("focus_areas", "topics"):
            return getattr(self.vocabulary, kind).get(key(item))
        return choices(ENUMS[kind]).get(key(item))

    def _allowed(self, kind: str) -> Iterable[str]:
        if kind in ("focus_areas", "topics"):
            return dict.fromkeys(getattr(self.vocabulary, kind).values())
        return {"languages": CODES, "regions": sorted(regions())}.get(kind) or ENUMS[kind].values

    def _unknown(self, wanted: Field, text: str, allowed: Iterable[str]) -> None:
        self.notes.append(
            _("%(field)s: “%(value)s” is not known and is left out. Known are: %(allowed)s.")
            % {**_said(wanted, text), "allowed": ", ".join(list(allowed)[:80])}
        )


# Called when a note is written: a sentence in the language of the report, with the field still to be filled in.
_REMOVED: Mapping[str, Callable[[], str]] = {
    "nul": lambda: _("%(field)s: zero bytes were taken out."),
    "surrogate": lambda: _("%(field)s: half characters (lone surrogates) were replaced."),
    "bidi": lambda: _("%(field)s: invisible marks that turn the direction of writing were taken out."),
    "control": lambda: _("%(field)s: control characters were taken out."),
}


def _said(wanted: Field, value: Any) -> dict[str, str]:
    return {"field": wanted.name, "value": cut(clean_text(str(value), lines=False).text, 80)}


def _items(raw: Any) -> Iterable[Any]:
    if isinstance(raw, list | tuple):
        return raw
    return re.split(r"[;|\n]|,(?=\D)", as_text(raw))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in text
    except ValueError:
        return False


# --- The vocabulary's codes and labels ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Comparable code or label in any language → code."""

    focus_areas: Mapping[str, str]
    topics: Mapping[str, str]


def read_vocabulary() -> Vocabulary:
    labels = [column("label", code) for code in CODES]
    found = []
    for model in (FocusArea, Topic):
        rows = list(model.objects.values_list("code", *labels))  # type: ignore[attr-defined]
        table = {key(label): row[0] for row in rows for label in row[1:] if label}
        found.append({**table, **{key(row[0]): row[0] for row in rows}})
    return Vocabulary(*found)


@cache
def choices(enum: type[TextChoices]) -> Mapping[str, str]:
    """Comparable code or label in any language → code of a choice."""
    found: dict[str, str] = {}
    for language in CODES:
        with translation.override(language):
            found.update({key(str(label)): str(value) for value, label in enum.choices})
    return {**found, **{key(str(value)): str(value) for value in enum.values}}
