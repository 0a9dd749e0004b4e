"""Whether lists share out attention, and whether points mean what they say."""

from collections.abc import Iterator

import numpy as np

from matching.engine import EXPERT
from matching.engine.congestion import prices, shown_counts
from matching.engine.ordering import ORDER
from matching.learning.comparing import compare
from tests.bench.engine import brute_force, candidate_set
from tests.bench.profiles import demand_profiles
from tests.bench.rows import Row, row
from tests.bench.worlds import World, make_world
from tests.learning.generated import PRIOR, generated

WORLD = (600, 2_000)
JUDGEMENTS = 4_000


def exposure() -> Iterator[Row]:
    """Congestion prices on the pools of a generated world, its probabilities worked out by plain evaluation."""
    world = make_world(*WORLD)
    rows, probabilities = pools(world)
    providers = np.random.default_rng(4).integers(0, WORLD[1] // 3, WORLD[1])
    found = prices(rows, probabilities, providers)
    free = shown_counts(rows[:, : ORDER.shown], world.size[1])
    note = (
        f"{WORLD[0]:,} lists, {WORLD[1]:,} solutions; without prices {free.max()} lists, with them {found.lists.max()}"
    )
    yield row("most shown solution ÷ cap", found.lists.max() / found.cap, "≤ 1.1", f"cap {found.cap}; {note}")
    yield row("probability that prices cost, share", found.loss, "≤ 0.02")


def pools(world: World) -> tuple[np.ndarray, np.ndarray]:
    candidates = candidate_set(world)
    rows = np.full((WORLD[0], ORDER.pool), -1)
    probabilities = np.zeros(rows.shape)
    for number, demand in enumerate(demand_profiles(world)):
        table = brute_force(candidates, demand)
        best = table.best(table.eligible, ORDER.pool)
        rows[number, : len(best)] = best
        probabilities[number, : len(best)] = 1 / (1 + np.exp(-table.logit[best]))
    return rows, probabilities


def calibration() -> Iterator[Row]:
    """Judgements of an imagined office that weighs things other than the shipped weights do, held out by demand."""
    truth = PRIOR * np.random.default_rng(2).uniform(0.4, 1.8, len(PRIOR))
    told = compare(generated(3, JUDGEMENTS, truth=truth), EXPERT.base_logit, PRIOR)
    before, after = told.calibration_error
    note = f"{JUDGEMENTS:,} generated judgements; {before:.3f} with the shipped weights"
    yield row("calibration error on demands held out", after, "≤ 0.05", note)
    note = f"against {told.ndcg.old:.3f} with the shipped weights"
    yield row("nDCG by demand of weights that learned", told.ndcg.new, note=note)
