"""Server time of every page with a hundred thousand demands and solutions around it.

Every page of the access policy is asked for as somebody who may see much, lists with many filters, words and pages.
In one process on one connection, warm; wall time, and beside it what this process and its database server computed,
which other work on the machine disturbs less. All in a transaction that is undone, so that the next run finds the same.
"""

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings

from tests.bench.clock import cpu_of
from tests.bench.rows import Row, row
from tests.bench.stage import prepare

GOAL = 150.0  # ms, at the 95th percentile
LOG = os.environ.get("BENCH_LOG", "")
WARM = 3
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "20"))


@dataclass
class Page:
    """A page by what it is called, who asks, and the addresses asked for in turn."""

    name: str
    who: str
    paths: list[str]
    wall: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0
    worst: str = ""
    status: int = 0

    @property
    def p95(self) -> float:
        return p95(self.wall)

    @property
    def note(self) -> str:
        computed = f"computed {p95(self.spent):.0f} at p95, {statistics.median(self.wall):.0f} wall at p50"
        return f"{computed}; {self.queries} queries, {self.size / 1000:.0f} kB; slowest {self.worst}"


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def pages(demands: int, solutions: int) -> Iterator[Row]:
    from cities.reference import load_cities
    from matching.moments.actions import refresh_exposures, refresh_gap
    from portal.guidance.sample_actions import is_empty
    from portal.jobs.models import Job
    from portal.searches.index_actions import index_is_new
    from portal.searches.word_actions import recount_words
    from portal.warming import settle

    prepare(pages=True)
    load_cities()
    if is_empty():
        index_is_new()
        call_command("generate_records", demands=demands, solutions=solutions)
        recount_words()
        Job.objects.all().delete()  # the rest takes a worker long, and no page waits for it
    refresh_gap()
    refresh_exposures()  # as a worker does every minute
    quick = override_settings(STAFF_SECOND_FACTOR=False, ALLOWED_HOSTS=["*"], EMBEDDING_BACKEND="fake")
    with quick, transaction.atomic():
        from tests.bench.sections.many_pages import asked_pages

        people, found = asked_pages()
        settle()  # as a web process does before its first request
        measured = [measure(page, people[page.who]) for page in chosen(found)]
        transaction.set_rollback(True)
    yield from report(measured, demands, solutions)


def chosen(found: list[Page]) -> list[Page]:
    """All, or those whose names hold what BENCH_PAGES says."""
    words = os.environ.get("BENCH_PAGES", "")
    return [page for page in found if words in page.name]


def report(measured: list[Page], demands: int, solutions: int) -> Iterator[Row]:
    size = f"{demands:,} demands, {solutions:,} solutions"
    yield row(f"pages asked for, {size}", len(measured), "≥ 200")
    yield row("of them over 150 ms at p95", sum(page.p95 > GOAL for page in measured), "≤ 0")
    wide = [value for page in measured for value in page.wall]
    yield row("all requests, ms, p95", p95(wide), f"≤ {GOAL:.0f}", f"{len(wide)} requests")
    for page in sorted(measured, key=lambda page: -page.p95):
        yield row(f"{page.name} ({page.who}), ms, p95", page.p95, f"≤ {GOAL:.0f}", page.note)


def measure(page: Page, client: Client) -> Page:
    """Each address once to warm what a process keeps, then so many requests by turns."""
    for path in page.paths if len(page.paths) < REQUESTS else page.paths[:WARM]:
        ask(client, path)
    for path in islice(cycle(page.paths), max(REQUESTS, len(page.paths))):
        one = ask(client, path)
        if not page.wall or one.wall > max(page.wall):
            page.worst = path
        page.wall.append(one.wall)
        page.spent.append(one.spent)
        page.queries, page.size = max(page.queries, one.queries), max(page.size, one.size)
        page.status = max(page.status, one.status)
    if LOG:
        log(page, Path(LOG))
    return page


@dataclass(frozen=True)
class Answer:
    wall: float
    spent: float
    queries: int
    size: int
    status: int


def ask(client: Client, path: str) -> Answer:
    """Until the first byte of what is streamed, until the last of everything else."""
    count, server = 0, server_pid()

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        began, spent = time.perf_counter(), time.thread_time() + cpu_of(server)
        response = client.get(path)
        body = next(iter(response.streaming_content), b"") if response.streaming else response.content
        wall, spent = time.perf_counter() - began, time.thread_time() + cpu_of(server) - spent
    return Answer(wall * 1000, spent * 1000, count, len(body), response.status_code)


def server_pid() -> int:
    info: Any = connection.connection.info
    return int(info.backend_pid)


def log(page: Page, file: Path) -> None:
    """A line as soon as it is known: the table comes at the end of half an hour."""
    with file.open("a", encoding="utf-8") as log:
        log.write(f"{page.p95:7.0f} {p95(page.spent):6.0f} {page.status} {page.name} ({page.who}): {page.note}\n")
