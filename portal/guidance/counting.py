"""Rows in words for people: how many of what they know, and which ones keep a sample record here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.guidance.removal import Row, record_of

WORDS: dict[str, Any] = {
    "accounts.User": _("Accounts"),
    "accounts.Organisation": pgettext_lazy("queue", "Organisations"),
    "cities.Demand": _("Demands"),
    "catalog.Solution": _("Solutions"),
    "matching.Match": _("Matches"),
    "matching.Introduction": _("Introductions"),
    "programmes.Programme": _("Programmes"),
    "notices.Notice": _("Notices"),
}
OTHERS = _("Other rows: parts, notes and steps of these")
MOST = 30


@dataclass(frozen=True, slots=True)
class Reason:
    """A record because of which sample records stay. Some have no page of their own."""

    words: str
    url: str


def counts_of(rows: Iterable[Row]) -> list[tuple[Any, int]]:
    """Words and numbers in the order of WORDS; what has no word of its own is counted together."""
    found = Counter(row.table._meta.label for row in rows)
    named = [(words, found[label]) for label, words in WORDS.items() if found[label]]
    rest = sum(number for label, number in found.items() if label not in WORDS)
    return [*named, (OTHERS, rest)] if rest else named


def words_of(rows: set[Row]) -> list[Reason]:
    """The first so many, in an order that stays."""
    chosen = sorted(rows, key=lambda row: (row.table._meta.label, str(row.key)))[:MOST]
    records = [record for row in chosen if (record := record_of(row)) is not None]
    return [Reason(str(record), _url(record)) for record in records]


def _url(record: Any) -> str:
    address = getattr(record, "get_absolute_url", None)
    return address() if address is not None else ""
