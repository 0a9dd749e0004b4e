"""What goes out after a decision waits a moment, so that taking the decision back leaves no mail behind.

Inside ``held`` every job of a kind that tells people (``notices.…``) is owed with a delay, and its id is kept; inside
``unsaid`` such jobs are not owed at all. Whatever else follows from a decision goes its way at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

TELLING = "notices."


@dataclass(slots=True)
class Holding:
    """``delay`` None: what would be told is dropped. ``jobs`` are the ids of what is held back."""

    delay: timedelta | None
    jobs: list[int] = field(default_factory=list)


_holding: ContextVar[Holding | None] = ContextVar("holding", default=None)
_noted: ContextVar[list[int] | None] = ContextVar("noted", default=None)


def holding_for(kind: str) -> Holding | None:
    """What applies to a job of this kind that is owed now."""
    return _holding.get() if kind.startswith(TELLING) else None


@contextmanager
def held(delay: timedelta) -> Iterator[Holding]:
    with _within(Holding(delay)) as holding:
        yield holding


@contextmanager
def unsaid() -> Iterator[Holding]:
    with _within(Holding(None)) as holding:
        yield holding


@contextmanager
def _within(holding: Holding) -> Iterator[Holding]:
    token = _holding.set(holding)
    try:
        yield holding
    finally:
        _holding.reset(token)


@contextmanager
def noting() -> Iterator[list[int]]:
    """The ids of all jobs that are owed inside, of whatever kind."""
    noted: list[int] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def note(job_id: int) -> None:
    if (noted := _noted.get()) is not None:
        noted.append(job_id)
