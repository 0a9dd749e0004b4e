"""Records that many tests begin with, made once for the process: their rows are put back, and they are unpickled.

The factories take twenty times as long, and a third of the tests begin with the same cities and providers.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from tests.emptying import KEPT


@dataclass(frozen=True, slots=True)
class Mould:
    """``rows``: statements that write them; ``records``: what was made, pickled."""

    rows: str
    records: bytes

    def cast(self) -> Any:
        """The records, with their rows in the database: the same keys each time, but objects of their own."""
        with connection.cursor() as cursor:
            cursor.execute(self.rows)
        return pickle.loads(self.records)  # noqa: S301  (our own)


def mould_of(make: Callable[[], Any]) -> Mould:
    """Of what ``make`` writes into a database that holds nothing but the vocabulary; nothing of it stays there.

    Numbers that a sequence gave away are not given twice, so that rows written later have keys of their own.
    """
    with transaction.atomic():
        made = make()
        rows = "".join(_insert(model) for model in apps.get_models(include_auto_created=True) if _is_filled(model))
        transaction.set_rollback(True)
    return Mould(rows, pickle.dumps(made))


def _is_filled(model: type[models.Model]) -> bool:
    options = model._meta
    return options.managed and not options.proxy and options.db_table not in KEPT and model._base_manager.exists()


def _insert(model: type[models.Model]) -> str:
    """Keys are checked at the end of a transaction, so the order of the tables is free."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = [quote(field.column) for field in model._meta.concrete_fields if not field.generated]
    values = ", ".join(f"quote_nullable({column}::text)" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg('(' || array_to_string(ARRAY[{values}], ',') || ')', ',') FROM {table}")
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {cursor.fetchone()[0]};\n"
