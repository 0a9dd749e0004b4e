"""From shortlists to what the portal stores: the engine's own figures, the same as if it had scored everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine import (
    GATES,
    CandidateSet,
    DemandProfile,
    NearMiss,
    Result,
    ScoreTable,
    ScoringConfig,
    evaluate,
    explain,
)
from matching.engine.suggestions import rank_at
from matching.machine.search import Shortlist
from matching.machine.segment import Segment
from matching.machine.whole import floor_logit, gate_failed

Part = tuple[Segment, Shortlist]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Found:
    """What was found for one demand: the exact table of its shortlist, and what is known of all other candidates."""

    table: ScoreTable
    parts: tuple[Part, ...]
    keep: int
    misses: int

    @property
    def demand(self) -> DemandProfile:
        """Whose list this is."""
        return self.table.demand

    @cached_property
    def best(self) -> npt.NDArray[np.int64]:
        """Positions in the table of the best eligible candidates, best first, at most `keep`."""
        return self.table.best(self.table.eligible, self.keep)

    @cached_property
    def missed(self) -> npt.NDArray[np.int64]:
        """Positions of the best that fail exactly one gate, at most `misses`."""
        return self.table.best(self.table.failures == 1, self.misses)

    def results(self, k: int | None = None) -> list[Result]:
        """The best eligible ones explained, as `engine.rank_table` gives them; k of them, at most `keep`."""
        rivals = np.sort(self.table.logit[self.table.eligible])
        best = self.best[: self.keep if k is None else k]
        return [explain(self.table, int(position), place, rivals) for place, position in enumerate(best, start=1)]

    def near_misses(self) -> list[NearMiss]:
        """The near misses explained, as `engine.near_misses_table` gives them."""
        return [NearMiss(explain(self.table, position), gate, place) for position, gate, place in self.missed_places()]

    def missed_places(self) -> list[tuple[int, str, int]]:
        """Of each near miss its position in the table, the gate it fails, and the place it would take without."""
        logits = self.table.logit[self.missed]
        rivals = self.rivals(logits) if len(logits) else logits
        return [
            (int(position), gate_failed(self.table, int(position)), rank_at(float(logit), rivals))
            for position, logit in zip(self.missed, logits, strict=True)
        ]

    def rivals(self, asked: Scores) -> Scores:
        """Logits of eligible candidates, ascending: enough of them, and exact enough, to place what is asked."""
        held = set(self.table.candidates.ids)
        logits = [self.table.logit[self.table.eligible]]
        for segment, shortlist in self.parts:
            close = np.zeros(len(shortlist.above), bool)
            for logit in asked:
                close |= np.abs(shortlist.above_scores - logit) <= shortlist.slack
            other = np.array([segment.ids[row] not in held for row in shortlist.above], bool)
            logits.append(shortlist.above_scores[other & ~close])
            unclear = shortlist.above[other & close]
            if len(unclear):
                logits.append(self._scored(segment, unclear).logit)
        return np.sort(np.concatenate(logits))

    def _scored(self, segment: Segment, rows: npt.NDArray[np.int64]) -> ScoreTable:
        table = self.table
        candidates = CandidateSet.build([segment.profile(int(row)) for row in rows], table.candidates.vocabulary)
        return evaluate(table.demand, candidates, today=table.today, config=table.config)

    def summary(self) -> dict[str, Any]:
        """For the gap: solutions in the right field, those that pass, those better than weak, what stops the others."""
        shortlists = [shortlist for _, shortlist in self.parts]
        failures = {gate: sum(one.failures.get(gate, 0) for one in shortlists) for gate in GATES}
        near = {segment.ids[row] for segment, shortlist in self.parts for row in shortlist.floor_near}
        passed = self.table.logit >= floor_logit(self.table)
        unclear = sum(
            bool(holds)
            for identifier, holds in zip(self.table.candidates.ids, passed, strict=True)
            if identifier in near
        )
        return {
            "candidates": sum(one.candidates for one in shortlists),
            "eligible": sum(one.eligible for one in shortlists),
            "above_floor": sum(one.floor_sure for one in shortlists) + unclear,
            "failures": {gate: count for gate, count in failures.items() if count},
        }


def settled(
    demands: Sequence[DemandProfile],
    shortlists: Sequence[tuple[Part, ...]],
    *,
    today: int,
    config: ScoringConfig,
    keep: int,
    misses: int,
) -> list[Found]:
    """Each demand's shortlists from all segments, scored by the engine. Columns are built once for all of them."""
    wanted: dict[str, tuple[Segment, int]] = {}
    for parts in shortlists:
        for segment, shortlist in parts:
            wanted.update((segment.ids[row], (segment, row)) for row in _rows(shortlist))
    vocabulary = shortlists[0][0][0].vocabulary if shortlists else None
    if vocabulary is None:
        return []
    everything = CandidateSet.build([segment.profile(row) for segment, row in wanted.values()], vocabulary)
    place = {identifier: position for position, identifier in enumerate(everything.ids)}
    found = []
    for demand, parts in zip(demands, shortlists, strict=True):
        positions = sorted({place[segment.ids[row]] for segment, shortlist in parts for row in _rows(shortlist)})
        candidates = everything.take(np.array(positions, np.int64))
        table = evaluate(demand, candidates, today=today, config=config)
        found.append(Found(table, parts, keep, misses))
    return found


def _rows(shortlist: Shortlist) -> list[int]:
    return [int(row) for row in (*shortlist.rows, *shortlist.misses, *shortlist.floor_near)]
