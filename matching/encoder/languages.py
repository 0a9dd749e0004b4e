"""Takes out of sentence vectors what says nothing about their subject: the language, and the sort of text.

Raw multilingual vectors rank texts of the query's own language first. The means of parallel texts differ between
languages in a few directions only; projecting those out cures it, with no need to detect a language. In the same way
all texts about cities lie to one side, long ones to another than terms of two words, asked ones to another than
offered ones; those few means, of the portal's own vocabulary, go too (docs/adr/0050).
The directions are estimated once, from twenty neutral parallel texts in seven languages (lang_calibration.json) and
from the vocabulary, and ship as language_directions.npz; `python -m matching.encoder.rebuild_directions` makes that
file again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

TEXTS_PATH: Final = Path(__file__).with_name("lang_calibration.json")
DIRECTIONS_PATH: Final = Path(__file__).with_name("language_directions.npz")


@dataclass(frozen=True, slots=True)
class LanguageRemoval:
    """A mean of shape (d,) to subtract and an orthonormal basis of shape (directions, d) to project out."""

    mean: FloatArray
    basis: FloatArray

    def apply(self, vectors: FloatArray) -> FloatArray:
        """Vectors of shape (n, d) without their language, scaled to unit length again."""
        centred = vectors - self.mean
        centred -= (centred @ self.basis.T) @ self.basis
        centred /= np.linalg.norm(centred, axis=1, keepdims=True).clip(1e-9)
        return centred

    def without(self, directions: FloatArray) -> LanguageRemoval:
        """The same that projects out further directions, shape (k, d), too."""
        basis, _ = np.linalg.qr(np.vstack([self.basis, directions]).T.astype(np.float64))
        return LanguageRemoval(self.mean, basis.T.astype(np.float32))


def estimate(by_language: Sequence[FloatArray]) -> LanguageRemoval:
    """Directions between the means of parallel texts; one array of shape (texts, d) a language."""
    means = np.stack([vectors.mean(axis=0) for vectors in by_language])
    centre = means.mean(axis=0)
    _, _, directions = np.linalg.svd(means - centre, full_matrices=False)
    return LanguageRemoval(centre.astype(np.float32), directions[: len(means) - 1].astype(np.float32))


def parallel_texts() -> dict[str, list[str]]:
    """The calibration texts by language code, in the same order for every language."""
    content = json.loads(TEXTS_PATH.read_text(encoding="utf-8"))
    return {code: [texts[code] for texts in content["texts"]] for code in content["languages"]}


def load(name: str) -> LanguageRemoval:
    """The shipped directions of one encoder: "e5_query", "e5_passage" or "use"."""
    with np.load(DIRECTIONS_PATH, allow_pickle=False) as stored:
        return LanguageRemoval(stored[f"{name}_mean"], stored[f"{name}_basis"])


def fingerprint() -> str:
    """Eight hex digits that change whenever the shipped directions do."""
    return hashlib.sha256(DIRECTIONS_PATH.read_bytes()).hexdigest()[:8]


def rebuild(
    encoders: Mapping[str, Callable[[Sequence[str]], FloatArray]], records: Sequence[str], terms: Sequence[str]
) -> dict[str, FloatArray]:
    """The arrays of language_directions.npz from raw encoders by name.

    `records` are texts as long as a record's first sentences, `terms` a few words each; all in all languages alike.
    """
    texts = parallel_texts()
    removals = {name: estimate([encode(part) for part in texts.values()]) for name, encode in encoders.items()}
    sorts: dict[str, list[FloatArray]] = {}
    for name, encode in encoders.items():
        # A demand and a solution are compared with each other: both lose the means of both.
        for of_sort in [records] if name.endswith("_query") else [records, terms]:
            mean = removals[name].apply(encode(of_sort)).mean(axis=0)
            sorts.setdefault(name.partition("_")[0], []).append(mean)
    arrays: dict[str, FloatArray] = {}
    for name, removal in removals.items():
        full = removal.without(np.stack(sorts[name.partition("_")[0]]))
        arrays |= {f"{name}_mean": full.mean, f"{name}_basis": full.basis}
    return arrays
