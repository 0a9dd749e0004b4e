"""The listed solutions with what gates look at: profiles in memory, or this host's snapshot and what changed since."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import QuerySet

from catalog.models import Solution
from matching import snapshots
from matching.adapters import bare_solution_profile, vocabulary
from matching.engine import CandidateSet, SolutionProfile, Vocabulary
from matching.engine.columns import CapabilityColumn
from matching.engine.gates import Offered
from matching.machine.bits import Codes, Words, has_any
from matching.machine.codebook import Codebook
from matching.machine.offers import FOCUSED, GUESSED, REGIONAL, SPEAKS, WORLDWIDE
from matching.machine.segment import Segment

Mask = npt.NDArray[np.bool_]
Mark = tuple[int, datetime]


@dataclass(frozen=True, slots=True)
class Part:
    """Solutions in columns; ``counted`` are the rows that are listed now."""

    columns: Offered
    counted: Mask


def offered() -> list[Part] | None:
    """All listed solutions as they are now. None where they are many and the snapshot of them is not written yet."""
    if not snapshots.are_wanted():
        return _in_memory()
    kept = snapshots.kept()
    return None if kept is None else _in_snapshot(kept)


# Stamp and parts in one, because threads share them.
_counted: tuple[Hashable, list[Part]] = (None, [])
_read: dict[int, tuple[Mark, SolutionProfile]] = {}


def _in_memory() -> list[Part]:
    """Built once a process; after a change only what changed is read again."""
    global _counted
    listed = Solution.objects.listed()
    found, stamp = _counted, listed.stamp()
    if found[0] != stamp:
        marks = {pk: (version, at) for pk, version, at in listed.values_list("pk", "version", "updated_at")}
        found = _counted = (stamp, [_part(_profiles(marks))])
    return found[1]


def _in_snapshot(kept: snapshots.Kept) -> list[Part]:
    global _counted
    found = _counted
    if found[0] != kept.stamp:
        marks = {change.pk: (change.version, change.updated_at) for change in kept.changes if change.is_listed}
        rows = Part(Columns(kept.segment), kept.segment.offers.alive.astype(bool))
        found = _counted = (kept.stamp, [rows, _part(_profiles(marks))])
    return found[1]


def _part(profiles: Iterable[SolutionProfile]) -> Part:
    columns = CandidateSet.build(profiles, vocabulary())
    return Part(columns, np.ones(len(columns), bool))


def _profiles(marks: dict[int, Mark]) -> list[SolutionProfile]:
    """Of the solutions with these keys; a profile stays as long as its version and time do."""
    global _read
    known = {pk: one for pk, one in _read.items() if marks.get(pk) == one[0]}
    wanted = [pk for pk in marks if pk not in known]
    # What changes between the two questions bears the older mark, and is read again the next time.
    read = {row.pk: (marks[row.pk], bare_solution_profile(row)) for row in _rows(wanted)}
    _read = known | read
    return [one[1] for one in _read.values()]


def _rows(keys: list[int]) -> Iterable[Solution]:
    """Without texts, which are most of a record."""
    found: QuerySet[Any] = Solution.objects.filter(pk__in=keys).select_related("focus_area").order_by("pk")
    found = found.only("focus_area__code", "focus_guessed", "regions", "languages", "state", "expires_on")
    found = found.prefetch_related("more_focus_areas", "topics", "capabilities__criterion")
    return found.iterator(chunk_size=1000) if keys else ()


@dataclass(frozen=True, slots=True)
class _Sets:
    """A column of bits by the names of its codes."""

    words: Words
    codes: Codes
    stated: Mask

    def holds(self, code: str | None) -> Mask:
        return self.holds_any([] if code is None else [code])

    def holds_any(self, codes: Iterable[str]) -> Mask:
        return has_any(self.words, self.codes.numbers(codes))


class Columns:
    """A snapshot's columns under the names by which gates ask for them."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        offers = segment.offers
        self.vocabulary: Vocabulary = segment.vocabulary
        self.live: Mask = offers.live.astype(bool)
        self.expires: npt.NDArray[Any] = offers.expires
        self.guessed: Mask = offers.flags & GUESSED != 0
        self.worldwide: Mask = offers.flags & WORLDWIDE != 0
        self.serves_stated: Mask = offers.flags & REGIONAL != 0
        # Either of both states a focus, as gates ask for it.
        focused: Mask = offers.flags & FOCUSED != 0
        self.areas = _Sets(offers.areas, self._codes.areas, focused)
        self.topics = _Sets(offers.topics, self._codes.topics, focused)
        self.countries = _Sets(offers.countries, self._codes.countries, self.serves_stated)
        self.languages_of_work = _Sets(offers.speaks, self._codes.languages, offers.flags & SPEAKS != 0)

    def __len__(self) -> int:
        return len(self.live)

    @cached_property
    def _codes(self) -> Codebook:
        """A copy: what a demand names for the first time is no code of the snapshot."""
        return self._segment.codes.copy()

    @property
    def capabilities(self) -> Columns:
        return self

    def get(self, criterion: str) -> CapabilityColumn:
        """What all say about one criterion."""
        number, offers = self._codes.criteria.number(criterion), self._segment.offers
        yes, no = has_any(offers.yes, [number]), has_any(offers.no, [number])
        values = np.where(yes, 1.0, np.where(no, 0.0, np.nan))
        table = self._segment.figures.tables.get(number)
        if table is not None:
            places = offers.numbers[self._segment.figures.columns[number]]
            values = np.where(places > 0, table[places.astype(np.int64) - 1], values)
        return CapabilityColumn(values, yes | no)
