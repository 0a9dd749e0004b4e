"""Records that many tests begin with, made once for the process: their rows are put back, and they are unpickled.

The factories take twenty times as long, and a third of the tests begin with the same cities and providers.
"""

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from tests.emptying import KEPT

LATER = "@later@"  # stands in the statements for the microseconds since the rows were made


@dataclass(frozen=True, slots=True)
class Mould:
    """``rows``: statements that write them; ``records``: what was made, pickled; ``made_at``: when."""

    rows: str
    records: bytes
    made_at: datetime

    def cast(self) -> Any:
        """The records, made now, with their rows in the database: the same keys each time, but objects of their own.

        Had they the times of when they were made first, what is kept until a record changes would be kept too long.
        """
        later = timezone.now() - self.made_at
        with connection.cursor() as cursor:
            cursor.execute(self.rows.replace(LATER, str(later // timedelta(microseconds=1))))
        return _Casting(io.BytesIO(self.records), later).load()


class _Moulding(pickle.Pickler):
    def persistent_id(self, obj: Any) -> Any:
        return obj if isinstance(obj, datetime) and timezone.is_aware(obj) else None


class _Casting(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, later: timedelta) -> None:
        super().__init__(file)
        self.later = later

    def persistent_load(self, pid: Any) -> Any:
        return pid + self.later


def mould_of(make: Callable[[], Any]) -> Mould:
    """Of what ``make`` writes into a database that holds nothing but the vocabulary; nothing of it stays there.

    Numbers that a sequence gave away are not given twice, so that rows written later have keys of their own.
    """
    with transaction.atomic():
        made = make()
        made_at = timezone.now()  # afterwards, so that nothing is ever made in the future
        rows = "".join(_insert(model) for model in apps.get_models(include_auto_created=True) if _is_filled(model))
        transaction.set_rollback(True)
    records = io.BytesIO()
    _Moulding(records).dump(made)
    return Mould(rows, records.getvalue(), made_at)


def _is_filled(model: type[models.Model]) -> bool:
    options = model._meta
    return options.managed and not options.proxy and options.db_table not in KEPT and model._base_manager.exists()


def _insert(model: type[models.Model]) -> str:
    """Keys are checked at the end of a transaction, so the order of the tables is free."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    values = ", ".join(_literal(field, quote(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg('(' || array_to_string(ARRAY[{values}], ',') || ')', ',') FROM {table}")
        columns = ", ".join(quote(field.column) for field in fields)
        return f"INSERT INTO {table} ({columns}) VALUES {cursor.fetchone()[0]};\n"


def _literal(field: Any, column: str) -> str:
    if isinstance(field, models.DateTimeField):
        return f"format('%L::timestamptz + %L::interval', {column}, '{LATER} microseconds')"
    return f"quote_nullable({column}::text)"
