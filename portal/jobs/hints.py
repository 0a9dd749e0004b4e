"""Tell a worker that there is something to look at. Best effort: a lost hint costs seconds, never the work."""

import logging
import os
import time
from collections.abc import Iterable

from celery import current_app
from kombu.connection import Connection
from kombu.messaging import Producer
from kombu.pools import producers

logger = logging.getLogger(__name__)

TASK = "portal.jobs.run_job"
# A web request that hints must not wait for a broker that is away, and the next ones must not even ask.
PATIENCE = 0.4
SILENCE = 5.0
EXPIRES = 30  # seconds after which nobody needs the answer to a question any more
_IMPATIENT = {
    "socket_timeout": PATIENCE,
    "socket_connect_timeout": PATIENCE,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
}

_connection: Connection | None = None
_silent_until = 0.0


def _forget() -> None:
    """A child must not talk on its parent's socket."""
    global _connection
    _connection = None


os.register_at_fork(after_in_child=_forget)


def _broker() -> Connection:
    global _connection
    if _connection is None:
        options = {**current_app.conf.broker_transport_options, **_IMPATIENT}
        _connection = current_app.connection_for_write(transport_options=options, connect_timeout=PATIENCE)
    return _connection


def hint(job_id: int, queue: str) -> bool:
    """Publish a wake-up for one job. False, within about half a second, when no broker takes it."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        with producers[_broker()].acquire(block=True, timeout=PATIENCE) as producer:
            _publish(producer, job_id, queue)
    except Exception as error:
        # Whatever the transport raises, the job is owed all the same, and the sweeper will say so again.
        _silent_until = time.monotonic() + SILENCE
        logger.warning("no broker, no hints for %.0f s (job %s): %s", SILENCE, job_id, error)
        return False
    return True


def ask(task: str, arguments: list[str], queue: str) -> bool:
    """Publish a question whose answer somebody waits for now and nobody needs later: a lost one is not repeated."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        with producers[_broker()].acquire(block=True, timeout=PATIENCE) as producer:
            current_app.send_task(
                task, args=arguments, queue=queue, producer=producer, retry=False, ignore_result=True, expires=EXPIRES
            )
    except Exception as error:
        _silent_until = time.monotonic() + SILENCE
        logger.warning("no broker, no questions for %.0f s: %s", SILENCE, error)
        return False
    return True


def _publish(producer: Producer, job_id: int, queue: str) -> None:
    current_app.send_task(TASK, args=[job_id], queue=queue, producer=producer, retry=False, ignore_result=True)


def queue_lengths(queues: Iterable[str]) -> dict[str, int]:
    """How many hints wait in each queue; empty when no broker answers. Ends the silence when one does."""
    global _silent_until
    try:
        with producers[_broker()].acquire(block=True, timeout=PATIENCE) as producer:
            client = producer.channel.client
            lengths = {queue: int(client.llen(queue)) for queue in queues}
    except Exception as error:
        logger.warning("broker not reached: %s", error)
        return {}
    _silent_until = 0.0
    return lengths
