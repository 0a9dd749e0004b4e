"""The sweeper hints what waits too long and buries what ran out of attempts."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.jobs import actions
from portal.jobs.actions import FULL_QUEUE, KEEP_DONE, claim, prune, sweep
from portal.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db
TOKEN = "7d444840-9dc0-11d1-b245-5ffdce74fad2"


class Broker:
    """Remembers hints; as long as ``waiting`` says each queue is."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str]] = []
        self.waiting: dict[str, int] = {}
        self.is_there = True

    def hint(self, job_id: int, queue: str) -> bool:
        self.told.append((job_id, queue))
        return True

    def queue_lengths(self, queues: Any) -> dict[str, int]:
        return {queue: self.waiting.get(queue, 0) for queue in queues} if self.is_there else {}


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    fake = Broker()
    monkeypatch.setattr(actions, "hint", fake.hint)
    monkeypatch.setattr(actions, "queue_lengths", fake.queue_lengths)
    return fake


def ago(**span: float) -> Any:
    return timezone.now() - timedelta(**span)


def test_sweep_hints_a_job_whose_hint_was_lost_and_only_once(job: Any, broker: Broker) -> None:
    row = job(hinted_at=ago(seconds=5))
    assert sweep().hinted == 1
    assert sweep().hinted == 0
    assert broker.told == [(row.pk, "default")]


def test_sweep_leaves_a_job_hinted_just_now(job: Any) -> None:
    job()
    assert sweep().hinted == 0


def test_sweep_leaves_a_job_whose_time_has_not_come(job: Any) -> None:
    job(hinted_at=None, next_at=timezone.now() + timedelta(seconds=5))
    assert sweep().hinted == 0


def test_sweep_hints_a_job_whose_worker_died(job: Any, broker: Broker) -> None:
    row = job(hinted_at=ago(minutes=1))
    claim(row.pk)
    assert sweep().hinted == 0
    Job.objects.update(lease_until=ago(seconds=1))
    assert sweep().hinted == 1
    assert broker.told == [(row.pk, "default")]


def test_sweep_without_a_broker_leaves_all_for_later(job: Any, broker: Broker) -> None:
    job(hinted_at=None)
    broker.is_there = False
    assert sweep().hinted == 0
    broker.is_there = True
    assert sweep().hinted == 1


def test_sweep_does_not_add_to_a_full_queue(job: Any, broker: Broker) -> None:
    job(hinted_at=None)
    broker.waiting["default"] = FULL_QUEUE
    assert sweep().hinted == 0


def test_sweep_hints_the_one_mail_behind_a_full_queue(kind: Any, job: Any, broker: Broker) -> None:
    """Two hundred overdue jobs of one class once hid all others."""
    match, mail = kind(queue="match"), kind(queue="mail")
    for number in range(FULL_QUEUE * 2 + 50):
        job(f"thing:{number}", match, hinted_at=None, next_at=ago(hours=1))
    letter = job("thing:1", mail, hinted_at=None)
    broker.waiting["match"] = FULL_QUEUE
    assert sweep().hinted == 1
    assert broker.told == [(letter.pk, "mail")]


@pytest.mark.usefixtures("hasty_plan")
def test_sweep_fills_a_queue_with_the_longest_waiting_first(kind: Any, job: Any, broker: Broker) -> None:
    match = kind(queue="match")
    old = [job(f"old:{n}", match, hinted_at=None, next_at=ago(hours=1)).pk for n in range(3)]
    for number in range(5):
        job(f"new:{number}", match, hinted_at=None)
    broker.waiting["match"] = FULL_QUEUE - 3
    sweep()
    assert [job_id for job_id, _queue in broker.told] == old


def test_sweep_buries_a_job_whose_worker_died_five_times(job: Any, caplog: pytest.LogCaptureFixture) -> None:
    row = job(attempts=4)
    claim(row.pk)
    Job.objects.update(lease_until=ago(seconds=1))
    assert sweep().dead == 1
    row.refresh_from_db()
    assert (row.state, row.token) == (JobState.DEAD, None)
    assert "died or hung" in row.last_error
    assert f"job {row.pk}" in caplog.text


def test_sweep_leaves_jobs_of_unknown_kinds_alone(job: Any) -> None:
    job(kind="test.of_a_newer_version", hinted_at=None)
    assert sweep().hinted == 0


def test_prune_deletes_what_was_done_long_ago_and_nothing_else(job: Any) -> None:
    long_ago = timezone.now() - KEEP_DONE - timedelta(days=1)
    job("done:old", state=JobState.DONE, done_at=long_ago)
    kept = [
        job("done:new", state=JobState.DONE, done_at=timezone.now()),
        job("dead:old", state=JobState.DEAD, created_at=long_ago),
        job("waiting:old", created_at=long_ago, next_at=long_ago),
        job("running:old", state=JobState.RUN, token=TOKEN, lease_until=long_ago, created_at=long_ago),
    ]
    assert prune() == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {row.pk for row in kept}


def test_prune_takes_as_many_bites_as_it_needs(job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "PRUNE_AT_ONCE", 2)
    for number in range(5):
        job(f"done:{number}", state=JobState.DONE, done_at=timezone.now() - KEEP_DONE - timedelta(days=1))
    assert prune() == 5
