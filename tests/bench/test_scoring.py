"""`make bench`: the cost of scoring as ratios to a matrix product in the same process. Prints; asserts no time."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matching.engine import evaluate, rank
from tests.engine.strategies import TODAY, _Maker, together

COUNT, DIM = 5000, 896


def _cpu_milliseconds(call: Callable[[], object], rounds: int = 9) -> float:
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        call()
        taken.append((time.process_time() - started) * 1000)
    return float(np.median(taken))


def test_scoring_one_demand_against_five_thousand() -> None:
    maker, chance = _Maker(1), np.random.default_rng(1)
    vectors = chance.normal(size=(COUNT + 13, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    candidates = together([replace(maker.solution(f"s{n}"), vector=vectors[n]) for n in range(COUNT)])
    demand = replace(maker.demand(), vector=vectors[COUNT], sentence_vectors=vectors[COUNT + 1 :], live=True)
    rows = {
        "matrix product, 13 × 5,000 × 896": lambda: vectors[COUNT:] @ vectors[:COUNT].T,
        "evaluate (all gates and components)": lambda: evaluate(demand, candidates, today=TODAY),
        "rank (evaluate, best 20 explained)": lambda: rank(demand, candidates, k=20, today=TODAY),
    }
    base = None
    print(f"\n{'one demand × 5,000 solutions':<40}{'CPU ms':>10}{'ratio':>10}")
    for name, call in rows.items():
        taken = _cpu_milliseconds(call)
        base = base or taken
        print(f"{name:<40}{taken:>10.2f}{taken / base:>10.1f}")
