"""From demands to shortlists: blocks of vectors multiplied by BLAS, each block's products scored by the compiled loops.

A shortlist holds, for certain, all that the engine would rank best and all that it would name as near misses: a
compiled score stands within `Rules.slack` of the exact one, and nothing within twice that of a place is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching.engine import DemandProfile, ScoringConfig
from matching.engine.gates import GATES, areas_of
from matching.machine.asks import Asked, asked
from matching.machine.rules import Rules, rules
from matching.machine.segment import Segment, fixed

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Heads = tuple[Scores, npt.NDArray[np.uint8], Scores]

BLOCK: Final = 4096
QUERIES: Final = 256
FIRST: Final = 512
# Scores held at once for the demands of a chunk; 4 bytes each.
_HELD: Final = 96_000_000
_AT_ONCE: Final = 128
_WAITING: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Shortlist:
    """One demand's candidates in a segment: rows and compiled scores of those that may be among the best.

    misses: those that may be among the best that fail exactly one gate. above: the eligible ones whose place could be
    asked for, from the lowest near miss upwards. floor_sure, floor_near: eligible ones surely in a band better than
    weak, and rows that stand too close to that limit to tell.
    """

    rows: Rows
    scores: Scores
    misses: Rows
    miss_scores: Scores
    above: Rows
    above_scores: Scores
    candidates: int
    eligible: int
    failures: dict[str, int]
    floor_sure: int
    floor_near: Rows
    slack: float


class Search:
    """Shortlists of demands from one segment under one configuration. Not for several threads at once."""

    def __init__(self, segment: Segment, config: ScoringConfig, loops: Any, *, keep: int, misses: int) -> None:
        self.segment, self.config, self.loops = segment, config, loops
        self.keep, self.misses = keep, misses
        self._config_id = config.id
        self._marks = np.zeros(len(segment.terms.hashes) // 64 + 2, np.uint64)

    def shortlists(self, demands: Sequence[DemandProfile], today: int) -> list[Shortlist]:
        """One for each demand, in their order. Raises ValueError for vectors of another space."""
        found: dict[int, Shortlist] = {}
        for group, rows in self._groups(demands):
            for part in self._chunks(group, demands, len(rows)):
                chosen = [demands[place] for place in part]
                found.update(zip(part, self._chunk(chosen, rows, today), strict=True))
        return [found[place] for place in range(len(demands))]

    def ask(self, demands: Sequence[DemandProfile], today: int) -> tuple[Asked, Rules]:
        """The columns of demands and the configuration as the loops read them."""
        segment = self.segment
        if any(d.vector is not None and d.vector_space != segment.space for d in demands) and segment.dim:
            raise ValueError(f"vectors of another encoder than {segment.space!r}")
        columns = asked(
            demands, segment.vocabulary, segment.codes, segment.terms, segment.figures, today=today, dim=segment.dim
        )
        frozen = Asked(type(columns.columns)(*(fixed(column) for column in columns.columns)), columns.queries)
        return frozen, rules(self.config, segment.codes, segment.vocabulary, segment.space, segment.dim)

    def heads(self, found: Rules) -> Heads:
        """Of each solution the most that claims and references can add, its level, and the levels' tops."""
        kept: Heads | None = self.segment.heads.get(self._config_id)
        if kept is None:
            head = np.empty(len(self.segment))
            self.loops.headroom(self.segment.offers, found, np.argsort(-found.credits), head)
            low, high = (float(head.min()), float(head.max())) if len(head) else (0.0, 0.0)
            step = max(high - low, 1e-9) / self.loops.LEVELS
            level = np.minimum((head - low) / step, self.loops.LEVELS - 1).astype(np.uint8)
            kept = head, level, low + step * (1 + np.arange(self.loops.LEVELS)) + 1e-9
            self.segment.heads.clear()
            self.segment.heads[self._config_id] = kept
        return kept

    def _groups(self, demands: Sequence[DemandProfile]) -> Iterator[tuple[list[int], Rows]]:
        """Demands that look in the same field, with the rows of that field."""
        groups: dict[tuple[frozenset[str], frozenset[str], bool], list[int]] = {}
        vocabulary = self.segment.vocabulary
        for place, demand in enumerate(demands):
            areas = areas_of(vocabulary, demand.focus, demand.topics)
            orphans = frozenset(topic for topic in demand.topics if topic not in vocabulary.topic_area)
            everything = demand.focus_is_guessed or not (areas or demand.topics)
            key = (frozenset(), frozenset(), True) if everything else (areas, orphans, False)
            groups.setdefault(key, []).append(place)
        codes = self.segment.codes
        for (areas, topics, everything), group in groups.items():
            # What reaches one country passes for all of its demands, so that a chunk has fewer solutions to compare.
            group.sort(key=lambda place: demands[place].city.country or "")
            numbers = codes.areas.numbers(sorted(areas)), codes.topics.numbers(sorted(topics))
            yield group, self.segment.field(*numbers, everything=everything)

    def _chunks(self, group: list[int], demands: Sequence[DemandProfile], field: int) -> Iterator[list[int]]:
        """Parts of a group, small enough for their scores and large enough for the matrix product."""
        most = max(1, _HELD // (max(field, 1) * 4 + len(self.segment)))
        part: list[int] = []
        queries = 0
        for place in group:
            part.append(place)
            queries += 1 + (0 if (s := demands[place].sentence_vectors) is None else len(s))
            if queries >= QUERIES or len(part) >= most:
                yield part
                part, queries = [], 0
        if part:
            yield part

    def _chunk(self, demands: Sequence[DemandProfile], rows: Rows, today: int) -> list[Shortlist]:
        ask, found = self.ask(demands, today)
        fails = np.empty((len(demands), len(self.segment)), np.uint8)
        counts = np.empty((len(demands), 2 + len(GATES)), np.int64)
        self.loops.gates(ask.columns, self.segment.offers, 0, today, fails, counts)
        passing, near = self._concerned(fails, rows)
        state = _State.of(self, ask, found, passing, fails, counts)
        for start in range(0, len(passing), BLOCK):
            self._score(state, start, passing[start : start + BLOCK])
        misses = self._other_misses(state, near)
        return [self._shortlist(state, place, misses[place]) for place in range(len(demands))]

    def _concerned(self, fails: npt.NDArray[np.uint8], field: Rows) -> tuple[Rows, Rows]:
        """Rows that pass all gates for one of the demands, and others that fail a single one, the field's first."""
        passes, misses = np.zeros(len(self.segment), np.uint8), np.zeros(len(self.segment), np.uint8)
        self.loops.concerned(fails, passes, misses)
        inside = np.zeros(len(self.segment), np.uint8)
        inside[field] = 1
        only = misses & ~passes
        return np.flatnonzero(passes), np.concatenate([np.flatnonzero(only & inside), np.flatnonzero(only & ~inside)])

    def _score(self, state: _State, start: int, rows: Rows) -> None:
        products = state.ask.queries @ self.vectors(rows).T
        self.loops.score_block(
            *(state.ask.columns, self.segment.offers, state.rules, products, rows, start, state.fails),
            *(state.most, state.heads, state.best, state.missed, state.scores, self._marks),
        )

    def vectors(self, rows: Rows) -> npt.NDArray[np.float32]:
        """The vectors of rows in single precision."""
        return self.widened(self.segment.vectors, rows)

    def widened(self, vectors: npt.NDArray[Any], rows: Rows) -> npt.NDArray[np.float32]:
        """Some rows of an array in half or single precision, in single precision."""
        if vectors.dtype != np.float16:
            return np.asarray(vectors[rows], np.float32)
        out = np.empty((len(rows), vectors.shape[1]), np.float32)
        self.loops.widen(vectors.view(np.uint16), rows, out)
        return out

    # --- Near misses among what passes for no demand of the chunk: bounded first, for only five of each count --------

    def _other_misses(self, state: _State, far: Rows) -> list[list[tuple[float, int]]]:
        """(compiled score, row) of the solutions `far` that may be among a demand's near misses."""
        found: list[list[tuple[float, int]]] = [[] for _ in range(len(state.fails))]
        waiting: list[tuple[Rows, Rows, npt.NDArray[np.float32]]] = []
        for start, stop in pairwise([0, *range(FIRST, len(far), BLOCK), len(far)]):
            rows = far[start:stop]
            bounds = self._bounds(state, rows)
            places, columns = np.nonzero(bounds > -np.inf)
            waiting.append((places, rows[columns], bounds[places, columns]))
            # After the first block the best near misses are known well enough to spare most of the others.
            if start == 0 or stop == len(far) or sum(len(part[0]) for part in waiting) > _WAITING:
                self._afar(state, waiting, found)
                waiting = []
        return found

    def _bounds(self, state: _State, rows: Rows) -> npt.NDArray[np.float32]:
        segment, queries = self.segment, state.ask.queries
        if segment.near is None or segment.tails is None or segment.rotation is None:
            products = queries @ self.vectors(rows).T
            tails = row_tails = np.zeros(0, np.float32)
        else:
            if state.split is None:
                state.split = segment.rotation.split(queries)
            near, tails = state.split
            products, row_tails = near @ self.widened(segment.near, rows).T, segment.tails[rows]
        bounds = np.empty((len(state.fails), len(rows)), np.float32)
        self.loops.bound_block(
            *(state.ask.columns, segment.offers, state.rules, products, tails, rows, row_tails, state.fails),
            *(state.most, state.heads, state.missed, bounds, self._marks),
        )
        return bounds

    def _afar(
        self,
        state: _State,
        waiting: list[tuple[Rows, Rows, npt.NDArray[np.float32]]],
        found: list[list[tuple[float, int]]],
    ) -> None:
        """Score what the bounds leave, of each demand the most promising first, until no bound reaches its best."""
        places, rows, bounds = (np.concatenate(parts) for parts in zip(*waiting, strict=True))
        order = np.lexsort((-bounds, places))
        places, rows, bounds = places[order], rows[order], bounds[order]
        margin = 2 * state.rules.slack
        limits = np.searchsorted(places, np.arange(len(state.fails) + 1))
        for place in np.unique(places).tolist():
            best = state.missed[place]
            for start in range(limits[place], limits[place + 1], _AT_ONCE):
                if bounds[start] + 1e-5 < best[0] - margin:
                    break
                part = rows[start : min(start + _AT_ONCE, limits[place + 1])]
                scores = self.scores(state.ask, state.rules, place, part, best[0] - margin, state.most[place])
                for score, row in zip(scores.tolist(), part.tolist(), strict=True):
                    if score > -np.inf:
                        self.loops.keep_best(best, score)
                        found[place].append((score, row))

    def scores(self, ask: Asked, found: Rules, place: int, rows: Rows, need: float, most: Scores) -> Scores:
        """Compiled scores of one demand with some rows; -inf for those sure to stay below `need`."""
        first, last = ask.columns.query_start[place : place + 2]
        products = ask.queries[first:last] @ self.vectors(rows).T
        scores = np.empty(len(rows))
        self.loops.score_rows(
            *(ask.columns, self.segment.offers, found, place, products, rows, most, self.heads(found)[0], need, scores),
            self._marks,
        )
        return scores

    def _shortlist(self, state: _State, place: int, afar: list[tuple[float, int]]) -> Shortlist:
        slack, floor = state.rules.slack, state.rules.floor
        margin = 2 * slack
        lowest_miss, lowest = float(state.missed[place, 0]) - margin, float(state.best[place, 0]) - margin
        missed, missed_scores = state.picked(self.loops, place, 1, lowest_miss)
        kept = [(score, row) for score, row in afar if score >= lowest_miss]
        misses = np.concatenate([missed, np.array([row for _, row in kept], np.int64)])
        miss_scores = np.concatenate([missed_scores, np.array([score for score, _ in kept], np.float64)])
        # Places are asked for the near misses themselves, and for the scores they could have.
        asked_from = min(lowest, max(lowest_miss, miss_scores.min() - margin)) if len(misses) else lowest
        below = min(asked_from, floor - slack)
        rows, scores = state.picked(self.loops, place, 0, below)
        best = scores >= lowest
        above = scores >= asked_from
        counts = state.counts[place]
        return Shortlist(
            rows=rows[best],
            scores=scores[best],
            misses=misses,
            miss_scores=miss_scores,
            above=rows[above],
            above_scores=scores[above],
            candidates=int(counts[0]),
            eligible=int(counts[1]),
            failures={gate: int(n) for gate, n in zip(GATES, counts[2:], strict=True) if n},
            floor_sure=int((scores > floor + slack).sum()),
            floor_near=rows[np.abs(scores - floor) <= slack],
            slack=slack,
        )


@dataclass(slots=True)
class _State:
    """What the loops fill for one chunk of demands."""

    ask: Asked
    rules: Rules
    rows: Rows
    fails: npt.NDArray[np.uint8]
    counts: npt.NDArray[np.int64]
    most: Scores
    heads: Heads
    best: Scores
    missed: Scores
    scores: npt.NDArray[np.float32]
    split: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None = None

    @classmethod
    def of(
        cls,
        search: Search,
        ask: Asked,
        found: Rules,
        rows: Rows,
        fails: npt.NDArray[np.uint8],
        counts: npt.NDArray[np.int64],
    ) -> _State:
        count = len(ask.columns.live)
        most = np.empty((count, search.loops.STAGES))
        search.loops.ceilings(ask.columns, found, 0, most)
        return cls(
            ask=ask,
            rules=found,
            rows=rows,
            fails=fails,
            counts=counts,
            most=most,
            heads=search.heads(found),
            best=np.full((count, search.keep), -np.inf),
            missed=np.full((count, search.misses), -np.inf),
            scores=np.empty((count, len(rows)), np.float32),
        )

    def picked(self, loops: Any, place: int, wanted: int, need: float) -> tuple[Rows, Scores]:
        """Rows compared in full, with their scores: eligible (wanted 0) or failing one gate (1), from `need` on."""
        found, scores = np.empty(len(self.rows), np.int64), np.empty(len(self.rows))
        count = loops.pick(self.scores[place], self.rows, self.fails[place], wanted, need, found, scores)
        return found[:count].copy(), scores[:count].copy()
