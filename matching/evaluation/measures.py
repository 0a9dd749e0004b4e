"""nDCG@10, recall@10 and reciprocal rank as trec_eval defines them: gains are the grades themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

DEPTH: Final = 10


@dataclass(frozen=True, slots=True)
class Measures:
    """Means over `queries` queries, each in [0, 1]."""

    queries: int
    ndcg: float
    recall: float
    reciprocal_rank: float


def measure(ranking: Sequence[str], grades: Mapping[str, float]) -> Measures:
    """One query: `ranking` of document ids, best first; `grades` of the relevant ones, all above 0."""
    gains = [grades.get(document, 0.0) for document in ranking[:DEPTH]]
    found = sum(gain > 0 for gain in gains)
    first = next((place for place, document in enumerate(ranking, start=1) if document in grades), None)
    return Measures(
        queries=1,
        ndcg=_discounted(gains) / _discounted(sorted(grades.values(), reverse=True)[:DEPTH]),
        recall=found / len(grades),
        reciprocal_rank=1 / first if first else 0.0,
    )


def mean_measures(each: Sequence[Measures]) -> Measures:
    """The mean over several queries. Raises ValueError for none."""
    if not each:
        raise ValueError("no query to take the mean of")
    count = len(each)
    return Measures(
        queries=count,
        ndcg=math.fsum(one.ndcg for one in each) / count,
        recall=math.fsum(one.recall for one in each) / count,
        reciprocal_rank=math.fsum(one.reciprocal_rank for one in each) / count,
    )


def _discounted(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))
