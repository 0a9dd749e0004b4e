"""Rows of a source by SQL that is put together once.

The queue is read anew with every page and every step from one item to the next. Putting the queries together took
longer than running them: they are the same every time but for the day.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from psycopg.rows import namedtuple_row
from psycopg.types.datetime import TimestamptzLoader

Make = Callable[..., QuerySet]


@lru_cache(maxsize=100)
def _sql(make: Make, *given: Any) -> tuple[str, tuple[Any, ...]]:
    query = make(*given).query
    found: tuple[str, tuple[Any, ...]] = query.sql_with_params()
    return found


def light_rows(make: Make, *given: Any) -> list[Any]:
    """What ``make(*given)``, a queryset of ``values()``, finds now: named tuples by column.

    ``make`` depends on nothing but what is given, neither the clock nor the language nor settings; no column needs
    converting.
    """
    sql, params = _sql(make, *given)
    with connection.cursor() as cursor:
        driver = cursor.cursor
        driver.row_factory = _named
        # The driver's own reader of moments: Django's is written in Python, and there are thousands of them.
        driver.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(sql, params)
        return driver.fetchall()


def _named(cursor: Any) -> Callable[[Sequence[Any]], Any]:
    """The driver's named tuples, made without a call of Python's for each of thousands."""
    make: Any = namedtuple_row(cursor)
    return partial(tuple.__new__, make.__self__)


def arriving(rows: QuerySet, since: Any, zone: str) -> QuerySet:
    """With ``since`` and ``day``, the date of it in ``zone``: in the database, for there are thousands."""
    return rows.annotate(since=since).annotate(day=TruncDate("since", tzinfo=ZoneInfo(zone)))
