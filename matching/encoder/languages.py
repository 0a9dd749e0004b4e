"""Takes the language out of sentence vectors.

Raw multilingual vectors rank texts of the query's own language first. The means of parallel texts differ between
languages in a few directions only; projecting those out cures it, with no need to detect a language.
The directions are estimated once, from twenty neutral parallel texts in seven languages (lang_calibration.json), and
ship as language_directions.npz; `python -m matching.encoder.rebuild_directions` makes that file again.
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
    """A mean of shape (d,) to subtract and an orthonormal basis of shape (languages − 1, d) to project out."""

    mean: FloatArray
    basis: FloatArray

    def apply(self, vectors: FloatArray) -> FloatArray:
        """Vectors of shape (n, d) without their language, scaled to unit length again."""
        centred = vectors - self.mean
        centred -= (centred @ self.basis.T) @ self.basis
        centred /= np.linalg.norm(centred, axis=1, keepdims=True).clip(1e-9)
        return centred


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


def rebuild(encoders: Mapping[str, Callable[[Sequence[str]], FloatArray]]) -> dict[str, FloatArray]:
    """The arrays of language_directions.npz from raw encoders by name."""
    arrays: dict[str, FloatArray] = {}
    texts = parallel_texts()
    for name, encode in encoders.items():
        removal = estimate([encode(of_language) for of_language in texts.values()])
        arrays |= {f"{name}_mean": removal.mean, f"{name}_basis": removal.basis}
    return arrays
