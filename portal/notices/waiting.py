"""How much waits for a person now: apps above tell it when a digest is written, because events alone would count what
a colleague has dealt with meanwhile."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in the active language and the page it leads to, without the language prefix."""

    text: str
    path: str


COUNTERS: list[Callable[[User], Iterable[Line]]] = []


def counts_waiting(counter: Callable[[User], Iterable[Line]]) -> Callable[[User], Iterable[Line]]:
    """Register a function that says, in the active language, what waits for this person. Nothing where nothing does."""
    COUNTERS.append(counter)
    return counter


def waiting_for(user: User) -> list[Line]:
    return [line for counter in COUNTERS for line in counter(user)]
