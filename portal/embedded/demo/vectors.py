"""The demo's vectors, made once and committed: keyed by text hash and backend, so that the first run needs no encoding."""

from pathlib import Path

import numpy as np
from pgvector import HalfVector

from catalog.models import Solution
from cities.models import Demand
from matching.encoder import text_hash
from matching.models import TextVector
from matching.vectors import current_backend, demand_texts, ensure_vectors, solution_text

FILE = Path(__file__).parent / "vectors.npz"


def load_vectors() -> int:
    """Put the shipped vectors of the current backend into the table; 0 where the file is another backend's."""
    if not FILE.exists():
        return 0
    with np.load(FILE, allow_pickle=False) as data:
        if str(data["backend"]) != current_backend().id:
            return 0
        rows = [
            TextVector(text_hash=str(digest), backend=current_backend().id, kind=str(kind), vector=HalfVector(vector))
            for digest, kind, vector in zip(data["hashes"], data["kinds"], data["vectors"], strict=True)
        ]
    TextVector.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def save_vectors() -> int:
    """Write the vectors of all demo texts that the table holds to the committed file. Returns how many."""
    queries, passages = [], []
    for demand in Demand.objects.filter(is_demo=True):
        both = demand_texts(demand)
        queries += [both.whole, *both.parts]
    passages = [solution_text(solution) for solution in Solution.objects.filter(is_demo=True)]
    ensure_vectors(queries, "query")
    ensure_vectors(passages, "passage")
    wanted = {("query", text_hash(text)) for text in queries} | {("passage", text_hash(text)) for text in passages}
    stored = TextVector.objects.filter(backend=current_backend().id).order_by("kind", "text_hash")
    rows = [row for row in stored if (row.kind, row.text_hash) in wanted]
    np.savez_compressed(
        FILE, backend=np.array(current_backend().id), hashes=np.array([row.text_hash for row in rows]),
        kinds=np.array([row.kind for row in rows]), vectors=np.stack([row.vector.to_numpy() for row in rows]).astype(np.float16),
    )
    return len(rows)
