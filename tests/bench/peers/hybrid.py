"""Texts ranked as a search engine would: BM25 and vectors in qdrant-edge, fused by rank."""

import tempfile
from collections.abc import Sequence

import numpy as np

DEPTH = 100
RRF = 60  # the constant of Cormack, Clarke and Büttcher (2009)


class Hybrid:
    """Documents as (text, vector); `fused` is qdrant's own hybrid, `lexical` and `dense` its halves."""

    def __init__(self, texts: Sequence[str], vectors: np.ndarray) -> None:
        import qdrant_edge as api

        self.api, self.count = api, len(texts)
        self.bm25 = api.Bm25(api.Bm25Config(tokenizer=api.TokenizerType.Multilingual, avg_len=mean_length(texts)))
        self.folder = tempfile.TemporaryDirectory(prefix="urbanlink-bench-")
        config = api.EdgeConfig(
            vectors={"dense": api.EdgeVectorParams(size=vectors.shape[1], distance=api.Distance.Dot)},
            sparse_vectors={"words": api.EdgeSparseVectorParams(modifier=api.Modifier.Idf)},
            max_search_threads=1,
        )
        self.shard = api.EdgeShard.create(self.folder.name, config)
        points = [
            api.Point(number, {"dense": vector.tolist(), "words": self.bm25.embed_document(text)})
            for number, (text, vector) in enumerate(zip(texts, vectors.astype(np.float32), strict=True))
        ]
        self.shard.update(api.UpdateOperation.upsert_points(points))

    def lexical(self, text: str) -> list[int]:
        return self._run(query=self._words(text))

    def dense(self, vector: np.ndarray) -> list[int]:
        return self._run(query=self._near(vector))

    def fused(self, text: str, vector: np.ndarray) -> list[int]:
        halves = [self.api.Prefetch(limit=DEPTH, query=query) for query in (self._words(text), self._near(vector))]
        return self._run(prefetches=halves, query=self.api.Fusion.Rrf(k=2))

    def _words(self, text: str) -> object:
        return self.api.Query.Nearest(self.bm25.embed_query(text), using="words")

    def _near(self, vector: np.ndarray) -> object:
        return self.api.Query.Nearest(vector.astype(np.float32).tolist(), using="dense")

    def _run(self, **query: object) -> list[int]:
        found = self.shard.query(self.api.QueryRequest(limit=min(DEPTH, self.count), **query))
        return [int(point.id) for point in found]

    def close(self) -> None:
        self.shard.close()
        self.folder.cleanup()


def mean_length(texts: Sequence[str]) -> float:
    return max(1.0, sum(len(text.split()) for text in texts) / max(len(texts), 1))


def reciprocal_ranks(*rankings: Sequence[int]) -> list[int]:
    """One ranking of several: the sum of 1 / (60 + place), which needs no scores to be comparable."""
    worth: dict[int, float] = {}
    for ranking in rankings:
        for place, document in enumerate(ranking, start=1):
            worth[document] = worth.get(document, 0.0) + 1 / (RRF + place)
    return sorted(worth, key=lambda document: (-worth[document], document))
