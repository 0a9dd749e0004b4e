"""The matcher as a contender: its machine over a snapshot, and the plain evaluation that says what is right."""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from matching.engine import CandidateSet, DemandProfile, ScoreTable, evaluate
from matching.machine import Machine, Search, Snapshot, load, write_snapshot
from tests.bench import profiles
from tests.bench.codebook import codebook
from tests.bench.worlds import TODAY, Rows, World

KEEP = 20
PART = 50_000  # solutions that are profiles at a time; a million would take ten gigabytes


class Engine:
    """A snapshot of a world, mapped, and the machine on it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.folder = Path(tempfile.mkdtemp(prefix="urbanlink-bench-"))
        solutions = (profiles.solution_profile(world, number) for number in range(world.size[1]))
        began = time.process_time()
        write_snapshot(self.folder, solutions, codebook().vocabulary)
        self.writing = time.process_time() - began  # CPU seconds, making the profiles included
        self.loops = load()
        self.snapshot = Snapshot.open(self.folder, codebook().vocabulary)
        self.machine = Machine((self.snapshot.segment,), self.loops, keep=KEEP)

    @property
    def bytes(self) -> int:
        """What the snapshot takes, in files that all processes of a host share once they are mapped."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    def demands(self, rows: Iterable[int]) -> list[DemandProfile]:
        return profiles.demand_profiles(self.world, rows)

    def lists(self, demands: Sequence[DemandProfile]) -> None:
        """The compiled part of a re-match: for each demand what may be in its list."""
        self.machine.shortlists(demands, today=TODAY)

    def results(self, demands: Sequence[DemandProfile]) -> Iterator[list[tuple[str, float]]]:
        """Ids and logits of the lists, worked out by the engine itself from the shortlists."""
        for found in self.machine.rank(demands, today=TODAY):
            table = found.table
            yield [(table.candidates.ids[at], float(table.logit[at])) for at in found.best]

    def explain(self, demands: Sequence[DemandProfile]) -> None:
        """Everything that is stored of a list: explained results and near misses."""
        for found in self.machine.rank(demands, today=TODAY):
            found.results(KEEP)
            found.near_misses()

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class FloatingPoints:
    """Counts the operations of the matrix products a machine has done, by what it is given to multiply."""

    def __init__(self) -> None:
        self.done = 0.0

    def __enter__(self) -> "FloatingPoints":
        self._score, self._bounds = Search._score, Search._bounds
        counter = self

        def score(search: Search, state: object, start: int, rows: Rows) -> None:
            counter.done += 2.0 * len(rows) * state.ask.queries.size  # type: ignore[attr-defined]
            counter._score(search, state, start, rows)  # type: ignore[arg-type]

        def bounds(search: Search, state: object, rows: Rows) -> np.ndarray:
            near = search.segment.near
            width = search.segment.dim if near is None else near.shape[1]
            counter.done += 2.0 * len(rows) * len(state.ask.queries) * width  # type: ignore[attr-defined]
            return counter._bounds(search, state, rows)  # type: ignore[arg-type]

        Search._score, Search._bounds = score, bounds  # type: ignore[method-assign, assignment]
        return self

    def __exit__(self, *_: object) -> None:
        Search._score, Search._bounds = self._score, self._bounds  # type: ignore[method-assign]


def candidate_set(world: World, rows: Iterable[int] | None = None) -> CandidateSet:
    return CandidateSet.build(profiles.solution_profiles(world, rows), codebook().vocabulary)


def brute_force(candidates: CandidateSet, demand: DemandProfile) -> ScoreTable:
    """Every gate and component of every solution."""
    return evaluate(demand, candidates, today=TODAY)


def best_of(table: ScoreTable) -> list[tuple[str, float]]:
    return [(table.candidates.ids[at], float(table.logit[at])) for at in table.best(table.eligible, KEEP)]


def right_lists(world: World, demands: Sequence[DemandProfile]) -> list[list[tuple[str, float]]]:
    """Ids and logits of the best by plain evaluation, part by part: a pair's figures do not depend on its company."""
    found: list[list[tuple[str, float]]] = [[] for _ in demands]
    for start in range(0, world.size[1], PART):
        candidates = candidate_set(world, range(start, min(start + PART, world.size[1])))
        for listed, demand in zip(found, demands, strict=True):
            listed += best_of(brute_force(candidates, demand))
    return [sorted(listed, key=lambda one: (-one[1], one[0]))[:KEEP] for listed in found]
