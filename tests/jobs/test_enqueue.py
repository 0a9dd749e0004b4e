"""What is owed once, what absorbs what, and who is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from portal.jobs import actions
from portal.jobs.actions import claim, enqueue
from portal.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(actions, "hint", lambda job_id, queue: told.append((job_id, queue)) or True)
    return told


def test_enqueue_twice_while_waiting_is_one_job(kind: Any) -> None:
    name = kind()
    first, second = enqueue(kind=name, subject="thing:1"), enqueue(kind=name, subject="thing:1")
    assert first == second
    assert Job.objects.count() == 1


def test_enqueue_another_subject_is_another_job(kind: Any) -> None:
    name = kind()
    assert enqueue(kind=name, subject="thing:1") != enqueue(kind=name, subject="thing:2")


def test_enqueue_another_payload_is_another_job(kind: Any) -> None:
    name = kind()
    first = enqueue(kind=name, subject="thing:1", payload={"move": "offer"})
    second = enqueue(kind=name, subject="thing:1", payload={"move": "introduce"})
    assert [Job.objects.get(pk=pk).payload["move"] for pk in (first, second)] == ["offer", "introduce"]


def test_enqueue_same_dedupe_keeps_the_newest_payload(kind: Any) -> None:
    name = kind()
    enqueue(kind=name, subject="thing:1", payload={"version": 1}, dedupe="mine")
    enqueue(kind=name, subject="thing:1", payload={"version": 2}, dedupe="mine")
    assert Job.objects.get().payload == {"version": 2}


def test_enqueue_while_running_is_a_second_job(job: Any) -> None:
    row = job()
    assert claim(row.pk)
    again = enqueue(kind=row.kind, subject=row.subject)
    assert again != row.pk
    assert set(Job.objects.values_list("state", flat=True)) == {"run", "queued"}


def test_enqueue_onto_a_failing_job_starts_it_afresh_and_at_once(job: Any) -> None:
    row = job(attempts=4, last_error="boom", next_at=timezone.now() + timedelta(hours=1))
    enqueue(kind=row.kind, subject=row.subject)
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (0, "")
    assert row.next_at <= timezone.now()


def test_enqueue_with_delay_does_not_postpone_what_is_due(job: Any) -> None:
    row = job()
    enqueue(kind=row.kind, subject=row.subject, delay=timedelta(hours=1))
    row.refresh_from_db()
    assert row.next_at <= timezone.now()


def test_enqueue_hints_after_commit(kind: Any, hints: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    name = kind(queue="mail")
    with django_capture_on_commit_callbacks(execute=True):
        job_id = enqueue(kind=name, subject="thing:1")
        assert hints == []
    assert hints == [(job_id, "mail")]


def test_enqueue_delayed_hints_nobody(kind: Any, hints: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(kind=kind(), subject="thing:1", delay=timedelta(minutes=1))
    assert hints == []


def test_enqueue_rolled_back_leaves_no_job_and_no_hint(
    kind: Any, hints: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        enqueue(kind=kind(), subject="thing:1")
        transaction.set_rollback(True)
    assert hints == []
    assert Job.objects.count() == 0


def test_enqueue_of_an_unknown_kind_is_kept_for_a_worker_that_knows_it(caplog: pytest.LogCaptureFixture) -> None:
    job_id = enqueue(kind="test.not_yet", subject="thing:1")
    assert "no handler" in caplog.text
    assert claim(job_id) is None
    assert Job.objects.get().state == "queued"
    assert Job.objects.get().attempts == 0
