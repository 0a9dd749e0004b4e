"""Scoring thousands of candidates takes tens of milliseconds; the bound leaves room for a busy machine."""

import time
from dataclasses import replace

import numpy as np
import pytest

from matching.engine import evaluate, rank
from tests.engine.strategies import TODAY, _Maker, together

COUNT = 5000


@pytest.fixture(scope="module")
def world():
    maker, chance = _Maker(1), np.random.default_rng(1)
    vectors = chance.normal(size=(COUNT + 13, 896)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    solutions = [replace(maker.solution(f"s{number}"), vector=vectors[number]) for number in range(COUNT)]
    demand = replace(maker.demand(), vector=vectors[COUNT], sentence_vectors=vectors[COUNT + 1 :], live=True)
    return demand, together(solutions)


@pytest.mark.parametrize("call", [evaluate, rank])
def test_five_thousand_candidates_take_tens_of_milliseconds(world, call):
    demand, candidates = world
    call(demand, candidates, today=TODAY)
    taken = []
    for _ in range(5):
        started = time.process_time()
        call(demand, candidates, today=TODAY)
        taken.append(time.process_time() - started)
    assert min(taken) < 0.1
