"""Which function does which kind of job. Apps register theirs in tasks.py, which Celery and Django both import."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.jobs.models import Job

    Work = Callable[[Job], None]
    WorkTogether = Callable[[Sequence[Job]], None]

# A dead worker's jobs wait this long at most, and a job that hangs holds its process no longer.
LEASE = timedelta(seconds=30)
# How many jobs are done together, and how long a worker waits for company: unnoticed by people, enough for a burst.
TOGETHER = 64
GATHER = timedelta(milliseconds=20)
# Waits after the first, second, third and fourth failure; the fifth is the last.
SOON: tuple[timedelta, ...] = tuple(timedelta(seconds=2**failure) for failure in (1, 2, 3, 4))
# For work that depends on somebody else's server, which may be away for a night.
PATIENTLY: tuple[timedelta, ...] = (
    timedelta(seconds=30),
    timedelta(minutes=10),
    timedelta(hours=2),
    timedelta(hours=12),
)


@dataclass(frozen=True, slots=True)
class Handler:
    """``prepare`` runs outside any transaction (encoding, network); ``run`` commits with the job's own token.

    Neither may be silent for longer than ``lease``: between two calls of ``extend`` a process that takes longer is
    ended, because nobody could tell it from one that hangs.

    ``together`` does up to ``TOGETHER`` jobs of the kind in one transaction, for work that costs little more for many
    than for one: a worker that took one waits ``GATHER`` for what else comes. Such a kind prepares nothing.
    """

    kind: str
    queue: str
    run: "Work"
    prepare: "Work | None" = None
    lease: timedelta = LEASE
    waits: tuple[timedelta, ...] = SOON
    together: "WorkTogether | None" = None


HANDLERS: dict[str, Handler] = {}


def handles(
    kind: str,
    *,
    queue: str,
    prepare: "Work | None" = None,
    lease: timedelta = LEASE,
    waits: tuple[timedelta, ...] = SOON,
    together: "WorkTogether | None" = None,
) -> "Callable[[Work], Work]":
    """Register the decorated function as ``run`` of the kind. Raises ValueError for a kind that is taken."""

    def register(run: "Work") -> "Work":
        if kind in HANDLERS and HANDLERS[kind].run.__qualname__ != run.__qualname__:
            raise ValueError(f"two handlers for {kind}")
        if prepare and together:
            raise ValueError(f"{kind}: what is done together prepares nothing")
        HANDLERS[kind] = Handler(kind, queue, run, prepare, lease, waits, together)
        return run

    return register
