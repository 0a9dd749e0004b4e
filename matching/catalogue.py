"""The listed solutions as what ranks them sees them: all scored in memory, or a snapshot and what changed since."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Count, Max

from catalog.models import Solution
from matching import snapshots
from matching.adapters import solution_profiles, vocabulary
from matching.engine import CandidateSet, DemandProfile, ScoringConfig, SolutionProfile, evaluate
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


@dataclass(frozen=True, slots=True)
class _Read:
    """Profiles by primary key, each with the version and time of what was read; ``terms``: how texts were read."""

    terms: tuple[Any, ...]
    profiles: dict[int, tuple[list[Any], SolutionProfile]]


_read = _Read((), {})


def scored_catalogue() -> Scored:
    """Built once a process, and again when a solution, a vector or the vocabulary changed."""
    global _scored
    terms = (current_backend().id, snapshots.words())
    stamp = (*Solution.objects.listed().stamp(), *_encoded(terms[0]), *terms)
    if _scored is None or _scored.stamp != stamp:
        profiles = _profiles(terms)
        lacks = any(profile.vector is None for profile in profiles)
        _scored = Scored(stamp, CandidateSet.build(profiles, vocabulary()), lacks)
    return _scored


def _encoded(space: str) -> Iterable[Any]:
    vectors = TextVector.objects.filter(backend=space, kind="passage").aggregate(n=Count("pk"), top=Max("pk"))
    return vectors.values()


def _profiles(terms: tuple[Any, ...]) -> list[SolutionProfile]:
    """All listed solutions by primary key. Those that stayed as they were are not read again: a text takes longest."""
    global _read
    known = _read.profiles if _read.terms == terms else {}
    listed = Solution.objects.listed().order_by("pk")
    marks = {pk: mark for pk, *mark in listed.values_list("pk", "version", "updated_at")}
    kept = {pk: one for pk, one in known.items() if one[0] == marks.get(pk) and one[1].vector is not None}
    changed = listed.filter(pk__in=marks.keys() - kept.keys()).for_detail()
    # What changes between the two questions bears the older mark, and is read again the next time.
    read = {int(one.id): (marks[int(one.id)], one) for one in solution_profiles(changed)}
    _read = _Read(terms, kept | read)
    return [_read.profiles[pk][1] for pk in sorted(_read.profiles)]
