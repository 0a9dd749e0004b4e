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
    rows: IntColumn, probabilities: FloatColumn, count: int, *, cap: int | None = None, rules: OrderRules = ORDER
) -> Prices:
    """Prices of solutions 0 to count − 1 from every demand's pool.

    rows: int (lists, pool), the solutions of each pool, best first, −1 where a pool is shorter. probabilities: of the
    same shape. `cap` None takes `cap_of` the contested lists. Solutions are counted on contested lists only.
    """
    contested = (rows >= 0).sum(axis=1) > rules.shown
    rows, probabilities = rows[contested], np.where(rows[contested] >= 0, probabilities[contested], -np.inf)
    cap = cap_of(rows, rules) if cap is None else cap
    best = _Market(rows, probabilities, count, rules.shown).settle(cap)
    free = _Market(rows, probabilities, count, rules.shown)
    without, shown = free.worth(np.zeros(count))[1], free.worth(best)
    loss = 0.0 if without == 0 else 1 - shown[1] / without
    return Prices(best, shown[0], cap, loss, int(contested.sum()))


class _Market:
    def __init__(self, rows: IntColumn, probabilities: FloatColumn, count: int, shown: int) -> None:
        self.rows, self.probabilities, self.count, self.shown = rows, probabilities, count, shown

    def worth(self, price: FloatColumn) -> tuple[IntColumn, float]:
        """On how many lists each solution is shown at these prices, and the probability of all that is shown."""
        if not len(self.rows):
            return np.zeros(self.count, np.int64), 0.0
        net = self.probabilities - price[self.rows]
        # Stable and by rank among equals, as ordering does.
        chosen = np.argsort(-net, axis=1, kind="stable")[:, : self.shown]
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


def shown_counts(rows: npt.NDArray[np.int64], count: int) -> IntColumn:
    """How often each solution stands in `rows` (any shape, −1 for nobody)."""
    return np.bincount(rows[rows >= 0].ravel(), minlength=count).astype(np.int64)
