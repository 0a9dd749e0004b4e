"""Texts of records and their vectors, kept in PostgreSQL by text hash and backend. Web processes only read them."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from django.conf import settings
from pgvector import HalfVector

from catalog.models import Solution
from cities.models import Demand
from matching.encoder import (
    EmbeddingBackend,
    Encoded,
    Kind,
    Wording,
    backend,
    demand_wording,
    solution_wording,
    text_hash,
)
from matching.models import TextVector
from portal.common.translated import original

Vector = npt.NDArray[np.float32]
Key = tuple[str, str]  # text hash, kind
KINDS: tuple[Kind, ...] = ("query", "passage")


def wording_of_demand(demand: Demand) -> Wording:
    """What of a demand carries its meaning, in its own language."""
    return demand_wording(original(demand, "title"), _joined(demand, "summary", "problem", "outcome"))


def wording_of_solution(solution: Solution) -> Wording:
    """What of a solution carries its meaning: its name and one line as the title, then what it solves and how."""
    title = ": ".join(filter(None, (original(solution, "name"), original(solution, "tagline"))))
    return solution_wording(title, _joined(solution, "solves", "how_it_works"))


def _joined(record: Demand | Solution, *names: str) -> str:
    return "\n".join(filter(None, (original(record, name) for name in names)))


def current_backend() -> EmbeddingBackend:
    return backend(settings.EMBEDDING_BACKEND)


def read_vectors(wordings: Iterable[Wording]) -> dict[Key, Vector]:
    """The stored vectors of all texts of ``wordings`` (shape (dim,), unit length); those never encoded are missing."""
    wanted = {key for wording in wordings for key in keys_of(wording)}
    hashes = sorted({digest for digest, _kind in wanted})
    found: dict[Key, Vector] = {}
    for start in range(0, len(hashes), 2000):
        rows = TextVector.objects.filter(text_hash__in=hashes[start : start + 2000], backend=current_backend().id)
        for digest, kind, vector in rows.values_list("text_hash", "kind", "vector"):
            found[digest, kind] = unit(np.asarray(vector, np.float32))
    return found


def keys_of(wording: Wording) -> list[Key]:
    """Under which each text of a record is stored: queries and passages are encoded differently."""
    return [(text_hash(text), wording.kind) for text in wording.texts]


def assembled(wording: Wording, vectors: Mapping[Key, Vector]) -> Encoded | None:
    """The record's vectors, or None while one of its texts is not encoded yet."""
    rows = [vectors.get(key) for key in keys_of(wording)]
    known = [row for row in rows if row is not None]
    return wording.assemble(np.stack(known)) if known and len(known) == len(rows) else None


def unit(vector: Vector) -> Vector:
    """Half precision loses a little length; a cosine needs all of it."""
    normal: Vector = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return normal


def unencoded(wordings: Iterable[Wording]) -> dict[Key, str]:
    """The texts that have no vector yet, by their keys."""
    wanted = {key: text for wording in wordings for key, text in zip(keys_of(wording), wording.texts, strict=True)}
    hashes = sorted({digest for digest, _kind in wanted})
    stored = TextVector.objects.filter(text_hash__in=hashes, backend=current_backend().id)
    known = set(stored.values_list("text_hash", "kind"))
    return {key: text for key, text in wanted.items() if key not in known}


def ensure_vectors(wordings: Sequence[Wording]) -> int:
    """Encode what is not stored yet and return how many; tens of milliseconds a text, so outside transactions."""
    encoder = current_backend()
    wanted = unencoded(wordings)
    missing = sorted(wanted)
    for kind in KINDS:
        digests = [key[0] for key in missing if key[1] == kind]
        if digests:
            store_vectors(digests, kind, encoder.embed([wanted[digest, kind] for digest in digests], kind), encoder.id)
    return len(missing)


def store_vectors(digests: Sequence[str], kind: str, vectors: npt.NDArray[np.floating], backend_id: str) -> None:
    """Keep vectors in half precision; those that another worker stored meanwhile stay."""
    rows = [
        TextVector(text_hash=digest, backend=backend_id, kind=kind, vector=HalfVector(vector.astype(np.float16)))
        for digest, vector in zip(digests, vectors, strict=True)
    ]
    TextVector.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
