"""qdrant-edge, the engine of Qdrant inside the process: dense vectors with indexed payload."""

import tempfile
from collections.abc import Sequence

import numpy as np

from tests.bench.codebook import reach
from tests.bench.peers import KEEP
from tests.bench.worlds import Rows, World

AT_ONCE = 1000


class Filtered:
    """Exact search under a filter on indexed payload fields, everything in one segment on one thread."""

    def __init__(self, world: World) -> None:
        import qdrant_edge

        self.api, self.world = qdrant_edge, world
        self.folder = tempfile.TemporaryDirectory(prefix="urbanlink-bench-")
        self.shard = qdrant_edge.EdgeShard.create(self.folder.name, self._config())
        for name in ("areas", "countries", "live"):
            self._update("create_field_index", name, qdrant_edge.PayloadSchemaType.Integer)
        reached = [np.flatnonzero(row).tolist() for row in reach()]
        for start in range(0, world.size[1], AT_ONCE):
            rows = range(start, min(start + AT_ONCE, world.size[1]))
            self._update("upsert_points", [self._point(row, reached) for row in rows])
        self.shard.optimize()

    def _config(self) -> object:
        params = self.api.EdgeVectorParams(size=self.world.solution_vectors.shape[1], distance=self.api.Distance.Dot)
        # The index over vectors would be approximate; what is asked for is exact.
        plain = self.api.EdgeOptimizersConfig(indexing_threshold=10**9, default_segment_number=1)
        return self.api.EdgeConfig(vectors=params, optimizers=plain, max_search_threads=1, wal_enabled=False)

    def _update(self, operation: str, *arguments: object) -> None:
        self.shard.update(getattr(self.api.UpdateOperation, operation)(*arguments))

    def _point(self, row: int, reached: list[list[int]]) -> object:
        one = {name: self.world.solutions[name][row].item() for name in ("area", "second", "regions", "live")}
        areas = [area for area in (one["area"], one["second"]) if area >= 0]
        payload = {"areas": areas, "countries": reached[one["regions"]], "live": int(one["live"])}
        return self.api.Point(row, self.world.solution_vectors[row].astype(np.float32).tolist(), payload)

    def search(self, demands: Sequence[int]) -> list[Rows]:
        return [self._one(demand) for demand in demands]

    def _one(self, demand: int) -> Rows:
        asked = self.world.demand_vectors[demand].astype(np.float32).tolist()
        found = self.shard.query(
            self.api.QueryRequest(
                limit=KEEP,
                query=self.api.Query.Nearest(asked),
                filter=self._filter(demand),
                params=self.api.SearchParams(exact=True),
            )
        )
        return np.array([point.id for point in found], np.int64)

    def _filter(self, demand: int) -> object:
        area, country = (int(self.world.demands[name][demand]) for name in ("area", "country"))
        # A flag is a number here: version 0.9 takes MatchValue(True) for the integer 1 and finds nothing.
        wanted = {"areas": area, "countries": country, "live": 1}
        match = self.api.MatchValue
        return self.api.Filter(must=[self.api.FieldCondition(key=k, match=match(v)) for k, v in wanted.items()])

    def close(self) -> None:
        self.shard.close()
        self.folder.cleanup()
