"""Prices that keep one solution from standing on everybody's list.

With a price taken off its probability a much wanted solution leaves the lists where others are nearly as good, and
stays where it is much the best. Prices are the multipliers of "at most `cap` lists each", found by raising those of
solutions shown too often and lowering those of the others, in ever smaller steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from matching.engine.columns import FloatColumn, IntColumn
from matching.engine.ordering import ORDER, OrderRules

ROUNDS: Final = 200
FIRST_STEP: Final = 0.1
# Prices are kept to this many decimals, so that a stored price orders as the one computed.
DECIMALS: Final = 4
# A list may turn on a tie; aiming a little below keeps the tie from breaking the cap.
AIM: Final = 0.98


@dataclass(frozen=True, slots=True)
class Prices:
    """prices: of each solution, in probability. lists: on how many it is shown with them. cap: the most wanted.

    loss: the share of the probability shown that the prices cost. contested: lists longer than what is shown, the only
    ones that a price can take a solution off.
    """

    prices: FloatColumn
    lists: IntColumn
    cap: int
    loss: float
    contested: int


def cap_of(rows: IntColumn, rules: OrderRules = ORDER) -> int:
    """On how many contested lists one solution is wanted at most: `rules.cap_factor` times the mean."""
    solutions = len(np.unique(rows[rows >= 0]))
    mean = len(rows) * rules.shown / max(solutions, 1)
    return max(rules.cap_least, int(np.ceil(rules.cap_factor * mean)))


def prices(
    rows: IntColumn,
    probabilities: FloatColumn,
    providers: IntColumn,
    *,
    cap: int | None = None,
    rules: OrderRules = ORDER,
) -> Prices:
    """Prices of all solutions from every demand's pool.

    rows: int (lists, pool), the solutions of each pool by number from 0 on, best first, −1 where a pool is shorter.
    probabilities: of the same shape. providers: int (solutions,), the number of who offers each. `cap` None takes
    `cap_of` the contested lists. Solutions are counted on contested lists only.
    """
    contested = (rows >= 0).sum(axis=1) > rules.shown
    rows, probabilities = rows[contested], np.where(rows[contested] >= 0, probabilities[contested], -np.inf)
    cap = cap_of(rows, rules) if cap is None else cap
    market = _Market(rows, probabilities, providers, rules)
    best = market.settle(cap)
    without, shown = market.worth(np.zeros(len(providers)))[1], market.worth(best)
    loss = 0.0 if without == 0 else 1 - shown[1] / without
    return Prices(best, shown[0], cap, loss, int(contested.sum()))


class _Market:
    def __init__(self, rows: IntColumn, probabilities: FloatColumn, providers: IntColumn, rules: OrderRules) -> None:
        self.rows, self.probabilities, self.count, self.rules = rows, probabilities, len(providers), rules
        # Whoever is missing from a short pool is nobody's: a provider of its own at each place.
        nobody = -1 - np.arange(rows.shape[1])
        self.providers = np.where(rows >= 0, providers[rows] if self.count else rows, nobody)

    def worth(self, price: FloatColumn) -> tuple[IntColumn, float]:
        """On how many lists each solution is shown at these prices, and the probability of all that is shown."""
        if not len(self.rows):
            return np.zeros(self.count, np.int64), 0.0
        net = self.probabilities - price[self.rows]
        # Stable and by rank among equals, as ordering does.
        best = np.argsort(-net, axis=1, kind="stable")
        which = _occurrence(np.take_along_axis(self.providers, best, axis=1))
        late = np.argsort(which >= self.rules.most_in_list, axis=1, kind="stable")[:, : self.rules.shown]
        chosen = np.take_along_axis(best, late, axis=1)
        solutions = np.take_along_axis(self.rows, chosen, axis=1)
        total = float(np.take_along_axis(self.probabilities, chosen, axis=1).sum())
        return np.bincount(solutions.ravel(), minlength=self.count).astype(np.int64), total

    def settle(self, cap: int) -> FloatColumn:
        """The prices with the smallest overload found, among those the ones that cost least."""
        price, aim = np.zeros(self.count), AIM * cap
        best, best_key = price, self._key(price, cap)
        for number in range(ROUNDS):
            lists, _ = self.worth(price)
            if number == 0 and lists.max(initial=0) <= cap:
                return best
            step = FIRST_STEP / (1 + number / 8)
            excess = np.clip((lists - aim) / aim, -0.5, 2.0)
            price = np.clip(price + step * excess, 0, 1).round(DECIMALS)
            key = self._key(price, cap)
            if key < best_key:
                best, best_key = price, key
        return best

    def _key(self, price: FloatColumn, cap: int) -> tuple[float, float]:
        lists, total = self.worth(price)
        return max(float(lists.max(initial=0)) / cap, 1.0), -total


def _occurrence(rows: IntColumn) -> IntColumn:
    """Of each entry how many equal ones stand before it in its row."""
    order = np.argsort(rows, axis=1, kind="stable")
    ordered = np.take_along_axis(rows, order, axis=1)
    places = np.broadcast_to(np.arange(rows.shape[1]), rows.shape)
    is_first = np.ones(rows.shape, bool)
    is_first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    starts = np.maximum.accumulate(np.where(is_first, places, 0), axis=1)
    found = np.empty_like(rows)
    np.put_along_axis(found, order, places - starts, axis=1)
    return found


def shown_counts(rows: npt.NDArray[np.int64], count: int) -> IntColumn:
    """How often each solution stands in `rows` (any shape, −1 for nobody)."""
    return np.bincount(rows[rows >= 0].ravel(), minlength=count).astype(np.int64)
