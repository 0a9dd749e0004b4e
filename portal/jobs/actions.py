"""Owe work, claim it, finish it or give it back. All SQL that the guarantees rest on stands here.

Every time is the database's: the clocks of two workers may differ by more than a lease.
"""

import hashlib
import json
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from portal.audit.actions import record
from portal.common.errors import Conflict
from portal.jobs.held import holding_for, note
from portal.jobs.hints import hint, queue_lengths
from portal.jobs.limits import renew
from portal.jobs.models import Job, JobState
from portal.jobs.registry import HANDLERS, SOON

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
HINT_AGAIN_AFTER = timedelta(seconds=4)
# The sweeper fills a queue up to here; above it the workers have enough to wake up for.
FULL_QUEUE = 100
KEEP_DONE = timedelta(days=14)
PRUNE_AT_ONCE = 5000
ERROR_CHARS = 4000
SILENT_DEATH = "the process that worked on it died or hung"


class LostLease(Exception):
    """Somebody else claimed the job while this process worked on it; its results must not commit."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: hints published, jobs buried."""

    hinted: int
    dead: int


def enqueue(
    *, kind: str, subject: str, payload: dict[str, Any] | None = None, dedupe: str = "", delay: timedelta = timedelta(0)
) -> int:
    """Owe one unit of work, in the caller's transaction. A job that already waits for the same thing absorbs this one.

    Work with different payloads is different work unless the caller says otherwise by ``dedupe``; then the newest
    payload counts. A waiting job that had failed starts afresh: what made it fail may be what has just changed.

    DO UPDATE, not DO NOTHING: it locks the waiting row, so that no worker can claim it, read the old data and be done
    before this transaction commits.

    What tells people of a decision that can still be taken back waits, or is not owed at all (returns 0): see held.py.
    """
    holding = holding_for(kind)
    if holding is not None and holding.delay is None:
        return 0
    delay = delay if holding is None or holding.delay is None else max(delay, holding.delay)
    body = json.dumps(payload or {}, sort_keys=True)
    values: dict[str, Any] = {
        "kind": kind, "subject": subject, "body": body, "delay": delay, "is_hinted": not delay,
        "dedupe": dedupe or _dedupe(kind, subject, body if payload else ""),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_job (kind, subject, payload, dedupe, state, attempts, last_error,
                                  created_at, next_at, hinted_at)
            VALUES (%(kind)s, %(subject)s, %(body)s::jsonb, %(dedupe)s, 'queued', 0, '',
                    clock_timestamp(), clock_timestamp() + %(delay)s,
                    CASE WHEN %(is_hinted)s THEN clock_timestamp() END)
            ON CONFLICT (dedupe) WHERE state = 'queued' DO UPDATE
            SET next_at = LEAST(jobs_job.next_at, EXCLUDED.next_at), payload = EXCLUDED.payload, attempts = 0,
                last_error = '', hinted_at = COALESCE(EXCLUDED.hinted_at, jobs_job.hinted_at)
            RETURNING id
            """,
            values,
        )
        job_id: int = cursor.fetchone()[0]
    if holding is not None:
        holding.jobs.append(job_id)
    note(job_id)
    handler = HANDLERS.get(kind)
    if handler is None:
        logger.error("job %s of kind %s has no handler in this process", job_id, kind)
    elif not delay:
        transaction.on_commit(lambda: hint(job_id, handler.queue))
    return job_id


def _dedupe(kind: str, subject: str, body: str) -> str:
    return f"{kind}/{subject}" + (f"/{hashlib.sha256(body.encode()).hexdigest()[:16]}" if body else "")


def claim(job_id: int) -> Job | None:
    """Take the job if it is due or its lease ran out; None if it is somebody's, done, dead or of an unknown kind.

    A row locked by a transaction that asks for the same work again is passed over: that transaction hints when it
    commits, and a worker that waited for it would do nothing else meanwhile.
    """
    kind = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first()
    handler = HANDLERS.get(kind or "")
    if handler is None:
        # Not a failure of the job: while a new version rolls out, older workers meet kinds they do not know.
        logger.warning("job %s of kind %s is left to a worker that knows it", job_id, kind)
        return None
    values: list[Any] = [uuid.uuid4(), handler.lease, SILENT_DEATH, job_id, MAX_ATTEMPTS]
    # All in one statement: a connection that breaks between two would leave the job claimed by nobody.
    claimed = Job.objects.raw(
        """
        UPDATE jobs_job
        SET state = 'run', attempts = attempts + 1, token = %s, lease_until = clock_timestamp() + %s, last_error = %s
        WHERE id = (
            SELECT id FROM jobs_job
            WHERE id = %s AND attempts < %s AND ((state = 'queued' AND next_at <= clock_timestamp())
                                                 OR (state = 'run' AND lease_until < clock_timestamp()))
            FOR UPDATE SKIP LOCKED
        )
        RETURNING *
        """,
        values,
    )
    return next(iter(claimed), None)


def claim_others(job: Job, most: int) -> list[Job]:
    """Take up to ``most`` other jobs of the same kind that are due and never failed, each fenced by its own token.

    What failed before is left to be done alone: it must not spoil the work of others twice.
    """
    values: list[Any] = [job.kind, job.pk, most, HANDLERS[job.kind].lease, SILENT_DEATH]
    # A plan may run a subquery once a row, and each run would lock the next ``most``: MATERIALIZED has it run once.
    claimed = Job.objects.raw(
        """
        WITH due AS MATERIALIZED (
            SELECT id FROM jobs_job
            WHERE kind = %s AND state = 'queued' AND attempts = 0 AND next_at <= clock_timestamp() AND id <> %s
            ORDER BY next_at, id LIMIT %s FOR UPDATE SKIP LOCKED
        )
        UPDATE jobs_job
        SET state = 'run', attempts = 1, token = gen_random_uuid(), lease_until = clock_timestamp() + %s,
            last_error = %s
        WHERE id IN (SELECT id FROM due)
        RETURNING *
        """,
        values,
    )
    return sorted(claimed, key=lambda other: other.pk)


def extend(job: Job) -> None:
    """Keep a long job's lease alive; raises LostLease when it is too late. Outside the transaction of the results."""
    lease = HANDLERS[job.kind].lease
    if not _mine(job).update(lease_until=Now() + lease):
        raise LostLease(str(job))
    renew(lease.total_seconds())


def one_at_a_time(job: Job) -> None:
    """Hold off other runs of the same work until this transaction ends.

    A request that came while the first run was under way is a job of its own. Ending in the wrong order, the first
    would overwrite what the second found in newer data.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"job/{job.dedupe}"])


def finish(job: Job) -> None:
    """Mark done inside the transaction of the results; raises LostLease, which rolls them back."""
    done = _mine(job).update(state=JobState.DONE, done_at=Now(), token=None, lease_until=None, last_error="")
    if not done:
        raise LostLease(str(job))


def give_back(job: Job, error: str, *, soon: bool = False) -> None:
    """Wait longer after each failure, and stop at five: a poison job must not occupy a worker for ever.

    ``soon``: the failure was of our own database, not of what the kind of job waits patiently for.
    """
    released = {
        "token": None,
        "lease_until": None,
        "hinted_at": None,
        "last_error": error[:ERROR_CHARS].replace("\0", ""),
    }
    if job.attempts >= MAX_ATTEMPTS:
        if _mine(job).update(state=JobState.DEAD, **released):
            logger.error("job %s is dead after %s attempts: %s", job, job.attempts, error[:300])
        return
    waits = SOON if soon else HANDLERS[job.kind].waits
    wait = waits[min(job.attempts, len(waits)) - 1]
    try:
        with transaction.atomic():
            _mine(job).update(state=JobState.QUEUED, next_at=Now() + wait, **released)
    except IntegrityError:
        # The same work was asked for again meanwhile, and that job waits already.
        _mine(job).update(state=JobState.DONE, done_at=Now(), **released)


def hasten(*, kinds: Sequence[str], failed_with: str = "") -> int:
    """Try what waits after a failure now, as if it had never failed: what it waited for is back. Returns how many.

    ``failed_with``: only jobs whose last error is of this type.
    """
    waiting = Job.objects.filter(kind__in=kinds, state=JobState.QUEUED, attempts__gt=0)
    if failed_with:
        waiting = waiting.filter(last_error__startswith=f"{failed_with}:")
    return waiting.update(attempts=0, next_at=Now(), hinted_at=None)


def cancel(job_ids: Sequence[int]) -> bool:
    """Forget jobs that nobody has begun, all or none; False when one of them has been begun or is done."""
    with transaction.atomic():
        found = list(Job.objects.select_for_update(no_key=True).filter(pk__in=job_ids))
        if any(job.state != JobState.QUEUED or job.attempts for job in found):
            return False
        Job.objects.filter(pk__in=[job.pk for job in found]).delete()
    return True


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUN)


def sweep() -> Swept:
    """Hint what is overdue, bury what ran out of attempts. Two sweepers at once are harmless."""
    dead = _bury()
    kinds_of: dict[str, list[str]] = {}
    for handler in HANDLERS.values():
        kinds_of.setdefault(handler.queue, []).append(handler.kind)
    hinted = 0
    for queue, length in queue_lengths(kinds_of).items():
        # Each queue for itself: ten thousand jobs of one class must not hide the one mail behind them.
        for job_id in _overdue(kinds_of[queue], FULL_QUEUE - length):
            hinted += hint(job_id, queue)
    return Swept(hinted, dead)


def _bury() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job SET state = 'dead', token = NULL, lease_until = NULL
            WHERE id IN (
                SELECT id FROM jobs_job WHERE state = 'run' AND lease_until < clock_timestamp() AND attempts >= %s
                FOR UPDATE SKIP LOCKED
            )
            RETURNING id, kind, subject
            """,
            [MAX_ATTEMPTS],
        )
        rows = cursor.fetchall()
    for row in rows:
        logger.error("job %s (%s %s) is dead: %s at its last attempt", *row, SILENT_DEATH)
    return len(rows)


def _overdue(kinds: Sequence[str], room: int) -> list[int]:
    """Take up to ``room`` overdue jobs for hinting, the longest waiting first, so that nobody else hints them now."""
    if room <= 0:
        return []
    values: list[Any] = [list(kinds), MAX_ATTEMPTS, HINT_AGAIN_AFTER, room]
    # MATERIALIZED for the same reason as in ``claim_others``.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH overdue AS MATERIALIZED (
                SELECT id FROM jobs_job
                WHERE kind = ANY(%s) AND attempts < %s AND ((state = 'queued' AND next_at <= clock_timestamp())
                                                            OR (state = 'run' AND lease_until < clock_timestamp()))
                  AND (hinted_at IS NULL OR hinted_at < clock_timestamp() - %s)
                ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
            )
            UPDATE jobs_job SET hinted_at = clock_timestamp() WHERE id IN (SELECT id FROM overdue)
            RETURNING id
            """,
            values,
        )
        return sorted(row[0] for row in cursor.fetchall())


@transaction.atomic
def retry_job(*, by: Any, job: Job) -> Job:
    """Give a dead job five more attempts, after its cause was mended. Raises Conflict unless it is dead.

    Where the same work waits again already, that job does it, and this one counts as done.
    """
    row = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    if row.state != JobState.DEAD:
        raise Conflict(_("Only a dead job can be tried again; this one is “%(state)s”.") % {"state": row.state})
    fresh = {"state": JobState.QUEUED, "attempts": 0, "next_at": Now(), "hinted_at": None}
    try:
        with transaction.atomic():
            Job.objects.filter(pk=row.pk).update(**fresh)
    except IntegrityError:
        Job.objects.filter(pk=row.pk).update(state=JobState.DONE, done_at=Now())
    record(by=by, action="job.retry", subject=row, before={"state": JobState.DEAD}, note=row.last_error)
    row.refresh_from_db()
    return row


def prune() -> int:
    """Delete jobs done more than ``KEEP_DONE`` ago, in small bites. Dead ones stay until somebody looks at them."""
    total = 0
    while True:
        old = Job.objects.filter(state=JobState.DONE, done_at__lt=Now() - KEEP_DONE).order_by("pk")[:PRUNE_AT_ONCE]
        gone, _by_model = Job.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
        total += gone
        if gone < PRUNE_AT_ONCE:
            return total
