"""Having PostgreSQL look words up in their index, whatever it thinks of the way."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# Left alone, the planner takes for cheap what it costs to fetch and unpack a vector, and for dear to ask the index:
# like this it joins the bitmaps of words and of what a filter leaves few of, and does not list all that is public.
_INDEX_ONLY = """
SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL cpu_index_tuple_cost = 0.5; SET LOCAL cpu_operator_cost = 0.05; SET LOCAL random_page_cost = 4
"""
_AS_EVER = """
SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_indexscan TO DEFAULT;
SET LOCAL max_parallel_workers_per_gather TO DEFAULT; SET LOCAL cpu_index_tuple_cost TO DEFAULT;
SET LOCAL cpu_operator_cost TO DEFAULT; SET LOCAL random_page_cost TO DEFAULT
"""


@contextmanager
def index_only() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_INDEX_ONLY)
        yield
        cursor.execute(_AS_EVER)
