"""Every minute: count again what pages of a large portal show, if anything changed."""

from celery import shared_task
from django.db import connection, transaction

from matching.moments.actions import refresh_exposures, refresh_gap

COUNTING_LOCK = 0x55524C47


@shared_task
def count_moments() -> None:
    """One worker at a time: what it would count is the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COUNTING_LOCK])
        if cursor.fetchone()[0]:
            refresh_gap()
            refresh_exposures()
