"""How many results each choice of a filter would leave, given all other filters.

All filters that are not in use count the same records, in one query. A filter in use leaves out its own choice, so it
is counted by itself. No page waits for counts of a long list: a worker makes them, and they are kept for some minutes;
the first reader of such a list sees none.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext

from portal.common.languages import format_number

KEEP = 600
MANY = 5000  # records from which a worker counts
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Column:
    """A filter on one value of the record: a field or an expression. ``spread`` sums values up to further choices."""

    value: str | Combinable
    spread: Callable[[Counts, str], int] | None = None


@dataclass(frozen=True, slots=True)
class Values:
    """A filter on a field with an array: a record counts for each of its values."""

    field: str


@dataclass(frozen=True, slots=True)
class Related:
    """A filter on what a record is related to: a field at the end of a many-to-many relation ("topics__code").

    ``main`` is the field of the main one, if there is one beside further ones, which never name the same.
    """

    path: str
    main: str = ""


Counter = Column | Values | Related


@dataclass(frozen=True, slots=True)
class List:
    """A state of a list: what it lists, the query of its address, the key of who reads it; with words, in which
    language they are read."""

    subject: str
    query: str
    reader: int | None
    language: str = ""

    @property
    def key(self) -> str:
        return "facets:" + hashlib.sha256(repr(self).encode()).hexdigest()


_later: list[Callable[[List], None]] = []


def count_later_with(owe: Callable[[List], None]) -> None:
    """``owe`` has a worker count, and ``keep`` what it counted."""
    _later[:] = [owe]


def kept_counts(of: List) -> dict[str, Counts]:
    """What was counted in the last minutes; else nothing for now, and counting is owed."""
    found: dict[str, Counts] | None = cache.get(of.key)
    if found is None and _later:
        _later[0](of)
    return found or {}


def keep(of: List, counts: dict[str, Counts]) -> None:
    cache.set(of.key, counts, KEEP)


def counts_of(
    counters: Mapping[str, Counter], chosen: Collection[str], narrowed: Callable[[str], QuerySet]
) -> dict[str, Counts]:
    """Filter → choice → results. ``narrowed(name)`` are the records without that filter."""
    idle = {name: counter for name, counter in counters.items() if name not in chosen}
    found = _count(narrowed(""), idle) if idle else {}
    for name, counter in counters.items():
        if name in chosen:
            found |= _count(narrowed(name), {name: counter})
    return found


def _count(records: QuerySet, counters: Mapping[str, Counter]) -> dict[str, Counts]:
    """The records are read once; what they are related to is found by their keys."""
    values = {f"facet_{place}": value for place, counter in enumerate(counters.values()) if (value := _own(counter))}
    expressions = {name: F(value) if isinstance(value, str) else value for name, value in values.items()}
    found: dict[str, Counts] = {name: {} for name in counters}
    try:
        rows = records.order_by().annotate(**expressions).values_list("pk", *expressions)
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:  # no words were found
        return found
    parts = [part for place, counter in enumerate(counters.values()) for part in _parts(records.model, counter, place)]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH counted AS MATERIALIZED ({sql}) {' UNION ALL '.join(parts)}", params)
        rows = cursor.fetchall()
    names = list(counters)
    for place, choice, number in rows:
        counts = found[names[place]]
        counts[choice] = counts.get(choice, 0) + number
    return found


def _own(counter: Counter) -> str | Combinable:
    """What is read of the record itself."""
    if isinstance(counter, Related):
        return counter.main
    return counter.field if isinstance(counter, Values) else counter.value


def _parts(model: Any, counter: Counter, place: int) -> Iterator[str]:
    """SELECTs of place, choice and number from the table ``counted`` (pk, facet_0 …)."""
    quote, facet = connection.ops.quote_name, f"facet_{place}"
    if isinstance(counter, Values):
        yield f"SELECT {place}, unnest({facet})::text, count(*) FROM counted GROUP BY 2"  # noqa: S608
    elif _own(counter):
        yield f"SELECT {place}, {facet}::text, count(*) FROM counted WHERE {facet} IS NOT NULL GROUP BY 2"  # noqa: S608
    if isinstance(counter, Related):
        name, _, of = counter.path.partition("__")
        relation = model._meta.get_field(name)
        other = relation.related_model._meta
        through, mine, theirs = (
            quote(named) for named in (relation.m2m_db_table(), relation.m2m_column_name(), relation.m2m_reverse_name())
        )
        key, code, table = (quote(named) for named in (other.pk.column, other.get_field(of).column, other.db_table))
        yield (
            f"SELECT {place}, {code}::text, number FROM {table} JOIN (SELECT {theirs} AS one, count(*) AS number "  # noqa: S608
            f"FROM counted JOIN {through} ON {mine} = counted.pk GROUP BY 1) AS named ON one = {table}.{key}"
        )


def show_counts(field: forms.Field, counts: Counts, counter: Counter, chosen: Collection[str]) -> None:
    """Write the numbers behind the field's choices. In menus, what leaves nothing is left out, unless it is chosen."""
    spread = counter.spread if isinstance(counter, Column) else None
    if isinstance(field, forms.BooleanField):
        field.plain_label = field.label
        field.label = labelled(field.label, counts.get("True", 0))
        return
    field.plain_choices = list(field.choices)
    is_menu = isinstance(field.widget, forms.Select) and not field.widget.allow_multiple_selected
    field.choices = list(_numbered(field.plain_choices, lambda code: _number(counts, code, spread), is_menu, chosen))


def _number(counts: Counts, code: str, spread: Callable[[Counts, str], int] | None) -> int:
    return spread(counts, code) if spread else counts.get(code, 0)


def _numbered(
    choices: Iterable[Any], number_of: Callable[[str], int], is_menu: bool, chosen: Collection[str]
) -> Iterator[Any]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            inner = list(_numbered(label, number_of, is_menu, chosen))
            if inner:
                yield code, inner
        elif code == "":
            yield code, label
        elif not is_menu:
            yield code, labelled(label, number_of(code))
        elif number_of(code) or code in chosen:
            yield code, f"{label} ({format_number(number_of(code), get_language() or 'en')})"


def labelled(label: Any, number: int) -> Any:
    """A choice with its number, which screen readers hear as "12 results"."""
    shown = format_number(number, get_language() or "en")
    spoken = ngettext("%(shown)s result", "%(shown)s results", number) % {"shown": shown}
    numbers = format_html(
        '<span class="soft" aria-hidden="true">{}</span><span class="sr-only">{}</span>', shown, spoken
    )
    return format_html("{} {}", label, numbers)
