"""Texts that read alike, found by their trigram index."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

USUAL = "0.3"
SET = "SELECT set_config('pg_trgm.similarity_threshold', %s, true)"


@contextmanager
def alike_from(least: float) -> Iterator[None]:
    """Inside, ``trigram_similar`` holds from this likeness on (0 to 1; PostgreSQL's own is 0.3).

    The figure itself, asked for in a filter, would have every row read; and the lower the least, the more of them.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # Unknown to a session until it first compares two texts.
        cursor.execute("SELECT current_setting('pg_trgm.similarity_threshold', true)")
        (usual,) = cursor.fetchone()
        cursor.execute(SET, [str(least)])
        yield
        # Where a transaction was open already, it goes on.
        cursor.execute(SET, [usual or USUAL])
