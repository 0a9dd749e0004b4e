"""Every minute: count the gap of a large portal again, if anything changed."""

from celery import shared_task
from django.db import connection, transaction

from matching.moments.actions import refresh_gap

GAP_LOCK = 0x55524C47


@shared_task
def count_gap() -> None:
    """One worker at a time: what it would count is the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [GAP_LOCK])
        if cursor.fetchone()[0]:
            refresh_gap()
