"""Texts of records and their vectors, kept in PostgreSQL by text hash and backend. Web processes only read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import transaction
from pgvector import HalfVector

from catalog.models import Solution
from cities.models import Demand
from matching.encoder import EmbeddingBackend, backend, clean, sentences, text_hash
from matching.models import TextVector
from portal.common.translated import original

Kind = Literal["query", "passage"]
Vector = npt.NDArray[np.float32]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DemandTexts:
    whole: str
    parts: tuple[str, ...]


def demand_texts(demand: Demand) -> DemandTexts:
    """What of a demand carries its meaning: title, summary, problem, outcome, in its own language."""
    whole = "\n".join(filter(None, (original(demand, name) for name in ("title", "summary", "problem", "outcome"))))
    return DemandTexts(whole, tuple(sentences(whole)))


def solution_text(solution: Solution) -> str:
    return "\n".join(filter(None, (original(solution, name) for name in ("name", "tagline", "solves", "how_it_works"))))


def current_backend() -> EmbeddingBackend:
    return backend(settings.EMBEDDING_BACKEND)


def read_vectors(texts: Iterable[str], kind: Kind) -> dict[str, Vector]:
    """The stored vectors of ``texts`` by text; what was never encoded is missing. float32, shape (dim,), unit length."""
    by_hash: dict[str, list[str]] = {}
    for text in texts:
        by_hash.setdefault(text_hash(text), []).append(text)
    found: dict[str, Vector] = {}
    hashes = list(by_hash)
    for start in range(0, len(hashes), 2000):
        rows = TextVector.objects.filter(text_hash__in=hashes[start : start + 2000], backend=current_backend().id, kind=kind)
        for digest, vector in rows.values_list("text_hash", "vector"):
            array = unit(vector.to_numpy())
            found.update(dict.fromkeys(by_hash[digest], array))
    return found


def unit(vector: npt.NDArray[np.float16]) -> Vector:
    """Half precision loses a little length; a cosine needs all of it."""
    wide = vector.astype(np.float32)
    return wide / max(float(np.linalg.norm(wide)), 1e-9)


def ensure_vectors(texts: Sequence[str], kind: Kind) -> int:
    """Encode what is not stored yet. Slow (tens of milliseconds a text): for workers, outside transactions. Returns how many."""
    distinct = {text_hash(text): text for text in texts if clean(text)}
    encoder = current_backend()
    known = set(
        TextVector.objects.filter(text_hash__in=list(distinct), backend=encoder.id, kind=kind).values_list("text_hash", flat=True)
    )
    missing = [digest for digest in distinct if digest not in known]
    if not missing:
        return 0
    vectors = encoder.embed([distinct[digest] for digest in missing], kind)
    rows = [
        TextVector(text_hash=digest, backend=encoder.id, kind=kind, vector=HalfVector(vector.astype(np.float16)))
        for digest, vector in zip(missing, vectors, strict=True)
    ]
    with transaction.atomic():
        TextVector.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)
