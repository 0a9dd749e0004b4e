"""Rows in words for people: how many of what they know, and which ones keep a sample record here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.guidance.removal import Row, record_of
from portal.guidance.tables import links

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
    """A record because of which sample records stay."""

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
    found = {_named(record) for row in chosen if (record := record_of(row)) is not None}
    return sorted(found, key=lambda reason: reason.words)


def _named(record: Any) -> Reason:
    """A record by its own page; a step or a note by the page of what it is about."""
    about = [record, *(getattr(record, link.column.removesuffix("_id")) for link in links(type(record)))]
    for one in about:
        if one is not None and hasattr(one, "get_absolute_url"):
            return Reason(str(one), one.get_absolute_url())
    return Reason(str(record), "")
