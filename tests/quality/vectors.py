"""Vectors as the models give them, kept on disk once, and what is made of them: raw, without languages, as shipped."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np

from matching.encoder import Kind, backend
from matching.encoder.backends import FloatArray, raw_encoders
from matching.encoder.cleaning import clean
from matching.encoder.languages import LanguageRemoval, estimate, load, parallel_texts
from matching.evaluation import VectorFile

E5 = slice(0, 384)
USE = slice(384, 896)
Embed = Callable[[Sequence[str], Kind], FloatArray]


class RawModels:
    """Both models side by side, nothing removed: a backend for the cache."""

    dim = 896

    @cached_property
    def id(self) -> str:
        return f"raw-{backend('bundled').id}"

    def embed(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        """As EmbeddingBackend, each half of unit length."""
        cleaned = [clean(text) or "-" for text in texts]
        models = raw_encoders()
        return np.hstack([models[f"e5_{kind}"](cleaned), models["use"](cleaned)])


def variants(raw: VectorFile) -> dict[str, Embed]:
    """By name: e5 and USE as documented, the pair without its languages alone, and the pair as shipped."""
    return {
        "e5 as documented": lambda texts, kind: unit(raw.embed(texts, kind)[:, E5]),
        "USE as documented": lambda texts, kind: unit(raw.embed(texts, kind)[:, USE]),
        "languages removed": _removed(raw, languages_only()),
        "as shipped": _removed(raw, {name: load(name) for name in ("e5_query", "e5_passage", "use")}),
    }


def languages_only() -> dict[str, LanguageRemoval]:
    """The removal before the sort of text was taken out too."""
    texts = parallel_texts()
    return {name: estimate([encode(part) for part in texts.values()]) for name, encode in raw_encoders().items()}


def _removed(raw: VectorFile, removals: Mapping[str, LanguageRemoval]) -> Embed:
    def embed(texts: Sequence[str], kind: Kind) -> FloatArray:
        vectors = raw.embed(texts, kind)
        halves = [removals[f"e5_{kind}"].apply(vectors[:, E5]), removals["use"].apply(vectors[:, USE])]
        return np.hstack(halves) * np.float32(0.5**0.5)

    return embed


def unit(vectors: FloatArray) -> FloatArray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)
