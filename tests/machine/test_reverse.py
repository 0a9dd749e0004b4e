"""A changed solution is brought to every demand whose list it may change."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.engine import EXPERT, CandidateSet, evaluate
from matching.machine import Demands, Refused, write_demands
from tests.engine.strategies import SPACE, TODAY, VOCABULARY
from tests.machine.worlds import DIM, World, small_world, wide_world


def mapped(world: World, folder: Path, dim: int) -> Demands:
    folder.mkdir()
    demands = [replace(demand, id=str(number)) for number, demand in enumerate(world.demands)]
    write_demands(folder, demands, VOCABULARY, dim)
    return Demands.open(folder, VOCABULARY)


def tables(world: World) -> list[Any]:
    candidates = CandidateSet.build(world.solutions, VOCABULARY)
    return [evaluate(demand, candidates, today=TODAY) for demand in world.demands]


def by_id(world: World, count: int) -> World:
    """Some of the solutions, in the order in which the engine keeps candidates."""
    return World(world.demands, sorted(world.solutions[:count], key=lambda solution: solution.id))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("make", "dim"), [(small_world, 3), (wide_world, DIM)])
def test_reach_bounds_every_pair_that_passes_or_fails_one_gate(
    loops: Any, tmp_path: Path, make: Any, dim: int, seed: int
) -> None:
    world = by_id(make(seed, 80, 12), 6)
    demands = mapped(world, tmp_path / "demands", dim)
    everything = np.full((80, 2), -np.inf)
    reach = demands.reach(world.solutions, loops, EXPERT, space=SPACE, today=TODAY, needs=everything)
    for row, table in enumerate(tables(world)):
        assert (reach.eligible[row] == (table.failures == 0)).all()
        assert (reach.near[row] == (table.failures == 1)).all()
        asked = table.failures <= 1
        assert (reach.highest[row][asked] >= table.logit[asked]).all()
        assert (reach.highest[row][asked] <= table.logit[asked] + 0.05).all()
        assert (reach.highest[row][~asked] == -np.inf).all()


def test_pairs_below_what_a_demand_needs_are_left_out_and_no_others(loops: Any, tmp_path: Path) -> None:
    world = by_id(wide_world(5, 120, 8), 8)
    demands = mapped(world, tmp_path / "demands", DIM)
    needs = np.tile([0.3, -0.5], (120, 1))
    reach = demands.reach(world.solutions, loops, EXPERT, space=SPACE, today=TODAY, needs=needs)
    left_out = 0
    for row, table in enumerate(tables(world)):
        matters = ((table.failures == 0) & (table.logit >= 0.3)) | ((table.failures == 1) & (table.logit >= -0.5))
        assert (reach.highest[row][matters] >= table.logit[matters]).all()
        left_out += int((reach.highest[row] == -np.inf).sum())
    assert left_out > 300


def test_nobody_is_reached_where_there_are_no_demands(loops: Any, tmp_path: Path) -> None:
    demands = mapped(World([], []), tmp_path / "demands", DIM)
    found = wide_world(1, 1, 3).solutions
    reach = demands.reach(found, loops, EXPERT, space=SPACE, today=TODAY, needs=np.zeros((0, 2)))
    assert reach.highest.shape == (0, 3)


def test_torn_demands_are_refused(tmp_path: Path) -> None:
    mapped(wide_world(1, 5, 1), tmp_path / "demands", DIM)
    (tmp_path / "demands" / "queries.bin").write_bytes(b"")
    with pytest.raises(Refused):
        Demands.open(tmp_path / "demands", VOCABULARY)
