"""Kinds of jobs that exist for one test only."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
from django.db import connection

from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.jobs.registry import HANDLERS, handles
from tests.concurrency import committed

__all__ = ["committed", "hasty_plan", "job", "kind"]


@pytest.fixture
def kind() -> Generator[Callable[..., str]]:
    """Register a kind that does what ``run`` says; gone after the test."""
    made: list[str] = []

    def register(run: Callable[[Job], Any] = lambda job: None, **options: Any) -> str:
        name = f"test.kind_{len(made)}"
        handles(name, **{"queue": "default", **options})(run)
        made.append(name)
        return name

    yield register
    for name in made:
        del HANDLERS[name]


@pytest.fixture
def job(kind: Callable[..., str]) -> Callable[..., Job]:
    """A job that waits; its kind does nothing unless ``kind_name`` says another."""

    def make(subject: str = "thing:1", kind_name: str = "", **fields: Any) -> Job:
        row = Job.objects.get(pk=enqueue(kind=kind_name or kind(), subject=subject))
        if fields:
            Job.objects.filter(pk=row.pk).update(**fields)
            row.refresh_from_db()
        return row

    return make


@pytest.fixture
def hasty_plan(db: None) -> None:
    """The plan PostgreSQL takes for a table it holds for empty: nested loops, a plain subquery run once a row."""
    with connection.cursor() as cursor:
        for choice in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            cursor.execute(f"SET LOCAL enable_{choice} = off")
