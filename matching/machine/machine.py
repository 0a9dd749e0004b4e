"""The machine: segments that are searched together, and what they give for demands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from matching.engine import EXPERT, DemandProfile, ScoringConfig
from matching.machine.exact import Found, settled
from matching.machine.search import Search, Shortlist
from matching.machine.segment import Segment

KEEP: Final = 40
MISSES: Final = 5
# Demands whose lists are settled together: their candidates overlap, and columns are built once for all.
TOGETHER: Final = 256


@dataclass
class Machine:
    """Lists for demands from a snapshot and what changed since, each a segment. Not for several threads at once."""

    segments: tuple[Segment, ...]
    loops: Any
    config: ScoringConfig = EXPERT
    keep: int = KEEP
    misses: int = MISSES
    _searches: list[Search] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._searches = [
            Search(segment, self.config, self.loops, keep=self.keep, misses=self.misses) for segment in self.segments
        ]

    def shortlists(
        self, demands: Sequence[DemandProfile], *, today: int
    ) -> list[tuple[tuple[Segment, Shortlist], ...]]:
        """For each demand a shortlist from every segment: compiled figures, sure to hold what the engine would name."""
        columns = [search.shortlists(demands, today) for search in self._searches]
        return [tuple(zip(self.segments, row, strict=True)) for row in zip(*columns, strict=True)]

    def rank(self, demands: Sequence[DemandProfile], *, today: int) -> Iterator[Found]:
        """What the engine finds for each demand, in their order, worked out for some of them at a time."""
        for start in range(0, len(demands), TOGETHER):
            part = demands[start : start + TOGETHER]
            yield from settled(
                part,
                self.shortlists(part, today=today),
                today=today,
                config=self.config,
                keep=self.keep,
                misses=self.misses,
            )
