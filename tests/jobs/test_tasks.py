"""What a worker does with a job: results and end together, errors kept, the database's absence outlived."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.jobs import tasks
from portal.jobs.actions import claim, enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.registry import PATIENTLY
from portal.jobs.tasks import prune_jobs, run_due, run_job
from tests.concurrency import PATIENCE, start
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("committed")


def test_run_job_commits_results_and_end_together(job: Any, kind: Any) -> None:
    row = job(kind_name=kind(lambda row: UserFactory(email="made@example.org")))
    run_job(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == (JobState.DONE, 1, "")
    assert User.objects.filter(email="made@example.org").count() == 1


def test_run_job_twice_works_once(job: Any, kind: Any) -> None:
    runs: list[int] = []
    row = job(kind_name=kind(lambda row: runs.append(row.pk)))
    run_job(row.pk)
    run_job(row.pk)
    assert runs == [row.pk]


def test_run_job_that_raises_keeps_nothing_but_the_reason(job: Any, kind: Any) -> None:
    def fail(row: Job) -> None:
        UserFactory(email="half@example.org")
        raise ValueError("no such lamp")

    row = job(kind_name=kind(fail))
    run_job(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == (JobState.QUEUED, 1, "ValueError: no such lamp")
    assert not User.objects.exists()


def test_run_job_whose_data_the_database_refuses_says_so_at_once(job: Any, kind: Any) -> None:
    """It once waited for its lease each time, and the reason was lost."""
    row = job(kind_name=kind(lambda row: UserFactory(language="x" * 50)))
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == JobState.QUEUED
    assert DataError.__name__ in row.last_error


def test_run_job_that_fails_five_times_is_dead(job: Any, kind: Any, caplog: pytest.LogCaptureFixture) -> None:
    row = job(kind_name=kind(lambda row: 1 / 0))
    for _attempt in range(7):
        Job.objects.filter(state=JobState.QUEUED).update(next_at="2020-01-01T00:00Z")
        run_job(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.DEAD, 5)
    assert "is dead after 5 attempts" in caplog.text


def test_run_job_whose_connection_is_cut_is_given_back_by_another(job: Any, kind: Any) -> None:
    def cut(row: Job) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    row = job(kind_name=kind(cut, waits=PATIENTLY))
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == JobState.QUEUED
    assert "terminat" in row.last_error
    assert row.next_at < timezone.now() + timedelta(seconds=5), "it waits for our database, not for a mail server"


def test_run_job_while_the_database_is_away_only_says_so(
    job: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(job_id: int) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks, "claim", away)
    run_job(job().pk)
    assert "the database is away" in caplog.text


def test_return_job_asks_again_until_the_database_is_back(job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [OperationalError("starting up"), InterfaceError("closed")]
    returned: list[str] = []

    def give_back(row: Job, error: str, *, soon: bool) -> None:
        if errors:
            raise errors.pop()
        returned.append(error)

    monkeypatch.setattr(tasks, "ASK_AGAIN_AFTER", (0.0, 0.01, 0.01, 0.01))
    monkeypatch.setattr(tasks, "give_back", give_back)
    tasks.return_job(job(), "boom")
    assert returned == ["boom"]


def test_prepare_runs_outside_the_transaction_and_in_english(job: Any, kind: Any) -> None:
    seen: list[Any] = []

    def prepare(row: Job) -> None:
        seen.append((connection.in_atomic_block, translation.get_language()))

    def run(row: Job) -> None:
        seen.append((connection.in_atomic_block, translation.get_language()))

    row = job(kind_name=kind(run, prepare=prepare))
    with translation.override("ko"):
        run_job(row.pk)
    assert seen == [(False, "en"), (True, "en")]


def test_run_job_taken_over_meanwhile_keeps_its_results_to_itself(job: Any, kind: Any) -> None:
    def slow(row: Job) -> None:
        Job.objects.filter(pk=row.pk).update(token="7d444840-9dc0-11d1-b245-5ffdce74fad2")
        UserFactory(email="late@example.org")

    row = job(kind_name=kind(slow))
    run_job(row.pk)
    assert not User.objects.exists()


def test_run_due_does_what_is_due_and_what_that_leads_to(kind: Any, job: Any) -> None:
    runs: list[str] = []
    second = kind(lambda row: runs.append("second"))

    def first(row: Job) -> None:
        runs.append("first")
        enqueue(kind=second, subject="thing:2")

    job(kind_name=kind(first))
    job("thing:later", next_at="2100-01-01T00:00Z")
    assert run_due() == 2
    assert runs == ["first", "second"]


def test_run_due_ends_although_a_job_keeps_failing(job: Any, kind: Any) -> None:
    row = job(kind_name=kind(lambda row: 1 / 0))
    assert run_due() == 1
    row.refresh_from_db()
    assert row.state == JobState.QUEUED


def test_a_job_under_way_holds_no_transaction_open_while_it_prepares(job: Any, kind: Any) -> None:
    def prepare(row: Job) -> None:
        with transaction.atomic():
            assert claim(row.pk) is None
        assert Job.objects.get(pk=row.pk).state == JobState.RUN

    row = job(kind_name=kind(prepare=prepare))
    run_job(row.pk)
    row.refresh_from_db()
    assert row.state == JobState.DONE


def test_prune_task_says_how_many(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        prune_jobs()
    assert "0 jobs done long ago" in caplog.text


def test_transaction_whose_end_was_interrupted_costs_the_next_job_nothing(job: Any, kind: Any) -> None:
    """As a signal does it that arrives in the very code that ends a transaction: the worker would commit no more."""

    def leave_open(row: Job) -> None:
        UserFactory(email="half@example.org")
        transaction.atomic().__enter__()

    run_job(job(kind_name=kind(leave_open)).pk)
    assert not connection.in_atomic_block
    second = job("thing:2", kind_name=kind(lambda row: UserFactory(email="whole@example.org")))
    run_job(second.pk)
    seen = start(lambda: list(User.objects.values_list("email", flat=True))).result(PATIENCE)
    assert seen == ["whole@example.org"]
