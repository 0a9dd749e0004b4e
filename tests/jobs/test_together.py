"""Jobs of one kind done in one transaction: each keeps its own fence, and none suffers from another."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.jobs import tasks
from portal.jobs.actions import claim, claim_others, enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.tasks import run_job
from tests.concurrency import at_once
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "GATHER", timedelta(milliseconds=1))


@pytest.fixture
def batches(kind: Callable[..., str]) -> tuple[str, list[list[str]]]:
    """A kind done together, and what it was given each time. Subjects that begin with "poison" fail."""
    seen: list[list[str]] = []

    def together(jobs: Sequence[Job]) -> None:
        seen.append(sorted(job.subject for job in jobs))
        for job in jobs:
            if job.subject.startswith("poison"):
                raise ValueError(job.subject)
            User.objects.filter(name=job.subject).update(name=f"{job.subject} done")

    return kind(lambda job: together([job]), together=together), seen


def owe(name: str, *subjects: str) -> list[int]:
    return [enqueue(kind=name, subject=subject) for subject in subjects]


def test_what_waits_is_done_with_the_first_in_one_go(batches: Any) -> None:
    name, seen = batches
    first, *_others = owe(name, "a", "b", "c")
    run_job(first)
    assert seen == [["a", "b", "c"]]
    assert list(Job.objects.values_list("state", "token")) == [(JobState.DONE, None)] * 3


def test_hint_of_a_job_done_in_company_finds_nothing_to_do(batches: Any) -> None:
    name, seen = batches
    first, second = owe(name, "a", "b")
    run_job(first)
    run_job(second)
    assert len(seen) == 1


def test_kind_that_is_not_done_together_goes_alone(kind: Any) -> None:
    seen: list[str] = []
    name = kind(lambda job: seen.append(job.subject))
    first, _second = owe(name, "a", "b")
    run_job(first)
    assert seen == ["a"]


def test_one_that_fails_costs_the_others_nothing(batches: Any) -> None:
    name, seen = batches
    for subject in ("a", "b"):
        UserFactory(name=subject)
    first, *_others = owe(name, "a", "poison", "b")
    run_job(first)
    assert seen == [["a", "b", "poison"], ["a"], ["poison"], ["b"]]
    assert set(User.objects.values_list("name", flat=True)) == {"a done", "b done"}
    states = dict(Job.objects.values_list("subject", "state"))
    assert states == {"a": JobState.DONE, "b": JobState.DONE, "poison": JobState.QUEUED}
    assert Job.objects.get(subject="poison").attempts == 1


def test_one_that_failed_before_is_left_out_of_company(batches: Any) -> None:
    name, seen = batches
    first, second = owe(name, "a", "b")
    Job.objects.filter(pk=second).update(attempts=1)
    run_job(first)
    assert seen == [["a"]]


def test_one_that_is_not_due_waits(batches: Any) -> None:
    name, seen = batches
    first, second = owe(name, "a", "b")
    Job.objects.filter(pk=second).update(next_at=timezone.now() + timedelta(minutes=1))
    run_job(first)
    assert seen == [["a"]]


def test_one_taken_over_meanwhile_rolls_all_back_and_the_others_are_done_again(
    batches: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, seen = batches
    UserFactory(name="a")
    first, second = owe(name, "a", "b")
    real = tasks.claim_others

    def claim_and_lose(job: Job, most: int) -> list[Job]:
        others = real(job, most)
        Job.objects.filter(pk=second).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert claim(second)
        return others

    monkeypatch.setattr(tasks, "claim_others", claim_and_lose)
    run_job(first)
    assert seen == [["a", "b"], ["a"], ["b"]]
    assert User.objects.get().name == "a done"
    assert dict(Job.objects.values_list("subject", "state")) == {"a": JobState.DONE, "b": JobState.RUN}


def test_workers_at_once_share_the_work_without_overlap(batches: Any) -> None:
    name, _seen = batches
    jobs = owe(name, *(f"thing:{number}" for number in range(40)))
    heads = [claim(pk) for pk in jobs[:4]]
    found = at_once([lambda head=head: claim_others(head, 63) for head in heads])
    taken = [job.pk for others in found for job in others]
    assert sorted(taken) == sorted(jobs[4:])
    assert len({job.token for others in found for job in others}) == 36


def test_kind_that_prepares_cannot_be_done_together(kind: Any) -> None:
    with pytest.raises(ValueError, match="prepares nothing"):
        kind(lambda job: None, prepare=lambda job: None, together=lambda jobs: None)


@pytest.mark.usefixtures("hasty_plan")
def test_never_more_are_taken_than_asked_for(kind: Any, job: Any) -> None:
    name = kind(together=lambda jobs: None)
    head, *_others = [job(f"thing:{number}", name) for number in range(9)]
    assert len(claim_others(head, 3)) == 3
