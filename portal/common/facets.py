"""How many results each choice of a filter would leave, given all other filters.

All filters that are not in use count the same records: one pass over them answers for every simple one. A filter in use
leaves out its own choice, so it is counted by itself. Counts of large lists are kept for a few minutes, for as long as
the number of results stays what it was.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F, Func, QuerySet
from django.db.models.expressions import Combinable
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext

from portal.common.languages import format_number

KEEP = 300
KEPT_FROM = 500  # results; fewer are counted anew in no time
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Column:
    """A filter on one value of the record: a field or an expression. ``spread`` sums values up to further choices."""

    value: str | Combinable
    spread: Callable[[Counts, str], int] | None = None


Counter = Column | Callable[[QuerySet], Counts]


def counts_of(
    counters: Mapping[str, Counter], chosen: Iterable[str], narrowed: Callable[[str], QuerySet], key: tuple[Any, ...]
) -> dict[str, Counts]:
    """Filter → choice → results. ``narrowed(name)`` are the records without that filter, ``key`` names the list."""
    kept_as = "facets:" + hashlib.sha256(repr(key).encode()).hexdigest()
    is_kept = bool(key) and key[0] >= KEPT_FROM
    found: dict[str, Counts] | None = cache.get(kept_as) if is_kept else None
    if found is None:
        found = _counted(counters, set(chosen), narrowed)
        if is_kept:
            cache.set(kept_as, found, KEEP)
    return found


def _counted(
    counters: Mapping[str, Counter], chosen: set[str], narrowed: Callable[[str], QuerySet]
) -> dict[str, Counts]:
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
    sql, params = records.order_by().annotate(**values).values_list(*names).query.sql_with_params()
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
        keys = records.order_by().values("pk")
        rows = records.model._default_manager.order_by().filter(pk__in=keys, **{f"{path}__isnull": False})
        return dict(rows.values_list(path).annotate(n=Count("pk")))

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
