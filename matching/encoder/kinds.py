"""What every backend is made of: its protocol, its one exception, and the texts it is really asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from matching.encoder.cleaning import clean

FloatArray = npt.NDArray[np.float32]
Kind = Literal["query", "passage"]

EMPTY: Final = "-"


class EncoderAway(Exception):
    """The model cannot be had now: not installed, not on disk, or its server does not answer as it should."""


class EmbeddingBackend(Protocol):
    """Anything that turns texts into unit vectors of one space."""

    @property
    def id(self) -> str:
        """Names the vector space; stored beside every vector. At most 80 characters."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str], kind: Kind) -> FloatArray:
        """float32 of shape (len(texts), dim), rows of unit length, equal to 1e-6 whatever the company of a text.

        `kind` is "query" for demands and their sentences, "passage" for solutions. Texts are cleaned here; an empty
        one counts as "-". EncoderAway when the model cannot be had.
        """


def distinct(texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The distinct clean texts, and for every given text the position of its own."""
    positions: dict[str, int] = {}
    index = [positions.setdefault(clean(text) or EMPTY, len(positions)) for text in texts]
    return list(positions), np.array(index, np.int64)


def batches(lengths: Sequence[int], budget: int, *, is_padded: bool = True) -> list[list[int]]:
    """Positions grouped by growing length, each group within the budget (a longer one goes alone).

    A padded group costs its members times the longest of them, another what they are together.
    """
    groups: list[list[int]] = []
    total = 0
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        length = lengths[position]
        needed = length * (len(groups[-1]) + 1) if groups and is_padded else total + length
        if not groups or needed > budget:
            groups.append([])
            total = 0
        groups[-1].append(position)
        total += length
    return groups
