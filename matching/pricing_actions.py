"""Prices of much wanted solutions, made anew each night from what every demand has on its list and in reserve."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.utils import timezone

from catalog.models import Solution
from matching.engine.congestion import Prices, prices, shown_counts
from matching.engine.ordering import ORDER
from matching.models import Exposure, Ranking
from portal.audit.actions import record


@transaction.atomic
def price_lists() -> set[int]:
    """Replace all prices and counts; returns the demands whose order they can change."""
    demands, pools, chances = _pools()
    solutions = np.unique(pools[pools >= 0])
    rows = np.where(pools >= 0, np.searchsorted(solutions, pools), -1)
    offered_by = dict(Solution.objects.filter(pk__in=solutions.tolist()).values_list("pk", "provider_id"))
    found = prices(rows, chances, np.array([offered_by.get(pk, -pk) for pk in solutions.tolist()], np.int64))
    # By score alone, whatever the order made of it: an order that changed its own prices would never come to rest.
    lists = shown_counts(rows[:, : ORDER.shown], len(solutions))
    before = dict(Exposure.objects.values_list("pk", "price"))
    rare_before = set(Exposure.objects.filter(lists__gt=ORDER.explore_lists).values_list("pk", flat=True))
    _replace(solutions, lists, found)
    after = dict(zip(solutions.tolist(), found.prices.tolist(), strict=True))
    rare_after = set(solutions[lists > ORDER.explore_lists].tolist())
    changed = {pk for pk in before.keys() | after.keys() if before.get(pk, 0.0) != after.get(pk, 0.0)}
    return _with_any(demands, pools, changed | (rare_before ^ rare_after))


def _pools() -> tuple[list[int], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Demands, and of each the best by score: solutions (−1 where there are fewer) and probabilities."""
    rows = Ranking.objects.order_by("demand_id").values_list(
        "demand_id", "solutions", "probabilities", "reserve", "reserve_probabilities"
    )
    demands: list[int] = []
    pools: list[list[int]] = []
    chances: list[list[float]] = []
    for demand, shown, shown_chances, reserve, reserve_chances in rows.iterator(chunk_size=2000):
        both = zip([*shown_chances, *reserve_chances], [*shown, *reserve], strict=True)
        best = sorted(both, key=lambda pair: (-pair[0], str(pair[1])))[: ORDER.pool]
        padding = ORDER.pool - len(best)
        demands.append(demand)
        pools.append([*(pk for _chance, pk in best), *[-1] * padding])
        chances.append([*(chance for chance, _pk in best), *[0.0] * padding])
    shape = (len(demands), ORDER.pool)
    return demands, np.array(pools, np.int64).reshape(shape), np.array(chances, np.float64).reshape(shape)


def _replace(solutions: npt.NDArray[np.int64], lists: npt.NDArray[np.int64], found: Prices) -> None:
    now = timezone.now()
    Exposure.objects.all().delete()
    Exposure.objects.bulk_create(
        [
            Exposure(solution_id=pk, lists=count, price=price, computed_at=now)
            for pk, count, price in zip(solutions.tolist(), lists.tolist(), found.prices.tolist(), strict=True)
            if count or price
        ],
        batch_size=5000,
    )
    summary: Mapping[str, object] = {
        "contested": found.contested,
        "cap": found.cap,
        "priced": int((found.prices > 0).sum()),
        "most": int(found.lists.max(initial=0)),
        "loss": round(found.loss, 5),
    }
    record(by="engine", action="exposure.price", subject="exposure:all", after=dict(summary))


def _with_any(demands: list[int], pools: npt.NDArray[np.int64], solutions: set[int]) -> set[int]:
    touched = np.isin(pools, np.array(sorted(solutions), np.int64)).any(axis=1)
    return {demand for demand, is_touched in zip(demands, touched, strict=True) if is_touched}
