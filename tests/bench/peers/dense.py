"""Brute force in this process: NumPy, scikit-learn, faiss."""

from collections.abc import Sequence

import numpy as np

from tests.bench.peers import KEEP
from tests.bench.worlds import Rows, World

BLOCK = 8192


def best(scores: np.ndarray, rows: Rows) -> Rows:
    """The rows of the highest scores, best first; equal scores by row."""
    count = min(KEEP, len(scores))
    top = np.argpartition(-scores, count - 1)[:count] if count else np.empty(0, np.int64)
    return np.asarray(rows[top[np.lexsort((rows[top], -scores[top]))]])


class Brute:
    """All cosines of a batch by one matrix product a block, then the filter, then argpartition."""

    def __init__(self, world: World) -> None:
        self.world, self.vectors = world, world.solution_vectors.astype(np.float32)

    def search(self, demands: Sequence[int]) -> list[Rows]:
        asked = self.world.demand_vectors[list(demands)].astype(np.float32)
        scores = asked @ self.vectors.T
        return [self._pick(demand, row) for demand, row in zip(demands, scores, strict=True)]

    def _pick(self, demand: int, scores: np.ndarray) -> Rows:
        rows = np.flatnonzero(self.world.passing(demand))
        return best(scores[rows], rows)

    def close(self) -> None:
        del self.vectors


class Neighbours:
    """NearestNeighbors knows no filter: it is given the rows that pass."""

    def __init__(self, world: World) -> None:
        import sklearn.neighbors

        self.world, self.vectors = world, world.solution_vectors.astype(np.float32)
        self.make = sklearn.neighbors.NearestNeighbors

    def search(self, demands: Sequence[int]) -> list[Rows]:
        return [self._one(demand) for demand in demands]

    def _one(self, demand: int) -> Rows:
        rows = np.flatnonzero(self.world.passing(demand))
        if not len(rows):
            return rows
        found = self.make(n_neighbors=min(KEEP, len(rows)), algorithm="brute", metric="cosine").fit(self.vectors[rows])
        return np.asarray(rows[found.kneighbors(self._asked(demand), return_distance=False)[0]])

    def _asked(self, demand: int) -> np.ndarray:
        return self.world.demand_vectors[demand : demand + 1].astype(np.float32)

    def close(self) -> None:
        del self.vectors


class FaissFlat:
    """IndexFlatIP; the filter as a bitmap of the rows that pass."""

    def __init__(self, world: World) -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        self.faiss, self.world = faiss, world
        self.index = faiss.IndexFlatIP(world.solution_vectors.shape[1])
        for start in range(0, world.size[1], BLOCK):
            self.index.add(world.solution_vectors[start : start + BLOCK].astype(np.float32))

    def search(self, demands: Sequence[int]) -> list[Rows]:
        return [self._one(demand) for demand in demands]

    def _one(self, demand: int) -> Rows:
        bits = np.packbits(self.world.passing(demand), bitorder="little")
        selector = self.faiss.IDSelectorBitmap(bits)
        asked = self.world.demand_vectors[demand : demand + 1].astype(np.float32)
        chosen = self.faiss.SearchParameters(sel=selector)
        _scores, rows = self.index.search(asked, KEEP, params=chosen)
        return np.asarray(rows[0][rows[0] >= 0])

    def search_all(self, demands: Sequence[int]) -> None:
        """Without a filter, in one batch: the pace of the plain scan, and a list that ignores every gate."""
        self.index.search(self.world.demand_vectors[list(demands)].astype(np.float32), KEEP)

    def close(self) -> None:
        self.index.reset()
