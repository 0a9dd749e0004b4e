"""Records that a search finds, the best first: as typed before in other words, in the title before in the text, by
words before by meaning. Newer ones come first among equals.

Everything that costs more for more results is bounded: of a very common word the best ``MOST`` are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connection, transaction
from django.db.models import Case, F, Field, FloatField, Func, Lookup, QuerySet, Value, When

from portal.common.reading import Near, Reading
from portal.common.search import HEAD

# Above so many, how often and where a word stands tells little, and reading every vector takes long: the title decides.
MANY = 300
MOST = 1000
# Left alone, the planner takes for cheap what it costs to fetch and unpack a vector, and for dear to ask the index.
_INDEX_ONLY = """
SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL {0} = {1}
"""
_AS_EVER = """
SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_indexscan TO DEFAULT;
SET LOCAL max_parallel_workers_per_gather TO DEFAULT; SET LOCAL {0} TO DEFAULT
"""
# One part: no other index but that of words. Several: the bitmaps of all of them, rather than of one and then the rows.
_ONE_PART, _MORE_PARTS = ("cpu_index_tuple_cost", 1.0), ("cpu_operator_cost", 0.05)


@dataclass(frozen=True, slots=True)
class Hits:
    """Keys of what words found; ``tiers`` of the best where there are many; ``is_all`` is False where more fit."""

    keys: Sequence[int] = ()
    tiers: Sequence[Sequence[int]] = ()
    is_all: bool = True


class AnyOf(Lookup):
    """``pk__any_of=[…]``: one array, where ``__in`` would send every key as a parameter of its own."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        # As one text: psycopg looks at each of a thousand numbers of a list before it writes them down.
        return f"{sql} = ANY(%s::bigint[])", [*params, f"{{{','.join(map(str, self.rhs))}}}"]


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


Field.register_lookup(AnyOf)
Field.register_lookup(Ways)


def look_up(records: QuerySet, reading: Reading) -> Hits:
    """By the index of words and nothing else, and no more of it than tells what comes first."""
    setting, value = _ONE_PART if len(reading.needed) == 1 else _MORE_PARTS
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_INDEX_ONLY.format(setting, value))
        found = _hits(records, reading)
        cursor.execute(_AS_EVER.format(setting))
    return found


def _hits(records: QuerySet, reading: Reading) -> Hits:
    as_typed = _keys(records.filter(search=reading.exact(HEAD)))
    if len(as_typed) > MOST:
        return Hits(as_typed[:MOST], [as_typed[:MOST]], is_all=False)
    keys = _keys(records.filter(search__ways=reading.wide_ways()))
    if len(keys) <= MANY:
        return Hits(keys)
    tiers = [as_typed]
    for ways in (reading.own_ways, reading.wide_ways):
        if len(tiers[-1]) < MOST:
            tiers.append(_keys(records.filter(search__ways=ways(HEAD)))[:MOST])
    return Hits(list(dict.fromkeys(chain(*tiers, keys)))[:MOST], tiers, len(keys) <= MOST)


def _keys(records: QuerySet) -> list[int]:
    """One more than are shown, which tells that there are more."""
    return list(records.order_by().values_list("pk", flat=True)[: MOST + 1])


def among(records: QuerySet, keys: Sequence[int]) -> list[int]:
    """Those of ``keys`` that are of ``records``, in their order."""
    kept = set(records.order_by().filter(pk__any_of=keys).values_list("pk", flat=True)) if keys else set()
    return [key for key in keys if key in kept]


def matched(records: QuerySet, hits: Hits, near: Near) -> QuerySet:
    return records.filter(pk__any_of=[*hits.keys, *near.keys])


def ranked(records: QuerySet, reading: Reading, hits: Hits, near: Near) -> QuerySet:
    """``records`` (of ``matched``) with ``rank``, the higher the better."""
    return records.annotate(rank=_by_title(hits) if hits.tiers else _by_words(reading, near))


def _by_title(hits: Hits) -> Any:
    whens = [When(pk__any_of=tier, then=Value(float(-place))) for place, tier in enumerate(hits.tiers) if tier]
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
