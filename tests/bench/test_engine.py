"""The engine as the benchmark drives it: over a snapshot, and judged by the plain evaluation."""

from collections.abc import Iterator
from contextlib import closing

import pytest

pytest.importorskip("matching.machine", reason="there is no machine yet")

from tests.bench.engine import Engine, FloatingPoints, right_lists
from tests.bench.worlds import make_world


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with closing(Engine(make_world(24, 1200, seed=5))) as engine:
        yield engine


def test_engine_lists_what_plain_evaluation_lists(engine: Engine) -> None:
    demands = engine.demands(range(engine.world.size[0]))
    assert list(engine.results(demands)) == right_lists(engine.world, demands)


def test_right_lists_are_the_same_part_by_part(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    demands = engine.demands(range(6))
    whole = right_lists(engine.world, demands)
    monkeypatch.setattr("tests.bench.engine.PART", 170)
    assert right_lists(engine.world, demands) == whole
    assert all(len(listed) > 5 for listed in whole), "little to compare"


def test_engine_work_is_counted(engine: Engine) -> None:
    demands = engine.demands(range(4))
    with FloatingPoints() as counted:
        engine.lists(demands)
    vectors = sum(1 + len(() if d.sentence_vectors is None else d.sentence_vectors) for d in demands)
    once = counted.done
    assert 0 < once <= 2 * vectors * engine.world.size[1] * engine.world.solution_vectors.shape[1]
    engine.lists(demands)
    assert counted.done == once, "still counting after the end"
