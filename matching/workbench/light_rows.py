"""Rows of a source by SQL that is put together once.

The queue is read anew with every page and every step from one item to the next. Putting the queries together took
longer than running them: they are the same every time but for the day.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg.types.datetime import TimestamptzLoader

Make = Callable[..., QuerySet]


@lru_cache(maxsize=100)
def _sql(make: Make, *given: Any) -> tuple[str, tuple[Any, ...]]:
    query = make(*given).query
    found: tuple[str, tuple[Any, ...]] = query.sql_with_params()
    return found


def light_rows(make: Make, *given: Any) -> list[dict[str, Any]]:
    """What ``make(*given)``, a queryset of ``values()``, finds now: dicts by column.

    ``make`` depends on nothing but what is given, neither the clock nor the language; no column needs converting.
    """
    sql, params = _sql(make, *given)
    with connection.cursor() as cursor:
        # The driver's own reader of moments: Django's is written in Python, and there are thousands of them.
        cursor.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
