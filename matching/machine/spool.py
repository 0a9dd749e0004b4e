"""Profiles on disk while a snapshot is made: they come in any order, and a million of them do not fit in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine import SolutionProfile, Vocabulary
from matching.engine.gates import areas_of
from matching.machine.codec import plain, profile


class Spool:
    """What the columns of all solutions have to be known by, and the solutions again, by primary area and id."""

    def __init__(self, solutions: Iterable[SolutionProfile], vocabulary: Vocabulary, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - `close` is the caller's
        self.dim = 0
        self._places: list[tuple[str, str, int, int]] = []
        self.tokens: set[str] = set()
        self.figures: dict[str, set[float]] = {}
        self.is_half = True
        self.space = ""
        for solution in solutions:
            self._add(solution, vocabulary)
        # By area, so that what one demand looks at lies together.
        self._places.sort()
        self.ids = [identifier for _, identifier, _, _ in self._places]
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("two solutions have one id")

    def __len__(self) -> int:
        return len(self._places)

    def _add(self, solution: SolutionProfile, vocabulary: Vocabulary) -> None:
        vector = solution.vector
        if vector is not None:
            self.space, self.dim = self.space or solution.vector_space, self.dim or len(vector)
            if vector.shape != (self.dim,) or solution.vector_space != self.space:
                raise ValueError(f"solution {solution.id}: a vector of another encoder")
            self.is_half = self.is_half and is_half(vector)
        self.tokens |= solution.terms
        for code, capability in solution.capabilities.items():
            if not isinstance(capability.value, bool):
                self.figures.setdefault(code, set()).add(float(capability.value))
        content = plain(solution) | {"terms": sorted(solution.terms), "meant": vector is not None}
        text = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
        area = min(areas_of(vocabulary, solution.focus, solution.topics), default="")
        self._places.append((area, solution.id, self._file.tell(), len(text)))
        self._file.write(text)
        if vector is not None:
            self._file.write(np.ascontiguousarray(vector, np.float32).tobytes())

    def chunks(self, size: int) -> Iterator[list[SolutionProfile]]:
        """All solutions in their final order, so many at a time."""
        for start in range(0, len(self._places), size):
            yield [self._read(place, length) for _, _, place, length in self._places[start : start + size]]

    def sample(self, count: int) -> npt.NDArray[np.float32]:
        """Vectors of evenly spaced solutions, shape (at most count, d)."""
        step = max(1, len(self._places) // max(count, 1))
        read = [self._read(place, length) for _, _, place, length in self._places[::step][:count]]
        vectors: list[Any] = [one.vector for one in read if one.vector is not None]
        return np.stack(vectors) if vectors else np.zeros((0, self.dim), np.float32)

    def _read(self, place: int, length: int) -> SolutionProfile:
        self._file.seek(place)
        content = json.loads(self._file.read(length))
        vector = np.frombuffer(self._file.read(4 * self.dim), np.float32) if content.pop("meant") else None
        return profile(content, vector=vector, terms=frozenset(content.pop("terms")))

    def close(self) -> None:
        """Give the space back."""
        self._file.close()


def is_half(vector: npt.NDArray[np.float32]) -> bool:
    """Whether half precision holds the vector without loss."""
    return bool((vector.astype(np.float16).astype(np.float32) == vector).all())
