"""Keeping count of the words of public records. Raw SQL: PostgreSQL counts the words of its vectors where they lie."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from psycopg import ClientCursor

from catalog.models import Solution
from cities.models import Demand
from portal.common.search import HEAD, MARK, WIDE
from portal.searches import bridge
from portal.searches.words import STEMMERS

COUNT_LOCK = 0x55524C57
LONGEST = 60
_COUNTED = """
INSERT INTO searches_word (word, records, stems)
SELECT word, sum(ndoc), ARRAY(
    SELECT DISTINCT code || ':' || stem
    FROM unnest(%(codes)s::text[], %(stemmers)s::text[]) AS stemmers(code, stemmer),
         unnest(ts_lexize(stemmer::regdictionary, word)) AS stem
    WHERE word ~ '^[a-z]+$' AND length(stem) >= 3)
FROM (SELECT word, ndoc FROM ts_stat(%(demands)s)
      UNION ALL SELECT word, ndoc FROM ts_stat(%(solutions)s)
      UNION ALL SELECT word, 0 FROM unnest(%(concepts)s::text[]) AS word) AS counted
WHERE left(word, 1) <> ALL(%(signs)s) AND word !~ '^[0-9]+$' AND length(word) <= %(longest)s
GROUP BY word
"""


@transaction.atomic
def recount_words() -> int:
    """Count all words anew; those that no public record has any more are forgotten. Returns how many there are."""
    _one_at_a_time()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM searches_word")
        cursor.execute(_COUNTED, _values(Q(), with_concepts=True))
        return int(cursor.rowcount)


@transaction.atomic
def learn_words(*, since: datetime) -> int:
    """Add the words of what became public or changed since then; counts wait for the next ``recount_words``."""
    _one_at_a_time()
    with connection.cursor() as cursor:
        cursor.execute(f"{_COUNTED} ON CONFLICT (word) DO NOTHING", _values(Q(updated_at__gte=since)))
        return int(cursor.rowcount)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNT_LOCK])


def _values(which: Q, *, with_concepts: bool = False) -> dict[str, Any]:
    return {
        "codes": list(STEMMERS),
        "stemmers": list(STEMMERS.values()),
        "demands": _vectors(Demand.objects.public().filter(which)),
        "solutions": _vectors(Solution.objects.listed().filter(which)),
        "concepts": concept_words() if with_concepts else [],
        "signs": [HEAD, MARK],
        "longest": LONGEST,
    }


def concept_words() -> list[str]:
    """Words that mean something to us although no record has them yet: "kindregarten" still leads to 유치원."""
    spaced = {word for key in bridge.concepts().codes for word in key if not WIDE.search(word)}
    return sorted(word for word in spaced if len(word) >= 4)


def _vectors(records: QuerySet) -> str:
    """The SELECT of the records' vectors as one string, which is how ts_stat wants it."""
    sql, params = records.order_by().values("search").query.sql_with_params()
    connection.ensure_connection()
    return ClientCursor(connection.connection).mogrify(sql, params)
