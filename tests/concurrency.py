"""Tests with real commits and several connections at once."""

import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any, TypeVar

import pytest
from django.db import close_old_connections, connection

from tests.emptying import empty_filled_tables

PATIENCE = 120.0  # seconds, for what takes none unless the machine is busy or something is wrong

Result = TypeVar("Result")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Generator[None]:
    """The database without a transaction around the test; what the test made is deleted afterwards."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            empty_filled_tables()


def start(work: Callable[[], Result]) -> "Future[Result]":
    """Run ``work`` in a thread with a connection of its own."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # handed to whoever asks for the result
            future.set_exception(error)
        finally:
            connection.close()

    threading.Thread(target=run, daemon=True).start()
    return future


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment; each one's result, or the exception it raised, in the order given."""
    barrier = threading.Barrier(len(works))

    def held(work: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            close_old_connections()
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            return work()

        return run

    futures = [start(held(work)) for work in works]
    return [future.exception(PATIENCE) or future.result() for future in futures]


def eventually(is_true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def blocked_backends() -> int:
    """How many connections of this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees the same activity for ever otherwise
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])
