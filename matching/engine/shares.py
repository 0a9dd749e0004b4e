"""Weights of codes by row, for dot products that come out the same in any company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

FloatColumn = npt.NDArray[np.float64]


class Shares:
    """Which rows hold which codes with what weight, one column a code; `stated` tells the rows that hold any."""

    def __init__(self, rows: Sequence[Mapping[str, float]]) -> None:
        self._count = len(rows)
        self.stated: npt.NDArray[np.bool_] = np.array([bool(row) for row in rows], bool)
        self._columns: dict[str, FloatColumn] = {}
        for place, row in enumerate(rows):
            for code, weight in row.items():
                self._columns.setdefault(code, np.zeros(self._count))[place] = weight

    def dot(self, weights: Mapping[str, float]) -> FloatColumn:
        """The sum over codes of the given weight times each row's, added in the order of the codes."""
        total = np.zeros(self._count)
        for code in sorted(weights.keys() & self._columns.keys()):
            total += weights[code] * self._columns[code]
        return total

    def take(self, rows: npt.NDArray[np.int64]) -> Shares:
        """The same of some rows only."""
        taken = Shares(())
        taken._count, taken.stated = len(rows), self.stated[rows]
        taken._columns = {code: column[rows] for code, column in self._columns.items()}
        return taken
