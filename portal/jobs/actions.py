"""Owe work, claim it, finish it or give it back. All SQL that the guarantees rest on stands here."""

import json
import logging
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from portal.jobs.models import Job, JobState
from portal.jobs.registry import HANDLERS, Handler

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
HINT_AGAIN_AFTER = timedelta(seconds=4)
# Below this many waiting messages a queue is hinted again; above it the worker has enough to wake up for.
SHORT_QUEUE = 50


class LostLease(Exception):
    """Somebody else claimed the job while this process worked on it; its results must not commit."""


def enqueue(*, kind: str, subject: str, payload: dict | None = None, dedupe: str = "", delay: timedelta = timedelta(0)) -> int:
    """Owe one unit of work, in the caller's transaction. A job that already waits for the same thing absorbs this one.

    DO UPDATE, not DO NOTHING: it locks the waiting row, so that no worker can claim it, read the old data and be done
    before this transaction commits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_job (kind, subject, payload, dedupe, state, attempts, next_at, last_error, created_at)
            VALUES (%s, %s, %s::jsonb, %s, 'queued', 0, now() + %s, '', now())
            ON CONFLICT (dedupe) WHERE state = 'queued' DO UPDATE SET next_at = LEAST(jobs_job.next_at, EXCLUDED.next_at), payload = EXCLUDED.payload
            RETURNING id
            """,
            [kind, subject, json.dumps(payload or {}), dedupe or f"{kind}/{subject}", delay],
        )
        job_id: int = cursor.fetchone()[0]
    if not delay:
        transaction.on_commit(lambda: hint(job_id, kind))
    return job_id


def hint(job_id: int, kind: str) -> bool:
    """Tell a worker, best effort: a lost hint costs seconds (the sweeper repeats it), never the work."""
    from portal.jobs.tasks import run_job

    handler = HANDLERS.get(kind)
    if handler is None:
        logger.error("no handler for job kind %s", kind)
        return False
    try:
        run_job.apply_async([job_id], queue=handler.queue, retry=False)
    except Exception as error:
        logger.warning("job %s not hinted: %s", job_id, error)
        return False
    Job.objects.filter(pk=job_id).update(hinted_at=timezone.now())
    return True


def claim(job_id: int) -> Job | None:
    """Take the job if it waits or its lease ran out; None if it is somebody's, done or dead."""
    lease = _lease_of(job_id)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job SET state = 'run', attempts = attempts + 1, token = %s, lease_until = now() + %s
            WHERE id = %s AND attempts < %s
              AND ((state = 'queued' AND next_at <= now()) OR (state = 'run' AND lease_until < now()))
            RETURNING id
            """,
            [uuid.uuid4(), lease, job_id, MAX_ATTEMPTS],
        )
        if cursor.fetchone() is None:
            return None
    return Job.objects.get(pk=job_id)


def _lease_of(job_id: int) -> timedelta:
    kind = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first()
    handler = HANDLERS.get(kind or "")
    return handler.lease if handler else timedelta(seconds=30)


def extend(job: Job, handler: Handler | None = None) -> None:
    """Keep a long job's lease alive; raises LostLease when it is too late."""
    lease = (handler or HANDLERS[job.kind]).lease
    kept = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUN).update(lease_until=timezone.now() + lease)
    if not kept:
        raise LostLease(str(job))


def finish(job: Job) -> None:
    """Mark done inside the transaction of the results; raises LostLease, which rolls them back."""
    done = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUN).update(
        state=JobState.DONE, done_at=timezone.now(), token=None, lease_until=None, last_error=""
    )
    if not done:
        raise LostLease(str(job))


def give_back(job: Job, error: str) -> None:
    """Wait longer after each failure, and stop at five: a poison job must not occupy a worker for ever."""
    mine = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUN)
    released = {"token": None, "lease_until": None, "last_error": error[:4000]}
    with transaction.atomic():
        if job.attempts >= MAX_ATTEMPTS:
            mine.update(state=JobState.DEAD, **released)
            logger.error("job %s is dead after %s attempts: %s", job, job.attempts, error[:300])
        elif Job.objects.filter(dedupe=job.dedupe, state=JobState.QUEUED).exists():
            mine.update(state=JobState.DONE, done_at=timezone.now(), **released)  # a newer request does the same work
        else:
            mine.update(state=JobState.QUEUED, next_at=timezone.now() + timedelta(seconds=2 ** job.attempts), **released)


def sweep() -> dict[str, int]:
    """Hint what is overdue, bury what ran out of attempts. Two sweepers at once are harmless."""
    now = timezone.now()
    dead = Job.objects.filter(state=JobState.RUN, lease_until__lt=now, attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.DEAD, token=None, lease_until=None, last_error="the worker died or hung at every attempt"
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT id, kind FROM jobs_job
                WHERE ((state = 'queued' AND next_at <= now()) OR (state = 'run' AND lease_until < now()))
                  AND (hinted_at IS NULL OR hinted_at < now() - %s)
                ORDER BY next_at LIMIT 200 FOR UPDATE SKIP LOCKED
                """,
                [HINT_AGAIN_AFTER],
            )
            due = cursor.fetchall()
        lengths = _queue_lengths({HANDLERS[kind].queue for _id, kind in due if kind in HANDLERS})
        hinted = sum(hint(job_id, kind) for job_id, kind in due if kind in HANDLERS and lengths.get(HANDLERS[kind].queue, 0) < SHORT_QUEUE)
    return {"due": len(due), "hinted": hinted, "dead": dead}


def _queue_lengths(queues: set[str]) -> dict[str, int]:
    from portal.celery import app

    try:
        with app.connection_for_read() as broker:
            client = broker.default_channel.client
            return {queue: client.llen(queue) for queue in queues}
    except Exception as error:
        logger.warning("broker not reached: %s", error)
        return {queue: SHORT_QUEUE for queue in queues}
