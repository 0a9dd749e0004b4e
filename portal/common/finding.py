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

from portal.common.reading import Near, RawQuery, Reading
from portal.common.search import HEAD

# Above so many, how often and where a word stands tells little, and reading every vector takes long: the title decides.
MANY = 300
MOST = 1000
_INDEX_ONLY = "SET LOCAL enable_seqscan = {0}; SET LOCAL enable_indexscan = {0}"


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
        return f"{sql} = ANY(%s::bigint[])", [*params, list(self.rhs)]


Field.register_lookup(AnyOf)


def look_up(records: QuerySet, reading: Reading) -> Hits:
    """By the index of words and nothing else.

    The planner knows what it costs to compare a vector, but not what to fetch and unpack it: left alone, it reads all
    vectors of the table for a common word.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_INDEX_ONLY.format("off"))
        keys = _keys(records, reading.wide(), MOST + 1)
        queries = (reading.exact, reading.own, reading.wide) if len(keys) > MANY else ()
        tiers = [_keys(records, query(HEAD), MOST) for query in queries]
        cursor.execute(_INDEX_ONLY.format("on"))
    best = list(dict.fromkeys(chain(*tiers, keys)))[:MOST]
    return Hits(best, tiers, len(keys) <= MOST)


def _keys(records: QuerySet, query: RawQuery, most: int) -> list[int]:
    return list(records.order_by().filter(search=query).values_list("pk", flat=True)[:most])


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
