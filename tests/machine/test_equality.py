"""What the machine finds is what the engine finds when it scores every pair: the same results, byte for byte."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.engine import EXPERT, CandidateSet, Curve, Rule, Vocabulary, evaluate
from matching.machine import Machine, Segment, Snapshot, write_snapshot
from matching.machine.offers import Figures
from tests.engine.strategies import SPACE, TODAY, VOCABULARY
from tests.machine.worlds import DIM, World, everything, of_engine, of_machine, small_world, wide_world


def in_memory(world: World, dim: int, vocabulary: Vocabulary = VOCABULARY) -> Segment:
    return Segment.of(world.solutions, vocabulary, dim=dim, space=SPACE)


def on_disk(world: World, folder: Path) -> Segment:
    folder.mkdir()
    write_snapshot(folder, world.solutions, VOCABULARY)
    return Snapshot.open(folder, VOCABULARY).segment


def row_of(segment: Segment, identifier: str) -> int:
    row = segment.row(identifier)
    assert row is not None
    return row


def assert_same(machine: Machine, world: World, candidates: CandidateSet, **options: Any) -> None:
    for demand, found in zip(world.demands, machine.rank(world.demands, today=TODAY), strict=True):
        assert json.dumps(of_machine(found)) == json.dumps(of_engine(demand, candidates, machine.keep, **options))


@pytest.mark.parametrize("keep", [3, 40])
@pytest.mark.parametrize("seed", range(6))
def test_small_worlds_full_of_ties_give_the_engines_results(loops: Any, seed: int, keep: int) -> None:
    world = small_world(seed, 40, 30 + 60 * seed)
    assert_same(Machine((in_memory(world, 3),), loops, keep=keep), world, everything(world))


@pytest.mark.parametrize("seed", range(3))
def test_snapshot_gives_the_engines_results(loops: Any, tmp_path: Path, seed: int) -> None:
    world = wide_world(seed, 60, 600)
    segment = on_disk(world, tmp_path / "snapshot")
    assert segment.near is not None
    assert segment.vectors.dtype == np.float16
    assert_same(Machine((segment,), loops), world, everything(world))


def test_vectors_that_half_precision_would_change_are_kept_whole(loops: Any, tmp_path: Path) -> None:
    world = wide_world(4, 30, 300)
    third = np.float32(1 / 3)
    world = World(
        world.demands, [replace(s, vector=None if s.vector is None else s.vector * third) for s in world.solutions]
    )
    segment = on_disk(world, tmp_path / "snapshot")
    assert segment.vectors.dtype == np.float32
    assert_same(Machine((segment,), loops), world, everything(world))


def test_several_segments_are_one_catalogue(loops: Any, tmp_path: Path) -> None:
    """Some solutions changed and some went since the snapshot: a segment in memory holds the new ones."""
    world = wide_world(5, 60, 400)
    old = on_disk(world, tmp_path / "snapshot")
    changed = [
        replace(other, id=one.id) for one, other in zip(world.solutions[:30], world.solutions[60:90], strict=True)
    ]
    gone = {solution.id for solution in world.solutions[:45]}
    fresh = wide_world(6, 1, 20).solutions
    new = [*changed, *(replace(solution, id=f"new-{solution.id}") for solution in fresh)]
    delta = Segment.of(new, VOCABULARY, dim=DIM, space=SPACE, codes=old.codes, terms=old.terms)
    segments = (old.without([row_of(old, identifier) for identifier in gone]), delta)
    now = World(world.demands, [*new, *(s for s in world.solutions if s.id not in gone)])
    assert_same(Machine(segments, loops), now, everything(now))


def test_profile_read_back_is_the_profile_written(tmp_path: Path) -> None:
    world = wide_world(7, 1, 300)
    segment = on_disk(world, tmp_path / "snapshot")
    for solution in world.solutions:
        read = segment.profile(row_of(segment, solution.id))
        assert read == solution
        assert (read.vector is None) == (solution.vector is None)
        assert read.vector is None or (read.vector == solution.vector).all()


def test_more_figures_of_a_criterion_than_sixteen_bits_count_are_told_apart(
    loops: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A catalogue of a million states that many. Here the others lie below all that is stated."""
    others, stated = np.arange(-70_000.0, -1.0), Figures.of
    monkeypatch.setattr(
        Figures,
        "of",
        lambda *given: Figures({one: np.concatenate([others, table]) for one, table in stated(*given).tables.items()}),
    )
    world = wide_world(9, 60, 300)
    segment = in_memory(world, DIM)
    assert segment.offers.numbers.max() > np.iinfo(np.uint16).max
    assert_same(Machine((segment,), loops), world, everything(world))


def other_weights() -> Any:
    """Bent curves and other weights everywhere: what a profile that was learnt may look like."""
    bent = Curve((0.0, 0.3, 0.6, 1.0), (0.0, 0.1, 0.7, 0.9))
    rules = {name: Rule(rule.weight * 1.7 + 0.2, 0.4, bent) for name, rule in EXPERT.rules.items()}
    return replace(EXPERT, version="other", base_logit=-2.0, rules=rules, sentence_share=0.3, budget_ramp=2.5)


def test_other_weights_and_curves_give_the_engines_results(loops: Any) -> None:
    world, config = wide_world(8, 60, 400), other_weights()
    assert_same(Machine((in_memory(world, DIM),), loops, config), world, everything(world), config=config)


@pytest.mark.parametrize("seed", range(4))
def test_every_compiled_score_stands_within_the_promised_slack(loops: Any, seed: int) -> None:
    """The proof that nothing is missed rests on this: keep everything, and compare every score."""
    world = wide_world(seed, 30, 250)
    candidates, segment = everything(world), in_memory(world, DIM)
    for config in (EXPERT, other_weights()):
        machine = Machine((segment,), loops, config, keep=1000, misses=1000)
        for demand, ((_, shortlist),) in zip(
            world.demands, machine.shortlists(world.demands, today=TODAY), strict=True
        ):
            table = evaluate(demand, candidates, today=TODAY, config=config)
            rows = np.concatenate([shortlist.rows, shortlist.misses])
            scores = np.concatenate([shortlist.scores, shortlist.miss_scores])
            positions = [candidates.position(segment.ids[row]) for row in rows]
            assert sorted(positions) == np.flatnonzero(table.failures <= 1).tolist()
            assert np.abs(table.logit[positions] - scores).max(initial=0) <= shortlist.slack


def test_component_that_the_loops_do_not_know_costs_time_but_no_result(
    loops: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody adds a component to the engine and forgets the loops: its whole range becomes uncertainty."""
    world = wide_world(9, 20, 300)
    usual = Machine((in_memory(world, DIM),), loops).shortlists(world.demands, today=TODAY)
    monkeypatch.setattr("matching.machine.rules.COMPONENTS", (*EXPERT.rules, "surprise"))
    config = replace(EXPERT)
    object.__setattr__(config, "rules", {**EXPERT.rules, "surprise": Rule(0.4, 0.5)})
    shortlists = Machine((in_memory(world, DIM),), loops, config).shortlists(world.demands, today=TODAY)
    assert all(one[0][1].slack > 0.2 for one in shortlists)
    assert all(set(b[0][1].rows) <= set(a[0][1].rows) for a, b in zip(shortlists, usual, strict=True))


def test_demand_with_vectors_of_another_encoder_is_refused(loops: Any) -> None:
    world = wide_world(1, 1, 5)
    with_vector = replace(wide_world(2, 9, 5).demands[1], vector=np.zeros(DIM, np.float32), vector_space="other")
    with pytest.raises(ValueError, match="another encoder"):
        Machine((in_memory(world, DIM),), loops).shortlists([with_vector], today=TODAY)
