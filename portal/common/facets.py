"""How many results each choice of a filter would leave, given all other filters.

All filters that are not in use count the same records: one pass over them answers for every simple one. A filter in use
leaves out its own choice, so it is counted by itself. No page waits for counts of a long list: a worker makes them, and
they are kept for some minutes; the first reader of such a list sees none.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Func, QuerySet
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


Counter = Column | Callable[[QuerySet], Counts]


@dataclass(frozen=True, slots=True)
class List:
    """A state of a list: what it lists, the query of its address, the key of who reads it."""

    subject: str
    query: str
    reader: int | None

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
    idle = {name: counter for name, counter in counters.items() if isinstance(counter, Column) and name not in chosen}
    found = _in_one_pass(narrowed(""), idle) if idle else {}
    for name, counter in counters.items():
        if name in found:
            continue
        records = narrowed(name)
        found[name] = _in_one_pass(records, {name: counter})[name] if isinstance(counter, Column) else counter(records)
    return found


def _in_one_pass(records: QuerySet, columns: Mapping[str, Column]) -> dict[str, Counts]:
    names = [f"facet_{name}" for name in columns]
    values = {
        name: F(column.value) if isinstance(column.value, str) else column.value
        for name, column in zip(names, columns.values(), strict=True)
    }
    try:
        sql, params = records.order_by().annotate(**values).values_list(*names).query.sql_with_params()
    except EmptyResultSet:  # no words were found
        return {name: {} for name in columns}
    quoted = [connection.ops.quote_name(name) for name in names]
    sets = ", ".join(f"({name})" for name in quoted)
    every = ", ".join(quoted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT GROUPING({every}), count(*), {every} FROM ({sql}) AS counted GROUP BY GROUPING SETS ({sets})",  # noqa: S608
            params,
        )
        rows = cursor.fetchall()
    found: dict[str, Counts] = {name: {} for name in columns}
    # Of the bits of GROUPING() the one that is not set is the column of this row, the last column the lowest bit.
    places = {(1 << len(names)) - 1 - (1 << (len(names) - 1 - place)): place for place in range(len(names))}
    for bits, count, *row in rows:
        place = places[bits]
        if row[place] is not None:
            found[list(columns)[place]][str(row[place])] = count
    return found


def unnested(field: str) -> Callable[[QuerySet], Counts]:
    """Of an array: a record counts for each of its values."""

    def count(records: QuerySet) -> Counts:
        value = Func(F(field), function="unnest")
        return dict(records.order_by().annotate(facet=value).values_list("facet").annotate(n=Count("pk")))

    return count


def related(path: str) -> Callable[[QuerySet], Counts]:
    """Of a many-to-many relation, by a value at its end."""

    def count(records: QuerySet) -> Counts:
        rows = records.order_by()
        if len(rows.query.alias_map) > 1:  # a filter on the same relation would hide all others
            rows = records.model._default_manager.order_by().filter(pk__in=rows.values("pk"))
        return dict(rows.filter(**{f"{path}__isnull": False}).values_list(path).annotate(n=Count("pk")))

    return count


def also_related(field: str, path: str) -> Callable[[QuerySet], Counts]:
    """Of the main one and further ones, which never name the same."""

    def count(records: QuerySet) -> Counts:
        found = related(field)(records)
        for value, number in related(path)(records).items():
            found[value] = found.get(value, 0) + number
        return found

    return count


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
