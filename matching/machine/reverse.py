"""From changed solutions to the demands whose lists they may change: all demands as columns, mapped like solutions.

Only whether a pair could matter is asked here, so queries are kept in half precision and the bound is that much wider.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching.engine import ENGINE_VERSION, GATES, DemandProfile, ScoringConfig, SolutionProfile, Vocabulary
from matching.machine.asks import Asks, bound, stated
from matching.machine.codebook import Codebook, Terms, vocabulary_id
from matching.machine.files import ArrayFile, Refused, map_array, read_manifest, write_array, write_manifest
from matching.machine.offers import starts
from matching.machine.rules import cosine_slope, rules
from matching.machine.segment import Segment, fixed

_CHUNK: Final = 4096
_QUERIES: Final = 8192
_WIDE: Final = frozenset({"areas", "topics", "speaks", "models"})
# Rounding to half precision moves a product of unit vectors by at most this much.
_HALF: Final = 2.0**-11


def write_demands(folder: Path, demands: Iterable[DemandProfile], vocabulary: Vocabulary, dim: int) -> dict[str, Any]:
    """Write demands, whose ids are whole numbers, into an empty folder and return the manifest."""
    codes, terms = Codebook(), _Numbered()
    parts: dict[str, list[npt.NDArray[Any]]] = {}
    keys: list[tuple[int, int]] = []
    queries = ArrayFile(folder, "queries")
    left = iter(demands)
    while True:
        chunk = list(islice(left, _CHUNK))
        found = stated(chunk, vocabulary, codes, terms, dim=dim)
        queries.add(found.queries.astype(np.float16))
        keys += [(int(demand.id), demand.version) for demand in chunk]
        for name, column in found.columns._asdict().items():
            parts.setdefault(name, []).append(column)
        if len(chunk) < _CHUNK:
            break
    table, order = Terms.of(terms.numbers)
    columns = {f"asks.{name}": _joined(name, found) for name, found in parts.items()}
    place = np.zeros(len(order), np.uint32)
    place[[terms.numbers[token] for token in order]] = np.arange(len(order), dtype=np.uint32)
    columns["asks.term_ids"] = place[columns["asks.term_ids"]]
    columns |= {"terms": table.hashes, "keys": np.array(keys, np.int64).reshape(-1, 2)}
    arrays = {name: write_array(folder, name, column) for name, column in columns.items()}
    known = {"engine": ENGINE_VERSION, "vocabulary": vocabulary_id(vocabulary), "dim": dim, "codes": codes.to_json()}
    return write_manifest(folder, known, {"queries": queries.close(), **arrays})


class _Numbered(Terms):
    """Tokens numbered as they come, until all are known."""

    def __init__(self) -> None:
        super().__init__(np.zeros(0, np.uint64))
        self.numbers: dict[str, int] = {}

    def positions(self, tokens: Iterable[str]) -> npt.NDArray[np.uint32]:
        """The numbers of all tokens, new ones for those never met."""
        return np.array([self.numbers.setdefault(token, len(self.numbers)) for token in sorted(tokens)], np.uint32)


def _joined(name: str, parts: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """One column from those of all chunks; later chunks may know more codes and have wider sets."""
    if name in _WIDE:
        width = max(len(part) for part in parts)
        return np.concatenate([np.pad(part, ((0, width - len(part)), (0, 0))) for part in parts], axis=1)
    if name.endswith("_start"):
        return starts(np.concatenate([np.diff(part) for part in parts]))
    return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a few solutions are to all demands, shape (demands, solutions).

    eligible: the pair passes all gates; near: it fails exactly one. highest: a bound on its score from above, in logit;
    -inf where it is below what the demand needs.
    """

    eligible: npt.NDArray[np.bool_]
    near: npt.NDArray[np.bool_]
    highest: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Demands:
    """Mapped demands. keys: id and version of each, int64 of shape (m, 2)."""

    columns: Asks
    queries: npt.NDArray[np.float16]
    keys: npt.NDArray[np.int64]
    codes: Codebook
    terms: Terms
    vocabulary: Vocabulary
    dim: int

    @classmethod
    def open(cls, folder: Path, vocabulary: Vocabulary) -> Demands:
        """Map demands read-only. Raises Refused where they are torn, or made for another engine or vocabulary."""
        manifest = read_manifest(folder)
        if (manifest["engine"], manifest["vocabulary"]) != (ENGINE_VERSION, vocabulary_id(vocabulary)):
            raise Refused(f"{folder.name}: made for another engine or vocabulary")
        arrays = {name: map_array(folder, name, entry) for name, entry in manifest["arrays"].items()}
        columns = {name.partition(".")[2]: array for name, array in arrays.items() if name.startswith("asks.")}
        return cls(
            columns=Asks(**columns),
            queries=arrays["queries"].reshape(-1, manifest["dim"]),
            keys=arrays["keys"],
            codes=Codebook.from_json(manifest["codes"]),
            terms=Terms(arrays["terms"]),
            vocabulary=vocabulary,
            dim=manifest["dim"],
        )

    @property
    def without_meaning(self) -> npt.NDArray[np.bool_]:
        """Demands that had no vector when they were written."""
        return np.diff(self.columns.query_start) == 0

    def reach(
        self,
        solutions: Sequence[SolutionProfile],
        loops: Any,
        config: ScoringConfig,
        *,
        space: str,
        today: int,
        needs: npt.NDArray[np.float64],
    ) -> Reach:
        """Which demands a few solutions matter to. needs (m, 2): from which score an eligible one and a near miss do.

        Raises ValueError for vectors of another length.
        """
        segment = Segment.of(
            solutions, self.vocabulary, dim=self.dim, space=space, codes=self.codes.copy(), terms=self.terms
        )
        columns = Asks(*(fixed(column) for column in bound(self.columns, segment.figures, today)))
        found = rules(config, segment.codes, self.vocabulary, space, self.dim)
        slack = found.slack + _HALF * 1.01 * cosine_slope(config, space)
        fails = np.empty((len(self.keys), len(solutions)), np.uint8)
        loops.gates(columns, segment.offers, 0, today, fails, np.empty((len(fails), 2 + len(GATES)), np.int64))
        most = np.empty((len(fails), loops.STAGES))
        loops.ceilings(columns, found, 0, most)
        head = np.empty(len(solutions))
        loops.headroom(segment.offers, found, np.argsort(-found.credits), head)
        highest = np.full(fails.shape, -np.inf)
        marks = np.zeros(len(self.terms.hashes) // 64 + 2, np.uint64)
        for rows in self._parts(((fails & (fails - 1)) == 0).any(axis=1)):
            start, products = self._products(rows, segment, loops)
            scores = np.empty((len(rows), len(solutions)))
            loops.score_pairs(
                *(
                    columns,
                    segment.offers,
                    found,
                    rows,
                    start,
                    products,
                    fails,
                    most,
                    head,
                    needs - slack,
                    scores,
                    marks,
                )
            )
            highest[rows] = scores + slack
        return Reach(fails == 0, (fails != 0) & ((fails & (fails - 1)) == 0), highest)

    def _parts(self, wanted: npt.NDArray[np.bool_]) -> Iterator[npt.NDArray[np.int64]]:
        """Rows of the demands wanted, so many at a time that their vectors fit."""
        rows = np.flatnonzero(wanted)
        lengths = np.diff(self.columns.query_start)[rows]
        part = np.cumsum(lengths) // _QUERIES
        yield from np.split(rows, np.flatnonzero(np.diff(part)) + 1)

    def _products(
        self, rows: npt.NDArray[np.int64], segment: Segment, loops: Any
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Where each demand's queries begin among those read, and their products with the solutions' vectors."""
        first, last = self.columns.query_start[rows], self.columns.query_start[rows + 1]
        start = starts(last - first)
        read = np.arange(start[-1]) + np.repeat(first - start[:-1], last - first)
        wide = np.empty((len(read), self.dim), np.float32)
        loops.widen(self.queries.view(np.uint16), read, wide)
        return start, wide @ np.asarray(segment.vectors, np.float32).T
