"""The only Celery task of the portal's business: it carries a job's id and nothing else."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from celery import shared_task
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.db.models.functions import Now
from django.utils import translation

from portal.jobs import hints
from portal.jobs.actions import LostLease, claim, claim_others, finish, give_back, one_at_a_time, prune
from portal.jobs.limits import bounded
from portal.jobs.models import Job, JobState
from portal.jobs.registry import GATHER, HANDLERS, TOGETHER

logger = logging.getLogger(__name__)

# How often a worker asks after a database that went away under a job, before it leaves the job to its lease.
ASK_AGAIN_AFTER = (0.0, 0.5, 1.0, 2.0, 4.0)


@shared_task(name=hints.TASK, acks_late=False)  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    """Do one job. Acknowledged early: a lost message is repeated by the sweeper, a repeated one claims nothing."""
    close_old_connections()
    try:
        job = claim(job_id)
    except (OperationalError, InterfaceError) as error:
        logger.warning("job %s not claimed, the database is away: %s", job_id, error)
        return
    if job is None:
        return
    jobs = _with_others(job)
    if len(jobs) == 1 or not _done_together(jobs):
        for one in jobs:
            _do(one)


def _do(job: Job) -> None:
    try:
        with _no_transaction_left(), bounded(HANDLERS[job.kind].lease.total_seconds()):
            perform(job)
    except LostLease:
        logger.info("job %s was taken over by another worker", job)
    except Exception as error:
        logger.exception("job %s failed", job)
        return_job(job, f"{type(error).__name__}: {error}", soon=isinstance(error, OperationalError | InterfaceError))


def _with_others(job: Job) -> list[Job]:
    """The job, and those of its kind that come within a moment, where the kind is done together."""
    if HANDLERS[job.kind].together is None or job.attempts > 1:
        return [job]
    time.sleep(GATHER.total_seconds())
    try:
        return [job, *claim_others(job, TOGETHER - 1)]
    except (OperationalError, InterfaceError) as error:
        logger.warning("nothing claimed to go with %s: %s", job, error)
        return [job]


def _done_together(jobs: Sequence[Job]) -> bool:
    """Do all of them in one transaction; False, with nothing done, where one of them spoils it for the others."""
    try:
        with _no_transaction_left(), bounded(HANDLERS[jobs[0].kind].lease.total_seconds()):
            perform_together(jobs)
    except Exception as error:
        logger.warning("%s jobs like %s are done one by one: %s: %s", len(jobs), jobs[0], type(error).__name__, error)
        return False
    return True


@contextmanager
def _no_transaction_left() -> Iterator[None]:
    """An interruption may land in the end of a transaction itself. Django would take all that comes after for a part
    of it: nothing would be committed, and a connection that broke would never be made again."""
    was_inside = connection.in_atomic_block
    try:
        yield
    finally:
        if connection.in_atomic_block and not was_inside:
            logger.warning("a transaction was left open; its connection is dropped")
            _drop_connection()


def _drop_connection() -> None:
    raw, connection.connection = connection.connection, None
    if raw is not None:
        with suppress(OperationalError, InterfaceError), connection.wrap_database_errors:
            raw.close()
    with suppress(OperationalError, InterfaceError):  # away for now; it is asked for again where it is needed
        connection.connect()


def perform_together(jobs: Sequence[Job]) -> None:
    """As ``perform``, for several jobs of one kind: all their results and ends commit at once, or none."""
    together = HANDLERS[jobs[0].kind].together
    if together is None:
        raise ValueError(f"{jobs[0].kind} is not done together")
    with translation.override("en"), transaction.atomic():
        # In one order for everybody, so that two workers never wait for each other.
        for job in sorted(jobs, key=lambda job: job.dedupe):
            one_at_a_time(job)
        together(jobs)
        for job in jobs:
            finish(job)


def perform(job: Job) -> None:
    """Run the handler and commit its results together with the job's end; raises what the handler raises."""
    handler = HANDLERS[job.kind]
    with translation.override("en"):
        if handler.prepare:
            handler.prepare(job)
        with transaction.atomic():
            one_at_a_time(job)
            handler.run(job)
            finish(job)


def return_job(job: Job, error: str, *, soon: bool = False) -> None:
    """Give the job back, waiting a few seconds for a database that restarts: sooner than the lease would."""
    for pause in ASK_AGAIN_AFTER:
        time.sleep(pause)
        try:
            close_old_connections()
            give_back(job, error, soon=soon)
        except (OperationalError, InterfaceError) as away:
            logger.warning("job %s not given back yet: %s", job, away)
            connection.close()
        else:
            return


def run_due(limit: int = 1000) -> int:
    """Do everything that is due, here and now: for tests and commands. Returns how many jobs ran."""
    done = 0
    while done < limit:
        due = Job.objects.filter(state=JobState.QUEUED, next_at__lte=Now(), kind__in=list(HANDLERS))
        ran = sum(_run_here(pk) for pk in list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:200]))
        if not ran:
            return done
        done += ran
    return done


def _run_here(job_id: int) -> bool:
    job = claim(job_id)
    if job is None:
        return False
    try:
        perform(job)
    except LostLease:
        logger.info("job %s was taken over by another worker", job)
    except Exception as error:
        logger.exception("job %s failed", job)
        give_back(job, f"{type(error).__name__}: {error}")
    return True


@shared_task(name="portal.jobs.prune")  # type: ignore[untyped-decorator]
def prune_jobs() -> None:
    logger.info("%s jobs done long ago were deleted", prune())
