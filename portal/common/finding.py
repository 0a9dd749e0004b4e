"""Records that a search finds, the best first: as typed before in other words, in the title before in the text, by
words before by meaning. Newer ones come first among equals.

Everything that costs more for more results is bounded: of a very common word the best ``MOST`` are shown.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, Field, FloatField, Func, IntegerField, Lookup, Q, QuerySet, Value, When

from portal.common.by_index import index_only
from portal.common.reading import Near, Reading
from portal.common.search import HEAD

# Above so many, how often and where a word stands tells little, and reading every vector takes long: the title decides.
MANY = 300
MOST = 1000
# Of so many records that filters leave over, each is read sooner than the index of words is asked for all, if they are
# found at such a cost (in the planner's units: half of what it takes to read an index of a hundred thousand).
FEW, SOON = 2500, 2500.0
UNLIKELY = 5 * MOST  # to be ``MOST`` at most, where the planner expects so many


@dataclass(frozen=True, slots=True)
class Hits:
    """Keys of what words found; ``tiers`` of the best where there are many; ``is_all`` is False where more fit."""

    keys: Sequence[int] = ()
    tiers: Sequence[Sequence[int]] = ()
    is_all: bool = True


class Ways(Lookup):
    """``search__ways=[["'bus'", "'coach'"], ["'lane'"]]``: any tsquery of each list.

    One tsquery of all of them finds the same, but the index then compares every word of it with every record; apart,
    each is a list of its own, and the bitmaps of the lists are joined.
    """

    lookup_name = "ways"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        parts = [f"({' OR '.join([f'{sql} @@ %s::tsquery'] * len(terms))})" for terms in self.rhs]
        return f"({' AND '.join(parts)})", [one for terms in self.rhs for term in terms for one in (*params, term)]


class Says(Lookup):
    """``search__says=tsquery``: as ``search=``, but never by the index."""

    lookup_name = "says"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        query, more = self.process_rhs(compiler, connection)
        return f"({sql} @@ {query}) IS TRUE", [*params, *more]


for lookup in (Ways, Says):
    Field.register_lookup(lookup)


@dataclass(frozen=True, slots=True)
class Asked:
    """Readable records that pass the filters: ``passing`` asks all of them of columns.

    ``others`` asks only the filters that the index of words does not know, and ``marks`` is the tsquery of the rest.
    """

    passing: QuerySet
    others: QuerySet
    marks: str = ""

    def saying(self, ways: list[list[str]]) -> QuerySet:
        """Those that say one of each list of ways.

        What there is but one way for goes with the others into one tsquery: by itself, PostgreSQL would at times look
        at the vector of each record that has it.
        """
        firm = " & ".join([*(terms[0] for terms in ways if len(terms) == 1), *([self.marks] if self.marks else [])])
        lists = sorted((terms for terms in ways if len(terms) > 1), key=len)
        if firm:
            lists[:1] = [[f"{term} & {firm}" for term in lists[0]] if lists else [firm]]
        return self.others.filter(search__ways=lists)


_marks_known: list[Callable[[], bool]] = []


def marks_known_by(is_known: Callable[[], bool]) -> None:
    """``is_known``: whether every record has its marks by now."""
    _marks_known[:] = [is_known]


def are_marks_known() -> bool:
    return any(is_known() for is_known in _marks_known)


# Which keys of what is asked have the words: of "exact", "own" or "wide" with or without HEAD.
Find = Callable[[str, str], list[int]]


def fitting(records: QuerySet, reading: Reading) -> list[int] | None:
    """The keys that words find, whatever the filters; None where they are too many to show, or likely to be."""
    found = records.filter(search__ways=reading.wide_ways()).order_by().values_list("pk", flat=True)
    if _plan(found)["Plan Rows"] > UNLIKELY:
        return None
    with index_only():
        keys = _keys(found)
    return keys if len(keys) <= MOST else None


def look_up(asked: Asked, reading: Reading) -> Hits:
    """By the index of words, and no more of it than tells what comes first."""
    with index_only():
        return _hits(_by_index(asked, reading))


def look_up_among(asked: Asked, reading: Reading, fitting: list[int] | None) -> Hits:
    """The same of records that filters leave over. ``fitting``: those of all records."""
    keys = _read(asked.passing, reading) if fitting is None else among(asked.passing, fitting)
    if keys is None:
        return look_up(asked, reading)
    if len(keys) <= MANY:
        return Hits(keys)
    return Hits(keys, _tiers_among(asked.passing, keys, reading))


def _tiers_among(records: QuerySet, keys: Sequence[int], reading: Reading) -> list[list[int]]:
    """Of so few, their vectors are read sooner than the lists of the index are joined, and all tiers in one go."""
    exact, own, wide = (Q(search__says=reading.told(kind, HEAD)) for kind in ("exact", "own", "wide"))
    # Each takes in the one before: most titles say none of them, and are looked at once.
    tier = Case(When(exact, then=0), When(own, then=1), default=2)
    place = Case(When(wide, then=tier), default=None, output_field=IntegerField())
    found = records.model._default_manager.filter(pk__any_of=frozenset(keys)).annotate(tier=place).order_by()
    rows = list(found.filter(tier__isnull=False).values_list("pk", "tier"))
    return [[pk for pk, among in rows if among <= most] for most in range(3)]


def _read(records: QuerySet, reading: Reading) -> list[int] | None:
    """Keys of what fits, each read; None where that are too many to read or to show."""
    asked = records.order_by().values_list("pk", flat=True)[: FEW + 1]
    keys = _numbers(asked) if _are_few(asked) else None
    if keys is None or len(keys) > FEW:
        return None
    found = _keys(
        records.model._default_manager.filter(pk__any_of=frozenset(keys), search__says=reading.told("wide", ""))
    )
    return found if len(found) <= MOST else None


def _are_few(records: QuerySet) -> bool:
    """As far as PostgreSQL can tell without looking, and soon found."""
    plan = _plan(records)
    return plan["Plan Rows"] <= FEW and plan["Total Cost"] <= SOON


def _plan(records: QuerySet) -> dict[str, Any]:
    [plan] = json.loads(records.explain(format="json"))
    return dict(plan["Plan"])


def _hits(find: Find) -> Hits:
    as_typed = find("exact", HEAD)
    if len(as_typed) > MOST:
        return Hits(as_typed[:MOST], [as_typed[:MOST]], is_all=False)
    keys = find("wide", "")
    if len(keys) <= MANY:
        return Hits(keys)
    tiers = [as_typed]
    for kind in ("own", "wide"):
        if len(tiers[-1]) < MOST:
            tiers.append(find(kind, HEAD)[:MOST])
    return Hits(list(dict.fromkeys(chain(*tiers, keys)))[:MOST], tiers, len(keys) <= MOST)


def _by_index(of: Asked, reading: Reading) -> Find:
    found: dict[Any, list[int]] = {}

    def find(kind: str, before: str) -> list[int]:
        ways = getattr(reading, f"{kind}_ways")(before)
        asked = repr(ways)  # a word without other forms is asked once for all tiers
        if asked not in found:
            found[asked] = _keys(of.saying(ways))
        return found[asked]

    return find


def _keys(records: QuerySet) -> list[int]:
    """One more than are shown, which tells that there are more."""
    return _numbers(records.order_by().values_list("pk", flat=True)[: MOST + 1])


def _numbers(records: QuerySet) -> list[int]:
    """Of one column, in no order: a thousand rows are fetched sooner than they pass through a queryset."""
    try:
        sql, params = records.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [number for (number,) in cursor.fetchall()]


def among(records: QuerySet, keys: Sequence[int]) -> list[int]:
    """Those of ``keys`` that are of ``records``, in their order."""
    if not keys:
        return []
    kept = set(_numbers(records.order_by().filter(pk__any_of=frozenset(keys)).values_list("pk", flat=True)))
    return [key for key in keys if key in kept]


def matched(records: QuerySet, hits: Hits, near: Near) -> QuerySet:
    return of_keys(records, (*hits.keys, *near.keys))


def of_keys(records: QuerySet, keys: Sequence[int]) -> QuerySet:
    return records.filter(pk__any_of=frozenset(keys))


def ranked(records: QuerySet, reading: Reading, hits: Hits, near: Near) -> QuerySet:
    """``records`` (of ``matched``) with ``rank``, the higher the better."""
    return records.annotate(rank=_by_title(hits) if hits.tiers else _by_words(reading, near))


def _by_title(hits: Hits) -> Any:
    whens = [
        When(pk__any_of=frozenset(tier), then=Value(float(-place))) for place, tier in enumerate(hits.tiers) if tier
    ]
    return Case(*whens, default=Value(-9.0), output_field=FloatField()) if whens else Value(0.0)


def _by_words(reading: Reading, near: Near) -> Any:
    tier = Case(
        When(search=reading.exact(HEAD), then=Value(5.0)),
        When(search=reading.exact(), then=Value(4.0)),
        When(search=reading.own(HEAD), then=Value(3.0)),
        When(search=reading.own(), then=Value(2.0)),
        When(search=reading.wide(HEAD), then=Value(1.0)),
        When(search=reading.wide(), then=Value(0.0)),
        default=_place(near),
        output_field=FloatField(),
    )
    return tier + SearchRank(F("search"), reading.wide())


def _place(near: Near) -> Any:
    """Below all that words found, in the order of nearness."""
    place = Func(Value(list(near.keys)), F("pk"), function="array_position", output_field=FloatField())
    return Value(-1.0) - place / Value(1000.0) if near.keys else Value(-1.0)
