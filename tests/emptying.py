"""Between two tests that commit: delete the rows that are there, and leave the vocabulary where it is.

Django truncates every table and writes its own rows anew, ours follow: seconds, for a hundred tables of which few have
rows. Here a table that has none costs nothing.
"""

from functools import cache

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from catalog.models import Criterion, FocusArea, ReferenceData, Topic
from catalog.vocabulary import load_vocabulary
from portal.searches.index_actions import index_new_database

# Whatever these are made by: migrations, and `load_vocabulary`.
VOCABULARY = [model._meta.db_table for model in (FocusArea, Topic, Criterion)]
VERSIONS = ReferenceData._meta.db_table
KEPT = {*VOCABULARY, VERSIONS, Permission._meta.db_table, ContentType._meta.db_table, "django_migrations"}
_version: list[object] = []  # of the vocabulary, as it was last put back


def empty_filled_tables() -> None:
    """As flush would leave the database, with the vocabulary in it. A test that changed the vocabulary gets it back."""
    changed = [_vocabulary_version()] != _version
    with transaction.atomic(), connection.cursor() as cursor:
        filled = _filled({*_tables(), *VOCABULARY, VERSIONS} if changed else _tables())
        if shut := [table for table in filled if table in _append_only()]:
            cursor.execute(f"TRUNCATE {', '.join(map(_quoted, shut))} CASCADE")  # first: nothing is pending yet
        for table in filled:
            if table not in shut:
                cursor.execute(f"DELETE FROM {_quoted(table)}")  # keys are checked at the end, so order is free
    if changed:
        with connection.cursor() as cursor:
            for table in VOCABULARY:  # the keys it had: rows of moulds name them
                cursor.execute(f"ALTER TABLE {_quoted(table)} ALTER COLUMN id RESTART WITH 1")
        load_vocabulary()
        index_new_database()
        note_vocabulary()


def note_vocabulary() -> None:
    """What stands in its tables now is what tests begin with."""
    _version[:] = [_vocabulary_version()]


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


@cache
def _tables() -> frozenset[str]:
    return frozenset(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT


@cache
def _append_only() -> frozenset[str]:
    """Tables whose own triggers refuse to delete a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        return frozenset(row[0] for row in cursor.fetchall())


def _filled(tables: set[str] | frozenset[str]) -> list[str]:
    each = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_quoted(table)})" for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return [row[0] for row in cursor.fetchall()]


def _vocabulary_version() -> list[tuple[int, int]]:
    """Another one after any row was written, changed or deleted."""
    with connection.cursor() as cursor:
        found = []
        for table in VOCABULARY:
            cursor.execute(f"SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM {_quoted(table)}")
            found.append(cursor.fetchone())
        return found
