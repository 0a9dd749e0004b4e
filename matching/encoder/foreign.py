"""Models of other people: their raw vectors, with the language taken out as it is from our own.

Which directions to take out is estimated from the shipped parallel texts at the first use of a model, and handed to
the caller to keep: every process and host must take out the very same ones.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from matching.encoder import languages
from matching.encoder.kinds import EncoderAway, FloatArray, Kind, distinct

# Raise it when code here changes what a text's vector is.
_REVISION: Final = 1
_KINDS: Final[tuple[Kind, ...]] = ("query", "passage")


class RawModel(Protocol):
    """Text to vectors of any length, language and all."""

    @property
    def signature(self) -> str:
        """Tells this model from all others; the same in every process. May raise EncoderAway."""

    @property
    def prefixes(self) -> Mapping[Kind, str]:
        """What to put before a text of a kind, where there is anything to put."""

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """float32 of shape (len(texts), d) for clean, distinct texts. Raises EncoderAway."""


class Directions(Protocol):
    """Where the directions of a vector space are kept, as bytes."""

    def read(self, space: str) -> bytes | None:
        """Those kept, if any."""

    def keep(self, space: str, directions: bytes) -> bytes:
        """Keep them and return those that are kept: another process may have been first."""


class InMemory:
    """For one process that compares only its own vectors, such as an evaluation."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def read(self, space: str) -> bytes | None:
        """See Directions."""
        return self._kept.get(space)

    def keep(self, space: str, directions: bytes) -> bytes:
        """See Directions."""
        return self._kept.setdefault(space, directions)


class ForeignBackend:
    """See EmbeddingBackend. `family` opens its id."""

    def __init__(self, family: str, model: RawModel, directions: Directions) -> None:
        self._family, self._model, self._directions = family, model, directions
        self._removals: dict[Kind, languages.LanguageRemoval] = {}
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        """Known without a request and without loading the model."""
        parts = [str(_REVISION), self._model.signature, *(self._model.prefixes.get(kind, "") for kind in _KINDS)]
        parts.append(hashlib.sha256(languages.TEXTS_PATH.read_bytes()).hexdigest())
        return f"{self._family}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:8]}"

    @property
    def dim(self) -> int:
        """Known once the model was asked for a text."""
        return len(self._removal("query").mean)

    def embed(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        """See EmbeddingBackend."""
        removal = self._removal(kind)
        if not texts:
            return np.zeros((0, len(removal.mean)), np.float32)
        read, index = distinct(texts)
        return removal.apply(self._raw(read, kind, len(removal.mean)))[index]

    def _raw(self, texts: Sequence[str], kind: Kind, dim: int | None = None) -> FloatArray:
        vectors = self._model.embed([self._model.prefixes.get(kind, "") + text for text in texts]).astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if dim is not None and vectors.shape[1] != dim:
            raise EncoderAway(f"the model now gives {vectors.shape[1]} numbers a text; {dim} were stored")
        if not np.isfinite(lengths).all() or not lengths.all():
            raise EncoderAway("the model gave a vector without a direction")
        return vectors / lengths

    def _removal(self, kind: Kind) -> languages.LanguageRemoval:
        with self._lock:
            if not self._removals:
                kept = self._directions.read(self.id) or self._directions.keep(self.id, self._estimated())
                self._removals = _unpacked(kept)
        return self._removals[kind]

    def _estimated(self) -> bytes:
        arrays: dict[str, npt.NDArray[np.float32]] = {}
        for kind in _KINDS:
            removal = languages.estimate([self._raw(part, kind) for part in languages.parallel_texts().values()])
            arrays |= {f"{kind}_mean": removal.mean, f"{kind}_basis": removal.basis}
        packed = io.BytesIO()
        np.savez(packed, **arrays)  # type: ignore[arg-type]
        return packed.getvalue()


def _unpacked(directions: bytes) -> dict[Kind, languages.LanguageRemoval]:
    with np.load(io.BytesIO(directions), allow_pickle=False) as stored:
        return {kind: languages.LanguageRemoval(stored[f"{kind}_mean"], stored[f"{kind}_basis"]) for kind in _KINDS}
