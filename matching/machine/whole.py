"""The same questions answered from a table of all candidates: for catalogues small enough to score every pair."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from matching.engine import GATES, NearMiss, ScoreTable, near_misses_table
from matching.engine.gates import FAIL
from matching.engine.suggestions import rank_at


class Finding(Protocol):
    """What was found for one demand. `table` holds at least the candidates that its list could show."""

    @property
    def table(self) -> ScoreTable: ...

    def near_misses(self) -> list[NearMiss]:
        """The best that fail exactly one gate, explained."""
        ...

    def missed_places(self) -> list[tuple[int, str, int]]:
        """Of each near miss its position in the table, the gate it fails, and the place it would take without."""
        ...

    def summary(self) -> dict[str, Any]:
        """For the gap: solutions in the right field, those that pass, those better than weak, what stops the others."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A finding that rests on every candidate."""

    table: ScoreTable
    misses: int

    def near_misses(self) -> list[NearMiss]:
        """As `Found.near_misses`."""
        return near_misses_table(self.table, self.misses)

    def missed_places(self) -> list[tuple[int, str, int]]:
        """As `Found.missed_places`."""
        table = self.table
        rivals = np.sort(table.logit[table.eligible])
        return [
            (position, gate_failed(table, position), rank_at(float(table.logit[position]), rivals))
            for position in map(int, table.best(table.failures == 1, self.misses))
        ]

    def summary(self) -> dict[str, Any]:
        """As `Found.summary`."""
        table = self.table
        in_field = table.outcomes[GATES.index("focus")] != FAIL
        passes = table.eligible & (table.logit >= floor_logit(table))
        failures = {
            gate: int((in_field & (row == FAIL)).sum()) for gate, row in zip(GATES, table.outcomes, strict=True)
        }
        return {
            "candidates": int(in_field.sum()),
            "eligible": int(table.eligible.sum()),
            "above_floor": int(passes.sum()),
            "failures": {gate: count for gate, count in failures.items() if count},
        }


def gate_failed(table: ScoreTable, position: int) -> str:
    """The first gate that a candidate fails."""
    return GATES[int(np.argmax(table.outcomes[:, position] == FAIL))]


def floor_logit(table: ScoreTable) -> float:
    """From where on a pair is better than weak."""
    floor = dict(table.config.bands)["possible"]
    return math.log(floor / (1 - floor))
