"""A claim is exclusive, and only its holder may end it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.jobs.actions import MAX_ATTEMPTS, LostLease, claim, enqueue, extend, finish, give_back
from portal.jobs.models import Job, JobState
from portal.jobs.registry import PATIENTLY, SOON

pytestmark = pytest.mark.django_db


def claimed(row: Job) -> Job:
    mine = claim(row.pk)
    assert mine is not None
    return mine


def lapse(row: Job) -> None:
    Job.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_claim_of_a_claimed_job_is_refused(job: Any) -> None:
    row = job()
    claimed(row)
    assert claim(row.pk) is None


def test_claim_before_its_time_is_refused(job: Any) -> None:
    assert claim(job(next_at=timezone.now() + timedelta(seconds=30)).pk) is None


@pytest.mark.parametrize("state", [JobState.DONE, JobState.DEAD])
def test_claim_of_an_ended_job_is_refused(job: Any, state: str) -> None:
    assert claim(job(state=state, done_at=timezone.now()).pk) is None


def test_claim_of_no_job_is_refused() -> None:
    assert claim(4711) is None


def test_claim_after_the_lease_takes_over_with_a_new_token(job: Any) -> None:
    first = claimed(job())
    lapse(first)
    second = claimed(first)
    assert second.token != first.token
    assert second.attempts == 2


def test_claim_for_a_sixth_time_is_refused(job: Any) -> None:
    row = claimed(job(attempts=MAX_ATTEMPTS - 1))
    lapse(row)
    assert claim(row.pk) is None


def test_finish_after_a_takeover_rolls_the_results_back(job: Any) -> None:
    first = claimed(job())
    lapse(first)
    second = claimed(first)

    @transaction.atomic
    def end_late() -> None:
        User.objects.create_user("late@example.org")
        finish(first)

    with pytest.raises(LostLease):
        end_late()
    assert not User.objects.filter(email="late@example.org").exists()
    finish(second)
    assert Job.objects.get().state == JobState.DONE


def test_extend_after_a_takeover_is_refused(job: Any) -> None:
    first = claimed(job())
    lapse(first)
    claimed(first)
    with pytest.raises(LostLease):
        extend(first)


def test_extend_prolongs_the_lease(job: Any) -> None:
    row = claimed(job())
    Job.objects.filter(pk=row.pk).update(lease_until=timezone.now() + timedelta(seconds=1))
    began = timezone.now()
    extend(row)
    assert Job.objects.get().lease_until > began + timedelta(seconds=20)


def test_give_back_after_a_takeover_changes_nothing(job: Any) -> None:
    first = claimed(job())
    lapse(first)
    second = claimed(first)
    give_back(first, "too late")
    row = Job.objects.get()
    assert (row.state, row.token) == (JobState.RUN, second.token)


@pytest.mark.parametrize("waits", [SOON, PATIENTLY])
def test_give_back_waits_longer_each_time_and_stops_at_five(kind: Any, job: Any, waits: tuple[timedelta, ...]) -> None:
    row = job(kind_name=kind(waits=waits))
    waited = []
    for _attempt in range(4):
        give_back(claimed(row), "boom")
        row.refresh_from_db()
        waited.append(round((row.next_at - timezone.now()).total_seconds()))
        Job.objects.filter(pk=row.pk).update(next_at=timezone.now())
    assert waited == [wait.total_seconds() for wait in waits]
    give_back(claimed(row), "boom for ever")
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == (JobState.DEAD, MAX_ATTEMPTS, "boom for ever")


def test_give_back_while_a_newer_request_waits_leaves_the_work_to_it(job: Any) -> None:
    row = claimed(job())
    newer = enqueue(kind=row.kind, subject=row.subject)
    give_back(row, "boom")
    assert Job.objects.get(pk=row.pk).state == JobState.DONE
    assert Job.objects.get(pk=newer).state == JobState.QUEUED


def test_give_back_keeps_errors_that_postgresql_cannot_store(job: Any) -> None:
    row = claimed(job())
    give_back(row, "bad \0 byte " + "x" * 9000)
    assert Job.objects.get().last_error.startswith("bad  byte xxx")


def test_job_left_by_a_dead_process_says_so(job: Any) -> None:
    assert "died or hung" in claimed(job()).last_error
