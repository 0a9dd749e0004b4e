"""The listed solutions as what ranks them sees them: all scored in memory, or a snapshot and what changed since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Count, Max

from catalog.models import Solution
from matching import snapshots
from matching.adapters import solution_profiles, vocabulary
from matching.engine import CandidateSet, DemandProfile, ScoringConfig, evaluate
from matching.machine import MISSES, Finding, Whole
from matching.models import TextVector
from matching.vectors import current_backend


class Catalogue(Protocol):
    """What demands are matched with. ``without_meaning``: whether a solution is not compared by its text yet."""

    stamp: tuple[Any, ...]
    without_meaning: bool

    def find(self, demands: Sequence[DemandProfile], *, today: int, config: ScoringConfig) -> Iterator[Finding]:
        """What is found for each demand, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """Every solution in memory, every pair scored: the fastest way up to a few thousand, and always possible."""

    stamp: tuple[Any, ...]
    candidates: CandidateSet
    without_meaning: bool

    def find(self, demands: Sequence[DemandProfile], *, today: int, config: ScoringConfig) -> Iterator[Finding]:
        for demand in demands:
            yield Whole(evaluate(demand, self.candidates, today=today, config=config), MISSES)


class NotReady(Exception):
    """There are more solutions than a worker can hold, and this host's snapshot of them is still being written."""


# Some 12 kB each with their columns: what a job may take of memory (portal.jobs.limits) is three times that.
MOST_IN_MEMORY = 20_000

_scored: Scored | None = None


def catalogue() -> Catalogue:
    """The listed solutions as they are now. Read it after `hold_rankings`, in the same transaction.

    Raises NotReady where only a snapshot could hold them and there is none yet; one is then being written.
    """
    if snapshots.are_wanted():
        searched = snapshots.current()
        if searched is not None:
            return searched
        if Solution.objects.listed().count() > MOST_IN_MEMORY:
            raise NotReady
    return scored_catalogue()


def scored_catalogue() -> Scored:
    """Built once a process, and again when a solution, a vector or the vocabulary changed."""
    global _scored
    stamp = _stamp()
    if _scored is None or _scored.stamp != stamp:
        profiles = solution_profiles(Solution.objects.listed().for_detail().order_by("pk"))
        lacks = any(profile.vector is None for profile in profiles)
        _scored = Scored(stamp, CandidateSet.build(profiles, vocabulary()), lacks)
    return _scored


def _stamp() -> tuple[Any, ...]:
    backend = current_backend().id
    vectors = TextVector.objects.filter(backend=backend, kind="passage").aggregate(n=Count("pk"), top=Max("pk"))
    return (*Solution.objects.listed().stamp(), *vectors.values(), backend, snapshots.words())
