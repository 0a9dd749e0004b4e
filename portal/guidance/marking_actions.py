"""Note what the demo makes, while it makes it: afterwards nobody could tell it from what people add."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Max

from portal.guidance.models import SampleTable
from portal.guidance.tables import VOCABULARY, Table, tables, with_number


@contextmanager
def marking() -> Iterator[None]:
    """Mark every row that comes inside as sample data. Nobody else can write meanwhile, so no row is anybody else's."""
    watched = [table for table in tables() if with_number(table) and table._meta.label not in VOCABULARY]
    with transaction.atomic():
        _keep_others_out(watched)
        before = {table: table._base_manager.aggregate(top=Max("pk"))["top"] or 0 for table in watched}
        yield
        for table, top in before.items():
            mark(table, list(table._base_manager.filter(pk__gt=top).order_by("pk").values_list("pk", flat=True)))


def _keep_others_out(watched: list[Table]) -> None:
    """Reading goes on; whoever writes waits until all is there."""
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in watched)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def mark(table: Table, keys: list[int]) -> None:
    if not keys:
        return
    row, is_new = SampleTable.objects.get_or_create(label=table._meta.label, defaults={"keys": keys})
    if not is_new:
        row.keys = sorted({*row.keys, *keys})
        row.save(update_fields=["keys"])
