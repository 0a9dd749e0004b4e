"""Which values a column has among many records: an index is asked for the first one, and for the next after each."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

_LOOSE = """
WITH RECURSIVE seen(value) AS (({first}) UNION ALL SELECT ({after}) FROM seen WHERE seen.value IS NOT NULL)
SELECT value FROM seen WHERE value IS NOT NULL
"""


def occurring(records: QuerySet, field: str) -> list[Any]:
    """In ascending order. ``field`` needs an index that begins with it; SELECT DISTINCT reads every record."""
    sought = records.order_by(field).values_list(field)
    try:
        first, values = sought[:1].query.sql_with_params()
        after, more = sought.filter(**{f"{field}__gt": RawSQL("seen.value", [])})[:1].query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LOOSE.format(first=first, after=after), [*values, *more])
        return [value for (value,) in cursor.fetchall()]
