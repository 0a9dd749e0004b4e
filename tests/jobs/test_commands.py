"""`manage.py jobs`: what is owed, what is dead, a second chance."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.audit.models import AuditEvent
from portal.common.errors import Conflict
from portal.jobs.actions import claim, enqueue, retry_job
from portal.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("jobs", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def dead(job: Any) -> Job:
    return job(state=JobState.DEAD, attempts=5, last_error="ValueError: no such lamp")


def test_jobs_counts_by_kind_and_state(job: Any, dead: Job) -> None:
    job("thing:2", dead.kind)
    lines = said().splitlines()
    assert [line.split()[:4] for line in lines[1:]] == [
        ["default", dead.kind, "dead", "1"],
        ["default", dead.kind, "queued", "1"],
    ]


def test_jobs_counts_a_kind_that_nobody_handles(job: Any) -> None:
    job(kind="test.of_a_newer_version")
    assert said().splitlines()[1].startswith("(none)    test.of_a_newer_version")


def test_jobs_dead_lists_each_with_its_error(dead: Job) -> None:
    assert said("--dead").splitlines() == ["1 dead", f"{dead.pk:>8}  {dead.kind}  thing:1  ValueError: no such lamp"]


def test_jobs_retry_gives_five_more_attempts(dead: Job) -> None:
    assert said("--retry", str(dead.pk)) == f"{dead.pk}: queued\n"
    row = claim(dead.pk)
    assert row
    assert row.attempts == 1
    assert AuditEvent.objects.get().action == "job.retry"


def test_jobs_retry_all_takes_the_dead_only(dead: Job, job: Any) -> None:
    job("thing:2")
    assert said("--retry", "all") == f"{dead.pk}: queued\n"


def test_jobs_retry_of_a_job_that_waits_again_leaves_the_work_to_that_one(dead: Job) -> None:
    enqueue(kind=dead.kind, subject=dead.subject)
    assert said("--retry", str(dead.pk)) == f"{dead.pk}: done\n"
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1


def test_retry_job_of_a_job_that_is_not_dead_is_refused(job: Any) -> None:
    with pytest.raises(Conflict, match="Only a dead job"):
        retry_job(by="test", job=job())


@pytest.mark.parametrize("argument", ["4711", "x", "-1", "1;2"])
def test_jobs_retry_of_what_is_not_there_says_so(argument: str) -> None:
    with pytest.raises(CommandError):
        said("--retry", argument)


def test_sweep_jobs_once_says_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    call_command("sweep_jobs", "--once", stdout=out)
    assert out.getvalue() == "hinted 0, dead 0\n"
