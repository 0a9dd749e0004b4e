"""A set of solutions that can be searched: columns, vectors, and the profiles behind them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from matching.engine import SolutionProfile, Vocabulary
from matching.machine.bits import has_any
from matching.machine.codebook import Codebook, Terms
from matching.machine.offers import FOCUSED, GUESSED, Figures, Offers, offers

FloatArray = npt.NDArray[np.float32]
HalfArray = npt.NDArray[np.float16]
Rows = npt.NDArray[np.int64]

# Leading dimensions of the rotated vectors, kept apart to bound the rest; of real texts they hold two thirds.
NEAR: Final = 96


class Profiles(Protocol):
    """Where a row's profile is read from."""

    def __getitem__(self, row: int, /) -> SolutionProfile: ...


@dataclass(frozen=True)
class Rotation:
    """An orthonormal basis (d, NEAR) of the directions in which the solutions differ most."""

    basis: FloatArray

    @classmethod
    def of(cls, sample: FloatArray) -> Rotation | None:
        """From vectors of shape (n, d); None where there are too few dimensions to leave any out."""
        if sample.shape[1] < 3 * NEAR or len(sample) == 0:
            return None
        spread = sample.astype(np.float64)
        _, axes = np.linalg.eigh(spread.T @ spread)
        return cls(np.ascontiguousarray(axes[:, ::-1][:, :NEAR], np.float32))

    def split(self, vectors: FloatArray) -> tuple[FloatArray, npt.NDArray[np.float32]]:
        """The leading part (n, NEAR) and at least the length of what it leaves out."""
        near: FloatArray = vectors @ self.basis
        whole = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
        rest = whole - np.einsum("ij,ij->i", near, near, dtype=np.float64)
        return near, (np.sqrt(np.maximum(rest, 0)) + 1e-4).astype(np.float32)


@dataclass(frozen=True)
class Segment:
    """n solutions. vectors: float16 or float32 of shape (n, d), zeros where there is none.

    near (float16, (n, NEAR)) and tails (float32, (n,)): the split of the vectors, None where there is no rotation.
    """

    offers: Offers
    vectors: npt.NDArray[Any]
    profiles: Profiles
    codes: Codebook
    terms: Terms
    figures: Figures
    vocabulary: Vocabulary
    space: str
    ids: Sequence[str]
    id_order: npt.NDArray[np.uint32] | None = None
    near: HalfArray | None = None
    tails: npt.NDArray[np.float32] | None = None
    rotation: Rotation | None = None
    _kept: dict[int, SolutionProfile] = field(default_factory=dict, compare=False, repr=False)
    # By configuration: what the search works out once for all demands. Shared with `without`, which changes no figure.
    heads: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        solutions: Sequence[SolutionProfile],
        vocabulary: Vocabulary,
        *,
        dim: int,
        space: str,
        codes: Codebook | None = None,
        terms: Terms | None = None,
    ) -> Segment:
        """In memory, for a few thousand at most. Codes and terms of a snapshot make both comparable to one demand."""
        codes = codes or Codebook()
        terms = terms or Terms.of(term for solution in solutions for term in solution.terms)[0]
        figures = Figures.of(solutions, codes)
        columns = offers(solutions, vocabulary, codes, terms, figures)
        return cls(
            offers=frozen(columns),
            vectors=fixed(stacked(solutions, dim)),
            profiles=solutions,
            codes=codes,
            terms=terms,
            figures=figures,
            vocabulary=vocabulary,
            space=space,
            ids=[solution.id for solution in solutions],
        )

    def __len__(self) -> int:
        return len(self.offers.alive)

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self.vectors.shape[1])

    def beside(self, solutions: Sequence[SolutionProfile]) -> Segment:
        """Others, to be searched together with this one."""
        return Segment.of(
            solutions, self.vocabulary, dim=self.dim, space=self.space, codes=self.codes, terms=self.terms
        )

    def without(self, rows: Sequence[int]) -> Segment:
        """The same with some solutions left out: they changed since, or went."""
        alive = np.array(self.offers.alive)
        alive[list(rows)] = 0
        return replace(self, offers=self.offers._replace(alive=fixed(alive)))

    def field(self, areas: Sequence[int], topics: Sequence[int], *, everything: bool) -> Rows:
        """Rows whose focus may not fail for a demand of these areas and topics."""
        if everything:
            return np.arange(len(self), dtype=np.int64)
        columns = self.offers
        known = (columns.flags & FOCUSED != 0) & (columns.flags & GUESSED == 0)
        return np.flatnonzero(has_any(columns.areas, areas) | has_any(columns.topics, topics) | ~known)

    def profile(self, row: int) -> SolutionProfile:
        """The profile of a row, kept once read."""
        found = self._kept.get(row)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[row] = self.profiles[row]
        return found

    def row(self, identifier: str) -> int | None:
        """The row of an id, None where it is not among them."""
        if self.id_order is None:
            return self.ids.index(identifier) if identifier in self.ids else None
        sought = identifier.encode()
        place = bisect_left(self.id_order, sought, key=lambda row: self.ids[int(row)].encode())
        row = int(self.id_order[place]) if place < len(self) else -1
        return row if row >= 0 and self.ids[row] == identifier else None


_KEPT: Final = 20_000


def stacked(solutions: Sequence[SolutionProfile], dim: int) -> FloatArray:
    """The vectors of solutions as rows, zeros where there is none. Raises ValueError for another length."""
    found = np.zeros((len(solutions), dim), np.float32)
    for row, solution in enumerate(solutions):
        if solution.vector is not None:
            found[row] = solution.vector
    return found


def frozen(columns: Offers) -> Offers:
    """All columns read-only, as mapped ones are: one compiled version serves both."""
    return Offers(*(fixed(column) for column in columns))


def fixed(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Contiguous and read-only."""
    found = np.ascontiguousarray(column)
    found.flags.writeable = False
    return found
