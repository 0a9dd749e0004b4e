"""How cost grows with the catalogue and with the demands: the slope of logarithms over three doublings."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import numpy as np

from tests.bench.clock import measure
from tests.bench.engine import Engine
from tests.bench.rows import Row, figure, row
from tests.bench.worlds import make_world

SOLUTIONS, DEMANDS = (3_000, 6_000, 12_000, 24_000), (500, 1_000, 2_000, 4_000)


def exponents() -> Iterator[Row]:
    costs = [solutions_cost(count) for count in SOLUTIONS]
    yield slope("full re-match, growth exponent in solutions", SOLUTIONS, costs, "≤ 1.05")
    with closing(Engine(make_world(DEMANDS[-1], SOLUTIONS[2]))) as engine:
        asked = engine.demands(range(DEMANDS[-1]))
        engine.lists(asked[:2])
        costs = [measure(lambda part=part: engine.lists(asked[:part]), rounds=3).products for part in DEMANDS]
    yield slope("full re-match, growth exponent in demands", DEMANDS, costs, "≤ 1.05")


def solutions_cost(count: int) -> float:
    with closing(Engine(make_world(DEMANDS[0], count))) as engine:
        asked = engine.demands(range(DEMANDS[0]))
        engine.lists(asked[:2])
        return measure(lambda: engine.lists(asked), rounds=3).products


def slope(name: str, sizes: Sequence[int], costs: Sequence[float], goal: str) -> Row:
    """The least-squares line through (log size, log cost)."""
    exponent = float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])
    note = ", ".join(f"{size:,}: {figure(cost)}" for size, cost in zip(sizes, costs, strict=True))
    return row(name, exponent, goal, f"in reference products, {note}")
