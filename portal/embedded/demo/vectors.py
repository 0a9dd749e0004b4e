"""The demo's vectors, made once and committed by text hash and backend: the first run needs no encoding."""

from pathlib import Path

import numpy as np

from catalog.models import Solution
from cities.models import Demand
from matching.models import TextVector
from matching.vectors import (
    KINDS,
    current_backend,
    ensure_vectors,
    keys_of,
    store_vectors,
    wording_of_demand,
    wording_of_solution,
)

FILE = Path(__file__).parent / "vectors.npz"


def load_vectors() -> int:
    """Put the shipped vectors of the current backend into the table; 0 where the file is another backend's."""
    if not FILE.exists():
        return 0
    with np.load(FILE, allow_pickle=False) as data:
        if str(data["backend"]) != current_backend().id:
            return 0
        for kind in KINDS:
            chosen = data["kinds"] == kind
            store_vectors(data["hashes"][chosen].tolist(), kind, data["vectors"][chosen], current_backend().id)
        return len(data["hashes"])


def save_vectors() -> int:
    """Encode all demo texts and write their vectors to the committed file. Returns how many."""
    wordings = [wording_of_demand(demand) for demand in Demand.objects.filter(is_demo=True)]
    wordings += [wording_of_solution(solution) for solution in Solution.objects.filter(is_demo=True)]
    ensure_vectors(wordings)
    wanted = {key for wording in wordings for key in keys_of(wording)}
    stored = TextVector.objects.filter(backend=current_backend().id).order_by("kind", "text_hash")
    rows = [row for row in stored if (row.text_hash, row.kind) in wanted]
    np.savez_compressed(
        FILE,
        backend=np.array(current_backend().id),
        hashes=np.array([row.text_hash for row in rows]),
        kinds=np.array([row.kind for row in rows]),
        vectors=np.array([row.vector for row in rows], np.float16),
    )
    return len(rows)
