"""The benchmark's own code on worlds of a few hundred: same question, same answer. No test here looks at a clock."""

import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from matching.engine import EXPERT, CandidateSet, rank
from portal.embedded.home import CHECKOUT
from tests.bench import profiles, rows, spectrum
from tests.bench.clock import Cost, measure
from tests.bench.codebook import codebook
from tests.bench.parts import PARTS, Part
from tests.bench.peers import KEEP, Contender, contenders
from tests.bench.peers.hybrid import reciprocal_ranks
from tests.bench.sections import latency, quality
from tests.bench.worlds import TODAY, World, make_world


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(24, 1200, seed=5)


# --- Worlds -----------------------------------------------------------------------------------------------------------


def test_world_same_seed_is_the_same_world(world: World) -> None:
    again = make_world(24, 1200, seed=5)
    assert (again.solution_vectors == world.solution_vectors).all()
    assert (again.demand_vectors == world.demand_vectors).all()
    for name, column in world.solutions.items():
        np.testing.assert_array_equal(again.solutions[name], column, err_msg=name)
    assert (make_world(24, 1200, seed=6).solution_vectors != world.solution_vectors).any()


def test_world_vectors_are_spread_as_those_of_real_texts(world: World) -> None:
    """Against the demo's own vectors, drawn down to as many: few vectors have few axes."""
    with np.load(spectrum.DEMO, allow_pickle=False) as demo:
        real = demo["vectors"][demo["kinds"] == "passage"].astype(np.float32)
    made = world.solution_vectors[: len(real)].astype(np.float32)
    for axes in (1, 5, 20, 50, 100):
        shares = [float(spectrum.decay(vectors)[:axes].sum()) for vectors in (made, real)]
        assert shares[0] == pytest.approx(shares[1], abs=0.12), axes


def test_world_texts_of_one_topic_are_as_near_as_real_ones(world: World) -> None:
    def mean(mask: np.ndarray) -> float:
        return float(cosines[mask].mean())

    cosines = world.demand_vectors.astype(np.float32) @ world.solution_vectors.astype(np.float32).T
    asked, offered = world.demands, world.solutions
    topic = (asked["topic"][:, None] == offered["topic"]) & (asked["topic"][:, None] >= 0)
    area = asked["area"][:, None] == offered["area"]
    real = spectrum.DEMAND_SOLUTION
    measured = mean(topic), mean(area & ~topic), mean(~area)
    assert measured == pytest.approx((real.topic, real.area, real.other), abs=0.06)


def test_world_filter_of_the_peers_passes_all_that_the_engine_passes(world: World) -> None:
    candidates = CandidateSet.build(profiles.solution_profiles(world), codebook().vocabulary)
    for number, demand in enumerate(profiles.demand_profiles(world)):
        listed = [int(result.solution_id) for result in rank(demand, candidates, None, today=TODAY)]
        assert listed, "nothing to compare"
        assert world.passing(number)[listed].all()


# --- Contenders -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("contender", contenders(), ids=lambda one: one.name)
def test_contender_answers_with_the_nearest_that_pass(contender: Contender, world: World) -> None:
    try:
        peer = contender.make(world)
    except ImportError as error:
        pytest.skip(f"only `bootstrap.py bench` installs it: {error}")
    with closing(peer):
        found = peer.search(range(world.size[0]))
    for demand, answer in enumerate(found):
        passing = world.passing(demand)
        assert len(set(answer)) == len(answer) == min(KEEP, passing.sum())
        assert passing[answer].all()
        if contender.is_exact:
            cosines = world.solution_vectors.astype(np.float64) @ world.demand_vectors[demand].astype(np.float64)
            # By score: which of two equal ones comes first is nobody's right.
            right = np.sort(cosines[passing])[::-1][:KEEP]
            np.testing.assert_allclose(cosines[answer], right, atol=1e-6)


# --- Report -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measured", "goal", "met"),
    [(8.0, "≥ 8", True), (7.9, "≥ 8", False), (0.3, "≤ 0.3", True), (0.31, "≤ 0.3", False), (5.0, "", None)],
)
def test_row_is_judged_by_its_goal(measured: float, goal: str, met: bool | None) -> None:
    assert rows.row("pace", measured, goal).met is met


def test_rows_come_back_from_their_file(tmp_path: Path) -> None:
    found = [rows.row("pace", 3.5, "≥ 8"), rows.missing("other", ImportError("no\n  wheel"), "≥ 2"), rows.row("a", 1.0)]
    rows.write(found, tmp_path / "bench.json")
    assert rows.read(tmp_path / "bench.json") == found


def test_table_tells_what_was_missed_and_what_was_not_measured() -> None:
    told = rows.table([rows.row("pace", 1234.5, "≥ 2000"), rows.missing("other", ImportError("no wheel"), "≥ 2")])
    assert "1,234" in told.splitlines()[0]
    assert "NOT MET" in told.splitlines()[0]
    assert "ImportError: no wheel" in told.splitlines()[1]


def test_measure_reports_rounds_that_were_made() -> None:
    calls: list[int] = []
    cost = measure(lambda: calls.append(sum(range(20_000))), rounds=3)
    assert len(calls) == 3
    assert cost.cpu > 0
    assert cost.products > 0
    assert Cost(2.0, 4.0, 6.0).per(2) == Cost(1.0, 2.0, 3.0)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_part_names_a_function_that_exists(part: Part) -> None:
    module, name = part.function.split(":")
    source = (CHECKOUT / "tests" / "bench" / "sections" / f"{module}.py").read_text(encoding="utf-8")
    assert f"def {name}(" in source
    assert part.is_wanted([]) is not part.is_long
    assert part.is_wanted([part.name[:4]])
    assert not part.is_wanted(["another"])


def test_times_of_what_never_comes_end_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "PATIENCE", 0.0)
    asked: list[int] = []
    seconds = latency.times(lambda: asked.append(1), lambda _subject: False, 50)
    assert seconds == [float("inf")] * latency.LOST == [float("inf")] * len(asked)
    (told,) = latency.report("visible", seconds, "≤ 1", "≤ 2")
    assert told.measured is None
    assert told.note.startswith("3 of 3 never came")


def test_report_of_seconds_gives_the_middle_and_the_tail() -> None:
    half, tail = latency.report("visible", [number / 100 for number in range(101)], "≤ 0.5", "≤ 0.9")
    assert (half.measured, half.met) == (pytest.approx(0.5), True)
    assert (tail.measured, tail.met) == (pytest.approx(0.99), False)


def test_reciprocal_ranks_rewards_what_several_rank_high() -> None:
    assert reciprocal_ranks([7, 8, 9], [8, 5]) == [8, 7, 5, 9]


def test_quality_report_is_told_only_of_the_weights_in_force(tmp_path: Path) -> None:
    lines = [
        {"set": name, "system": system, "ahead": lead, "low": lead - 0.01}
        for name, lead in (("one", 0.3), ("two", 0.01))
        for system in quality.OTHERS
    ]
    file = tmp_path / "quality.json"
    file.write_text(json.dumps({"configuration": EXPERT.id, "lines": lines}))
    assert [(one.measured, one.met) for one in quality.told(file)] == [(0.01, False)] * len(quality.OTHERS)
    file.write_text(json.dumps({"configuration": "older", "lines": lines}))
    assert quality.told(file) == []


def test_codebook_is_the_vocabulary_of_the_portal() -> None:
    book = codebook()
    assert len(book.areas) == 6
    assert set(book.vocabulary.topic_area.values()) == set(book.areas)
    assert book.certificates <= set(book.flags)
