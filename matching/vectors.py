"""Texts of records and their vectors, kept in PostgreSQL by text hash and backend. Web processes only read them."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from django.db.models import BinaryField, Func
from pgvector import HalfVector

from catalog.models import Solution
from cities.models import Demand
from matching import spaces
from matching.encoder import (
    EmbeddingBackend,
    Encoded,
    EncoderAway,
    Kind,
    Wording,
    demand_gist,
    demand_wording,
    solution_wording,
    text_hash,
)
from matching.models import TextVector
from matching.spaces.actions import adopt_space
from portal.common.translated import original

logger = logging.getLogger(__name__)

Vector = npt.NDArray[np.float32]
Key = tuple[str, str]  # text hash, kind
KINDS: tuple[Kind, ...] = ("query", "passage")
# What of a demand carries its meaning.
TEXTS_OF_DEMAND = ("title", "summary", "problem", "outcome")
# A vector in bytes, after four that say its length: as text, each of its numbers would have to be read.
SENT = Func("vector", function="halfvec_send", output_field=BinaryField())


@dataclass(frozen=True, slots=True)
class Space:
    """Vectors that may be compared with each other."""

    id: str


def wording_of_demand(demand: Demand) -> Wording:
    """What of a demand carries its meaning, in its own language."""
    title, *texts = TEXTS_OF_DEMAND
    return demand_wording(original(demand, title), _joined(demand, *texts))


def gist_of_demand(demand: Demand) -> Wording:
    """The same without its sentences."""
    title, *texts = TEXTS_OF_DEMAND
    return demand_gist(original(demand, title), _joined(demand, *texts))


def wording_of_solution(solution: Solution) -> Wording:
    """What of a solution carries its meaning: its name and one line as the title, then what it solves and how."""
    title = ": ".join(filter(None, (original(solution, "name"), original(solution, "tagline"))))
    return solution_wording(title, _joined(solution, "solves", "how_it_works"))


def _joined(record: Demand | Solution, *names: str) -> str:
    return "\n".join(filter(None, (original(record, name) for name in names)))


def current_backend() -> Space:
    """The vector space in force, by its id. It names no encoder: this process may not be able to load one."""
    return Space(spaces.current_id())


def read_vectors(wordings: Iterable[Wording], space: str | None = None) -> dict[Key, Vector]:
    """The stored vectors of all texts of ``wordings`` (shape (dim,), unit length); those never encoded are missing.

    Of one space: the one in force unless another is named.
    """
    wanted = {key for wording in wordings for key in keys_of(wording)}
    hashes = sorted({digest for digest, _kind in wanted})
    space = spaces.current_id() if space is None else space
    found: dict[Key, Vector] = {}
    for start in range(0, len(hashes), 2000):
        rows = TextVector.objects.filter(text_hash__any_of=hashes[start : start + 2000], backend=space)
        for digest, kind, sent in rows.values_list("text_hash", "kind", SENT):
            found[digest, kind] = unit(np.frombuffer(sent, ">f2", offset=4).astype(np.float32))
    return found


# Asked for when vectors are read, and again when they are put together.
@lru_cache(maxsize=2048)
def keys_of(wording: Wording) -> tuple[Key, ...]:
    """Under which each text of a record is stored: queries and passages are encoded differently."""
    return tuple((text_hash(text), wording.kind) for text in wording.texts)


def assembled(wording: Wording, vectors: Mapping[Key, Vector]) -> Encoded | None:
    """The record's vectors, or None while one of its texts is not encoded yet."""
    rows = [vectors.get(key) for key in keys_of(wording)]
    known = [row for row in rows if row is not None]
    return wording.assemble(np.stack(known)) if known and len(known) == len(rows) else None


def unit(vector: Vector) -> Vector:
    """Half precision loses a little length; a cosine needs all of it."""
    normal: Vector = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return normal


def unencoded(wordings: Iterable[Wording], space: str | None = None) -> dict[Key, str]:
    """The texts that have no vector yet in a space, the one in force unless another is named, by their keys."""
    wanted = {key: text for wording in wordings for key, text in zip(keys_of(wording), wording.texts, strict=True)}
    hashes = sorted({digest for digest, _kind in wanted})
    stored = TextVector.objects.filter(
        text_hash__any_of=hashes, backend=spaces.current_id() if space is None else space
    )
    known = set(stored.values_list("text_hash", "kind"))
    return {key: text for key, text in wanted.items() if key not in known}


def ensure_vectors(wordings: Sequence[Wording]) -> int:
    """Encode what is not stored yet and return how many; tens of milliseconds a text, so outside transactions.

    While another space is being filled, a text gets vectors of both. Raises EncoderAway where those in force are not
    to be had; the others can wait for whoever fills them.
    """
    in_force, *others = spaces.encoders()
    count = encode_missing(in_force, wordings)
    for encoder in others:
        try:
            count += encode_missing(encoder, wordings)
        except EncoderAway as error:
            logger.warning("the encoder to come is away: %s", error)
    return count


def encode_missing(encoder: EmbeddingBackend, wordings: Sequence[Wording]) -> int:
    """Encode what has no vector of this encoder yet; returns how many texts. Raises EncoderAway."""
    wanted = unencoded(wordings, encoder.id)
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
    adopt_space(by="encoder", space=backend_id)
