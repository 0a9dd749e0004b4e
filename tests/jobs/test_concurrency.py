"""Two connections at the moments where a change could be missed or work be done twice."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.jobs.actions import _overdue, claim, enqueue, sweep
from portal.jobs.models import Job, JobState
from portal.jobs.tasks import perform, run_job
from tests.concurrency import PATIENCE, at_once, blocked_backends, eventually, start
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("committed")


def copying_kind(kind: Any, seen: list[str], **options: Any) -> str:
    """A kind that does what matching does: read the record as it is now, and write down what it saw."""
    return kind(lambda job: seen.append(User.objects.get(pk=job.subject).name), **options)


def test_claim_by_eight_workers_has_one_winner(job: Any) -> None:
    row = job()
    winners = [found for found in at_once([lambda: claim(row.pk)] * 8) if found is not None]
    assert len(winners) == 1
    assert Job.objects.get().attempts == 1


def test_change_under_way_keeps_the_waiting_job_from_running_on_old_data(kind: Any) -> None:
    """The race that DO UPDATE closes: with DO NOTHING the worker would be done before the change commits."""
    seen: list[str] = []
    user = UserFactory(name="old")
    name = copying_kind(kind, seen)
    job_id = enqueue(kind=name, subject=str(user.pk))
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(name="new")
        assert enqueue(kind=name, subject=str(user.pk)) == job_id
        start(lambda: run_job(job_id)).result(PATIENCE)
        assert seen == []
    run_job(job_id)
    assert seen == ["new"]
    assert Job.objects.get().state == JobState.DONE


def test_change_during_a_run_leads_to_a_second_run(kind: Any) -> None:
    user = UserFactory(name="old")
    seen: list[str] = []

    def change_meanwhile(job: Job) -> None:
        def change() -> None:
            User.objects.filter(pk=user.pk).update(name="new")
            enqueue(kind=job.kind, subject=job.subject)

        if not seen:
            seen.append(User.objects.get(pk=user.pk).name)
            start(change).result(PATIENCE)
        else:
            seen.append(User.objects.get(pk=user.pk).name)

    enqueue(kind=kind(change_meanwhile), subject=str(user.pk))
    for _round in range(2):
        run_job(Job.objects.get(state=JobState.QUEUED).pk)
    assert seen == ["old", "new"]
    assert list(Job.objects.values_list("state", flat=True)) == [JobState.DONE] * 2


def test_two_runs_of_the_same_work_do_not_overlap(kind: Any) -> None:
    """The first read old data; were it to end last, it would overwrite what the second found."""
    user = UserFactory(name="old")
    inside: list[str] = []

    def slow(job: Job) -> None:
        inside.append(f"in {job.pk}")
        time.sleep(0.3)
        inside.append(f"out {job.pk}")

    name = kind(slow)
    first = enqueue(kind=name, subject=str(user.pk))
    mine = claim(first)
    second = enqueue(kind=name, subject=str(user.pk))
    other = claim(second)
    assert mine
    assert other
    at_once([lambda: perform(mine), lambda: perform(other)])
    assert [word.split()[0] for word in inside] == ["in", "out", "in", "out"]


def test_enqueue_of_the_same_work_by_two_transactions_is_one_job(kind: Any) -> None:
    name = kind()
    with transaction.atomic():
        job_id = enqueue(kind=name, subject="thing:1")
        other = start(lambda: enqueue(kind=name, subject="thing:1"))
        eventually(lambda: blocked_backends() == 1)
    assert other.result(PATIENCE) == job_id
    assert Job.objects.count() == 1


def test_enqueue_after_another_transaction_gave_up_still_owes_the_work(kind: Any) -> None:
    name = kind()
    with transaction.atomic():
        enqueue(kind=name, subject="thing:1")
        other = start(lambda: enqueue(kind=name, subject="thing:1"))
        eventually(lambda: blocked_backends() == 1)
        transaction.set_rollback(True)
    assert other.result(PATIENCE) == Job.objects.get().pk


def test_enqueue_at_the_moment_of_the_claim_loses_nothing(kind: Any) -> None:
    """Eighty changes, each racing with the worker: the last value written is always the last one seen."""
    seen: list[str] = []
    user = UserFactory(name="start")
    name = copying_kind(kind, seen)

    def change(number: int) -> None:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(name=f"name {number}")
            enqueue(kind=name, subject=str(user.pk))

    def work() -> None:
        for job_id in list(Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True)):
            run_job(job_id)

    for number in range(80):
        assert at_once([lambda number=number: change(number), work]) == [None, None]
    work()
    assert seen[-1] == "name 79"
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_sweeping_twice_at_once_hints_each_job_once(kind: Any) -> None:
    name = kind()
    for number in range(30):
        enqueue(kind=name, subject=f"thing:{number}")
    Job.objects.update(hinted_at=timezone.now() - timedelta(minutes=1))
    first, second = at_once([lambda: _overdue([name], 100)] * 2)
    assert len(first) + len(second) == 30
    assert not set(first) & set(second)


def test_burying_twice_at_once_is_harmless(job: Any, kind: Any) -> None:
    name = kind()
    for number in range(10):
        job(f"thing:{number}", name, state="run", attempts=5, token="7d444840-9dc0-11d1-b245-5ffdce74fad2",
            lease_until=timezone.now() - timedelta(seconds=1))  # fmt: skip
    swept = at_once([sweep, sweep])
    assert sum(found.dead for found in swept) == 10
