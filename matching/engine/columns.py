"""Solutions as columns: built once from profiles, reused for many demands.

Rows are kept in the order of solution ids whatever the order given, so that ties break by id and no result can depend
on how candidates arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.profiles import (
    DIMENSIONS,
    FloatArray,
    SolutionProfile,
    Span,
    Vocabulary,
)
from matching.engine.shares import Shares
from matching.engine.wording import base_language

BoolColumn = npt.NDArray[np.bool_]
FloatColumn = npt.NDArray[np.float64]
IntColumn = npt.NDArray[np.int64]


class Membership:
    """Which rows hold which codes, one boolean row a code; `stated` tells the rows that hold any."""

    def __init__(self, sets: Sequence[Iterable[str]]) -> None:
        self._count = len(sets)
        holders: dict[str, list[int]] = {}
        self.stated: BoolColumn = np.zeros(len(sets), bool)
        for row, codes in enumerate(sets):
            for code in codes:
                holders.setdefault(code, []).append(row)
                self.stated[row] = True
        self._rows: dict[str, BoolColumn] = {}
        for code, rows in holders.items():
            self._rows[code] = np.zeros(len(sets), bool)
            self._rows[code][rows] = True

    def holds(self, code: str | None) -> BoolColumn:
        """Rows that hold the code."""
        found = self._rows.get(code) if code is not None else None
        return np.zeros(self._count, bool) if found is None else found

    def holds_any(self, codes: Iterable[str]) -> BoolColumn:
        """Rows that hold at least one of the codes."""
        held = np.zeros(self._count, bool)
        for code in codes:
            held |= self.holds(code)
        return held

    def take(self, rows: IntColumn) -> Membership:
        """The same of some rows only. Codes are looked up when asked for: most never are."""
        return _Taken(self, rows)


class _Taken(Membership):
    def __init__(self, source: Membership, rows: IntColumn) -> None:
        self._count = len(rows)
        self._source, self._taken = source, rows
        self.stated = source.stated[rows]

    def holds(self, code: str | None) -> BoolColumn:
        held: BoolColumn = self._source.holds(code)[self._taken]
        return held


class Words:
    """An inverted index of lexical tokens, one a language."""

    def __init__(self, solutions: Sequence[SolutionProfile]) -> None:
        self.languages = Membership([[base_language(s.language)] if s.terms and s.language else [] for s in solutions])
        self.sizes: FloatColumn = np.array([len(s.terms) for s in solutions], np.float64)
        self._count = len(solutions)
        self._taken: IntColumn | None = None
        holders: dict[str, dict[str, list[int]]] = {}
        for row, solution in enumerate(solutions):
            index = holders.setdefault(base_language(solution.language), {})
            for term in solution.terms:
                index.setdefault(term, []).append(row)
        self._index = {
            language: {term: np.array(rows, np.intp) for term, rows in terms.items()}
            for language, terms in holders.items()
        }

    def shared(self, language: str, terms: Iterable[str]) -> FloatColumn:
        """How many of the terms each row of that language has."""
        index = self._index.get(base_language(language), {})
        postings = [index[term] for term in terms if term in index]
        counted = np.bincount(np.concatenate(postings), minlength=self._count) if postings else np.zeros(self._count)
        found: FloatColumn = counted.astype(np.float64)
        return found if self._taken is None else found[self._taken]

    def take(self, rows: IntColumn) -> Words:
        """The same of some rows only; the index stays that of all."""
        found = copy(self)
        found.languages, found.sizes = self.languages.take(rows), self.sizes[rows]
        found._taken = rows if self._taken is None else self._taken[rows]
        return found


@dataclass(frozen=True, slots=True)
class CapabilityColumn:
    """What all solutions say about one criterion: the figure (NaN where silent), flags as 0 and 1."""

    values: FloatColumn
    is_flag: BoolColumn


class References:
    """Every reference of every solution in one list, with the row of its owner."""

    def __init__(self, solutions: Sequence[SolutionProfile]) -> None:
        owned = [(row, reference) for row, solution in enumerate(solutions) for reference in solution.references]
        self._rows = len(solutions)
        self.owner: IntColumn = np.array([row for row, _ in owned], np.int64)
        self.population = _numbers([reference.city.population for _, reference in owned])
        self.koppen = [reference.city.koppen for _, reference in owned]
        self.income_group = [reference.city.income_group for _, reference in owned]
        self.subregion = [reference.city.subregion for _, reference in owned]
        self.country = [reference.city.country for _, reference in owned]
        self.status = [reference.status for _, reference in owned]
        self.grade = [reference.grade for _, reference in owned]

    def total(self, of_each: FloatColumn) -> FloatColumn:
        """A figure of each reference, summed by owner."""
        summed: FloatColumn = np.bincount(self.owner, weights=of_each, minlength=self._rows).astype(np.float64)
        return summed

    def take(self, rows: IntColumn) -> References:
        """The same of some owners only, in their order."""
        first, last = np.searchsorted(self.owner, rows, "left"), np.searchsorted(self.owner, rows, "right")
        kept = [place for start, end in zip(first, last, strict=True) for place in range(start, end)]
        found = copy(self)
        found._rows = len(rows)
        found.owner = np.repeat(np.arange(len(rows)), last - first)
        found.population = self.population[kept]
        for fact in ("koppen", "income_group", "subregion", "country", "status", "grade"):
            stated = getattr(self, fact)
            setattr(found, fact, [stated[place] for place in kept])
        return found


class CandidateSet:
    """The columns of a set of solutions. Build with `build`; treat as read-only."""

    def __init__(self, solutions: Sequence[SolutionProfile], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.solutions = tuple(sorted(solutions, key=lambda solution: solution.id))
        self.ids = tuple(solution.id for solution in self.solutions)
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("two candidates have one id")
        self._set_vectors()
        self._set_memberships()
        self._set_figures()
        self.words = Words(self.solutions)
        self.references = References(self.solutions)
        self.capabilities = self._capability_columns()

    @classmethod
    def build(cls, solutions: Iterable[SolutionProfile], vocabulary: Vocabulary) -> CandidateSet:
        """Columns of the solutions. ValueError when ids repeat or vectors are of more than one space or length."""
        return cls(tuple(solutions), vocabulary)

    def __len__(self) -> int:
        return len(self.solutions)

    def take(self, rows: IntColumn) -> CandidateSet:
        """The candidates at those rows, ascending, without building columns anew; figures of a pair stay the same."""
        if len(rows) and (np.diff(rows) <= 0).any():
            raise ValueError("rows must ascend: candidates stand in the order of their ids")
        found = copy(self)
        found.solutions = tuple(self.solutions[row] for row in rows)
        found.ids = tuple(solution.id for solution in found.solutions)
        for name in _BY_ROW:
            setattr(found, name, getattr(self, name)[rows])
        for name in _TAKEN:
            setattr(found, name, getattr(self, name).take(rows))
        found.claims = {dimension: [grades[row] for row in rows] for dimension, grades in self.claims.items()}
        found.capabilities = {
            criterion: CapabilityColumn(column.values[rows], column.is_flag[rows])
            for criterion, column in self.capabilities.items()
        }
        return found

    def position(self, solution_id: str) -> int:
        """The row of a solution. Raises ValueError when it is not among the candidates."""
        return self.ids.index(solution_id)

    def _set_vectors(self) -> None:
        holders = [solution for solution in self.solutions if solution.vector is not None]
        spaces = {solution.vector_space for solution in holders}
        if len(spaces) > 1:
            raise ValueError(f"vectors of several encoders in one candidate set: {sorted(spaces)}")
        self.vector_space: str | None = spaces.pop() if spaces else None
        self.has_vector: BoolColumn = np.array([s.vector is not None for s in self.solutions], bool)
        vectors = [solution.vector for solution in holders if solution.vector is not None]
        if len({vector.shape for vector in vectors}) > 1:
            raise ValueError("vectors of several lengths in one candidate set")
        width = vectors[0].shape[0] if vectors else 0
        self.vectors: FloatArray = np.zeros((len(self.solutions), width), np.float32)
        if vectors:
            self.vectors[self.has_vector] = np.stack(vectors)

    def _set_memberships(self) -> None:
        solutions, topic_area = self.solutions, self.vocabulary.topic_area
        self.areas = Membership([s.focus | {topic_area[t] for t in s.topics if t in topic_area} for s in solutions])
        self.topics = Membership([s.topics for s in solutions])
        self.topic_areas = Membership([{topic_area[t] for t in s.topics if t in topic_area} for s in solutions])
        self.guessed: BoolColumn = np.array([s.focus_is_guessed for s in solutions], bool)
        self.concepts = Shares([s.concepts for s in solutions])
        self.subject = Shares([s.subject for s in solutions])
        self.subject_areas = Shares([area_shares(s.subject, self.vocabulary) for s in solutions])
        self.countries = Membership([s.countries or () for s in solutions])
        self.worldwide: BoolColumn = np.array([s.worldwide for s in solutions], bool)
        self.serves_stated: BoolColumn = np.array([s.worldwide or bool(s.countries) for s in solutions], bool)
        self.languages_of_work = Membership([{base_language(c) for c in s.languages_of_work} for s in solutions])
        self.business_models = Membership([s.business_models for s in solutions])

    def _set_figures(self) -> None:
        solutions = self.solutions
        self.live: BoolColumn = np.array([s.live for s in solutions], bool)
        self.expires = _numbers([s.expires for s in solutions])
        self.lead_time_months = _numbers([s.lead_time_months for s in solutions])
        self.cost_low, self.cost_high = _ends([s.cost_eur for s in solutions])
        self.city_low, self.city_high = _ends([s.city_population for s in solutions])
        self.quantity_low, self.quantity_high = _ends([s.quantity.span if s.quantity else None for s in solutions])
        self.quantity_units = Membership([[s.quantity.unit] if s.quantity else [] for s in solutions])
        self.claims = {dimension: [s.claims.get(dimension) for s in solutions] for dimension in DIMENSIONS}

    def _capability_columns(self) -> dict[str, CapabilityColumn]:
        columns: dict[str, CapabilityColumn] = {}
        for row, solution in enumerate(self.solutions):
            for criterion, capability in solution.capabilities.items():
                if criterion not in columns:
                    empty = np.full(len(self), np.nan)
                    columns[criterion] = CapabilityColumn(empty, np.zeros(len(self), bool))
                columns[criterion].values[row] = float(capability.value)
                columns[criterion].is_flag[row] = isinstance(capability.value, bool)
        return columns


_BY_ROW = (
    *("vectors", "has_vector", "guessed", "worldwide", "serves_stated", "live", "expires", "lead_time_months"),
    *("cost_low", "cost_high", "city_low", "city_high", "quantity_low", "quantity_high"),
)
_TAKEN = (
    *("areas", "topics", "topic_areas", "countries", "languages_of_work", "business_models", "quantity_units"),
    *("words", "references", "concepts", "subject", "subject_areas"),
)


def area_shares(topics: Mapping[str, float], vocabulary: Vocabulary) -> dict[str, float]:
    """Shares of topics summed by focus area, in the order of the topics' codes; unknown topics have none."""
    areas: dict[str, float] = {}
    for topic in sorted(topics.keys() & vocabulary.topic_area.keys()):
        area = vocabulary.topic_area[topic]
        areas[area] = areas.get(area, 0.0) + topics[topic]
    return areas


def _numbers(values: Sequence[float | None]) -> FloatColumn:
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _ends(spans: Sequence[Span | None]) -> tuple[FloatColumn, FloatColumn]:
    return _numbers([s.low if s else None for s in spans]), _numbers([s.high if s else None for s in spans])
