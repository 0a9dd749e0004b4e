"""Which function does which kind of job. Apps register theirs in tasks.py, which Celery and Django both import."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Handler:
    """``prepare`` runs outside any transaction (encoding, network); ``run`` commits with the job's own token."""

    kind: str
    queue: str
    run: Callable[["Job"], None]
    prepare: Callable[["Job"], None] | None = None
    lease: timedelta = timedelta(seconds=120)


HANDLERS: dict[str, Handler] = {}


def handles(kind: str, *, queue: str, prepare: Callable[["Job"], None] | None = None,
            lease: timedelta = timedelta(seconds=120)) -> Callable[[Callable[["Job"], None]], Callable[["Job"], None]]:
    def register(run: Callable[["Job"], None]) -> Callable[["Job"], None]:
        if kind in HANDLERS and HANDLERS[kind].run.__qualname__ != run.__qualname__:
            raise ValueError(f"two handlers for {kind}")
        HANDLERS[kind] = Handler(kind, queue, run, prepare, lease)
        return run

    return register
