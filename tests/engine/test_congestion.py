"""Prices keep the most wanted solution within the cap, at a small loss, and charge nobody else."""

from __future__ import annotations

import numpy as np
import pytest

from matching.engine.congestion import cap_of, prices
from matching.engine.ordering import ORDER, Contender, order

SHOWN, POOL = ORDER.shown, ORDER.pool
OFFERED_BY = np.arange(900) % 300


def world(seed, lists=400, solutions=900, stars=3):
    """Pools of a skewed world: a few solutions that are good for nearly everybody, the rest for some."""
    random = np.random.default_rng(seed)
    appeal = random.normal(0, 0.4, solutions)
    appeal[:stars] += 2.2
    logit = appeal[None, :] + random.normal(-0.5, 1.0, (lists, solutions))
    rows = np.argsort(-logit, axis=1)[:, :POOL]
    return rows, 1 / (1 + np.exp(-np.take_along_axis(logit, rows, axis=1)))


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_shown_on_more_than_the_cap_at_a_loss_of_two_percent(seed):
    rows, probabilities = world(seed)
    before = np.bincount(rows[:, :SHOWN].ravel(), minlength=900).max()
    found = prices(rows, probabilities, OFFERED_BY)
    assert before > 1.5 * found.cap
    assert found.lists.max() <= 1.1 * found.cap
    assert 0 < found.loss <= 0.02


@pytest.mark.parametrize("seed", range(3))
def test_lists_ordered_with_the_prices_keep_the_cap(seed):
    """Providers and exploring move some more; the cap holds with the tenth that is allowed."""
    rows, probabilities = world(seed)
    found = prices(rows, probabilities, OFFERED_BY)
    shown = np.zeros(900, int)
    for number, (solutions, chances) in enumerate(zip(rows, probabilities, strict=True)):
        pool = [
            Contender(
                id=str(solution), rank=rank, probability=float(chance), provider=str(OFFERED_BY[solution]),
                lists=int(found.lists[solution]), price=float(found.prices[solution]),
            )
            for rank, (solution, chance) in enumerate(zip(solutions, chances, strict=True), start=1)
        ]  # fmt: skip
        for one in order(pool, key=str(number), day=738_000)[:SHOWN]:
            shown[int(one.contender.id)] += 1
    assert shown.max() <= 1.1 * found.cap


def test_only_those_shown_too_often_pay():
    rows, probabilities = world(1)
    found = prices(rows, probabilities, OFFERED_BY)
    wanted = np.bincount(rows[:, :SHOWN].ravel(), minlength=900)
    assert (found.prices[wanted < 0.9 * found.cap] == 0).mean() > 0.98
    assert (found.prices[:3] > 0).all()


def test_nobody_pays_where_nobody_is_shown_too_often():
    rows, probabilities = world(2, stars=0)
    found = prices(rows, probabilities, OFFERED_BY, cap=400)
    assert (found.prices.any(), found.loss) == (False, 0.0)


def test_lists_on_which_everybody_is_shown_do_not_count():
    rows = np.full((300, POOL), -1)
    rows[:, :5] = np.arange(5)
    probabilities = np.where(rows >= 0, 0.5, 0.0)
    found = prices(rows, probabilities, OFFERED_BY[:5])
    assert (found.contested, found.prices.any(), found.lists.sum()) == (0, False, 0)


def test_prices_are_the_same_every_time():
    rows, probabilities = world(3)
    assert np.array_equal(
        prices(rows, probabilities, OFFERED_BY).prices, prices(rows, probabilities, OFFERED_BY).prices
    )


def test_no_lists_have_no_prices():
    found = prices(np.zeros((0, POOL), np.int64), np.zeros((0, POOL)), OFFERED_BY[:4])
    assert (found.prices.tolist(), found.loss) == ([0, 0, 0, 0], 0.0)


def test_cap_is_a_multiple_of_the_mean_and_never_below_the_least():
    rows, _ = world(4)
    mean = rows.shape[0] * SHOWN / len(np.unique(rows))
    assert cap_of(rows) == max(ORDER.cap_least, int(np.ceil(ORDER.cap_factor * mean)))
    assert cap_of(rows[:2]) == ORDER.cap_least
