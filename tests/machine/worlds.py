"""Small seeded worlds for the machine, and what the engine says of all their pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.engine import (
    EXPERT,
    GATES,
    CandidateSet,
    DemandProfile,
    ScoringConfig,
    SolutionProfile,
    evaluate,
    near_misses_table,
    rank_table,
)
from matching.machine import Found
from tests.engine.strategies import TODAY, VOCABULARY, _Maker

DIM = 320


@dataclass(frozen=True)
class World:
    demands: list[DemandProfile]
    solutions: list[SolutionProfile]


def small_world(seed: int, demands: int, solutions: int) -> World:
    """Vectors of three numbers: many pairs are equally close, so that ties are as common as they can be."""
    maker = _Maker(seed)
    return World(
        [replace(_Maker(seed * 1000 + number).demand(), id=f"d{number}") for number in range(demands)],
        [maker.solution(f"s{number}") for number in range(solutions)],
    )


def wide_world(seed: int, demands: int, solutions: int) -> World:
    """Vectors long enough to be split, clustered by focus area, with a spectrum that falls as that of texts does."""
    chance = np.random.default_rng(seed)
    spread = (1 + np.arange(DIM)) ** -0.55
    centres = chance.normal(size=(4, DIM)) * spread
    small = small_world(seed, demands, solutions)

    def vector(focus: Any) -> Any:
        area = {"alpha": 0, "beta": 1, "gamma": 2}.get(min(focus, default=""), 3)
        raw = centres[area] * 0.5 + chance.normal(size=DIM) * spread
        return (raw / np.linalg.norm(raw)).astype(np.float16).astype(np.float32)

    return World(
        [
            replace(
                demand,
                vector=vector(demand.focus),
                sentence_vectors=np.stack([vector(demand.focus) for _ in range(number % 4)]) if number % 4 else None,
            )
            for number, demand in enumerate(small.demands)
        ],
        [replace(s, vector=vector(s.focus) if s.vector is not None else None) for s in small.solutions],
    )


def of_engine(
    demand: DemandProfile, candidates: CandidateSet, keep: int, *, today: int = TODAY, config: ScoringConfig = EXPERT
) -> dict[str, Any]:
    """Everything a list is made of, from the scores of all pairs."""
    table = evaluate(demand, candidates, today=today, config=config)
    in_field = table.outcomes[GATES.index("focus")] != 0
    floor = dict(config.bands)["possible"]
    passes = table.eligible & (table.logit >= math.log(floor / (1 - floor)))
    failures = {gate: int((in_field & (row == 0)).sum()) for gate, row in zip(GATES, table.outcomes, strict=True)}
    return {
        "results": [result.to_json() for result in rank_table(table, keep)],
        "misses": [(miss.gate, miss.would_rank, miss.result.to_json()) for miss in near_misses_table(table, 5)],
        "candidates": int(in_field.sum()),
        "eligible": int(table.eligible.sum()),
        "above_floor": int(passes.sum()),
        "failures": {gate: count for gate, count in failures.items() if count},
    }


def of_machine(found: Found) -> dict[str, Any]:
    return {
        "results": [result.to_json() for result in found.results()],
        "misses": [(miss.gate, miss.would_rank, miss.result.to_json()) for miss in found.near_misses()],
        **found.summary(),
    }


def everything(world: World) -> CandidateSet:
    return CandidateSet.build(world.solutions, VOCABULARY)
