"""The only Celery task of the portal's business: it carries a job's id and nothing else."""

import logging

from celery import shared_task
from django.db import DatabaseError, InterfaceError, close_old_connections, transaction
from django.utils import translation

from portal.jobs.actions import LostLease, claim, finish, give_back
from portal.jobs.models import Job
from portal.jobs.registry import HANDLERS

logger = logging.getLogger(__name__)


@shared_task(name="portal.jobs.run_job", acks_late=False)
def run_job(job_id: int) -> None:
    """Do one job. Acknowledged early: a lost message is repeated by the sweeper, a repeated one finds nothing to claim."""
    close_old_connections()
    try:
        job = claim(job_id)
        if job is not None:
            perform(job)
    except (DatabaseError, InterfaceError) as error:
        # The database is the truth and it is away: the lease runs out and the sweeper brings the job back.
        logger.warning("job %s interrupted: %s", job_id, error)


def perform(job: Job) -> None:
    """Run the handler and commit its results together with the job's end, or give the job back."""
    handler = HANDLERS.get(job.kind)
    if handler is None:
        give_back(job, f"no handler for {job.kind}")
        return
    try:
        with translation.override("en"):
            if handler.prepare:
                handler.prepare(job)
            with transaction.atomic():
                handler.run(job)
                finish(job)
    except LostLease:
        logger.info("job %s was taken over by another worker", job)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("job %s failed", job)
        give_back(job, f"{type(error).__name__}: {error}")


def run_due(limit: int = 1000) -> int:
    """Do everything that is due, here and now: for tests, commands and a portal without workers. Returns how many ran."""
    done = 0
    while done < limit:
        due = Job.objects.filter(state="queued").order_by("next_at", "pk").values_list("pk", flat=True)
        ran = 0
        for job_id in list(due[:200]):
            job = claim(job_id)
            if job is not None:
                perform(job)
                ran += 1
        if not ran:
            return done
        done += ran
    return done
