"""Does a page ask the database more often when it shows more?"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(work: Callable[[], Any]) -> list[str]:
    """The statements that ``work`` sends, savepoints left out."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        work()
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def assert_queries_constant(show: Callable[[], Any], add: Callable[[], Any], *, times: int = 2) -> None:
    """``show`` a list that has rows already, ``add`` a row ``times`` times, show it again: as many queries as before.

    The first showing of each warms what is cached until something changes (vocabulary, figures), and is not counted.
    """
    show()
    before = queries_of(show)
    for _time in range(times):
        add()
    show()
    after = queries_of(show)
    more = [
        sql[:300] for sql in after if sql.partition("WHERE")[0] not in {old.partition("WHERE")[0] for old in before}
    ]
    assert len(after) <= len(before), "\n".join([f"{len(before)} queries, then {len(after)}", *more, *after[-5:]])
