"""Solutions as flat columns of numbers: all that gates and components ask, in a form that compiled loops can read.

`matching.engine.columns` says what each means; a shortlist is always scored again from the profiles themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine import DIMENSIONS, GRADES, SolutionProfile, Vocabulary, base_language
from matching.machine.bits import Codes, packed
from matching.machine.codebook import Codebook, Terms

Column = npt.NDArray[Any]

STATUSES: Final = ("pilot", "scaled", "stopped", "replaced")
NEVER: Final = np.iinfo(np.int32).max
GUESSED, FOCUSED, WORLDWIDE, REGIONAL, SPEAKS, MODELLED, MEANT = (1 << bit for bit in range(7))
_LEAST: Final = 1e-9


class Offers(NamedTuple):
    """n solutions. Bit columns are uint64 of shape (words, n); `*_log` are float32 natural logarithms, NaN unknown.

    numbers: uint32 of shape (numeric criteria, n), 0 unknown, else 1 + the place of the figure in the table of that
    criterion's figures (`Figures`). term_*, concept_*, subject_* and ref_* are lists: those of row j stand at start[j]
    to start[j + 1].
    """

    alive: Column
    flags: Column
    live: Column
    expires: Column
    areas: Column
    topics: Column
    topic_areas: Column
    countries: Column
    speaks: Column
    models: Column
    yes: Column
    no: Column
    numbers: Column
    claims: Column
    cost_low_log: Column
    cost_high_log: Column
    lead_log: Column
    city_low_log: Column
    city_high_log: Column
    quantity_low_log: Column
    quantity_high_log: Column
    quantity_unit: Column
    language: Column
    term_count: Column
    term_start: Column
    term_ids: Column
    concept_start: Column
    concept_ids: Column
    concept_shares: Column
    subject_start: Column
    subject_ids: Column
    subject_shares: Column
    ref_start: Column
    ref_grade: Column
    ref_status: Column
    ref_decades: Column
    ref_koppen: Column
    ref_income: Column
    ref_subregion: Column
    ref_country: Column


class Figures:
    """Of every numeric criterion the distinct figures that solutions state, ascending; their places are the codes."""

    def __init__(self, tables: dict[int, npt.NDArray[np.float64]]) -> None:
        self.tables = dict(sorted(tables.items()))
        self.columns = {criterion: column for column, criterion in enumerate(self.tables)}

    @classmethod
    def of(cls, solutions: Iterable[SolutionProfile], codes: Codebook) -> Figures:
        """The tables of these solutions."""
        stated: dict[int, set[float]] = {}
        for solution in solutions:
            for criterion, capability in solution.capabilities.items():
                if not isinstance(capability.value, bool):
                    stated.setdefault(codes.criteria.number(criterion), set()).add(float(capability.value))
        return cls({criterion: np.array(sorted(figures)) for criterion, figures in stated.items()})

    def to_json(self) -> dict[str, list[float]]:
        """Criterion number → figures."""
        return {str(criterion): table.tolist() for criterion, table in self.tables.items()}

    @classmethod
    def from_json(cls, content: dict[str, list[float]]) -> Figures:
        """What `to_json` gave."""
        return cls({int(criterion): np.array(table, np.float64) for criterion, table in content.items()})


def offers(
    solutions: Sequence[SolutionProfile], vocabulary: Vocabulary, codes: Codebook, terms: Terms, figures: Figures
) -> Offers:
    """The columns of solutions in the order given. `codes` grows where they name something new."""
    return Offers(
        alive=np.ones(len(solutions), np.uint8),
        flags=np.array([_flags(solution) for solution in solutions], np.uint8),
        live=np.array([solution.live for solution in solutions], np.uint8),
        expires=np.array([NEVER if s.expires is None else s.expires for s in solutions], np.int32),
        **_sets(solutions, vocabulary, codes),
        **_capabilities(solutions, codes, figures),
        **_figures(solutions, codes),
        **_terms(solutions, codes, terms),
        **shares("concept", codes.concepts, [solution.concepts for solution in solutions]),
        **shares("subject", codes.topics, [solution.subject for solution in solutions]),
        **_references(solutions, codes),
    )


def _flags(solution: SolutionProfile) -> int:
    stated = {
        GUESSED: solution.focus_is_guessed,
        FOCUSED: solution.focus or solution.topics,
        WORLDWIDE: solution.worldwide,
        REGIONAL: solution.worldwide or solution.countries,
        SPEAKS: solution.languages_of_work,
        MODELLED: solution.business_models,
        MEANT: solution.vector is not None,
    }
    return sum(flag for flag, holds in stated.items() if holds)


def _sets(solutions: Sequence[SolutionProfile], vocabulary: Vocabulary, codes: Codebook) -> dict[str, Column]:
    area_of = vocabulary.topic_area
    in_topics = [{area_of[topic] for topic in s.topics if topic in area_of} for s in solutions]
    sets: dict[str, tuple[Codes, Sequence[Iterable[str]]]] = {
        "areas": (codes.areas, [s.focus | extra for s, extra in zip(solutions, in_topics, strict=True)]),
        "topic_areas": (codes.areas, in_topics),
        "topics": (codes.topics, [s.topics for s in solutions]),
        "countries": (codes.countries, [s.countries or frozenset() for s in solutions]),
        "speaks": (codes.languages, [{base_language(code) for code in s.languages_of_work} for s in solutions]),
        "models": (codes.models, [s.business_models for s in solutions]),
    }
    numbered = {name: (kind, [kind.numbers(sorted(one)) for one in rows]) for name, (kind, rows) in sets.items()}
    return {name: packed(rows, len(kind)) for name, (kind, rows) in numbered.items()}


def _capabilities(solutions: Sequence[SolutionProfile], codes: Codebook, figures: Figures) -> dict[str, Column]:
    yes: list[list[int]] = [[] for _ in solutions]
    no: list[list[int]] = [[] for _ in solutions]
    numbers = np.zeros((len(figures.tables), len(solutions)), np.uint32)
    for row, solution in enumerate(solutions):
        for code, capability in solution.capabilities.items():
            criterion = codes.criteria.number(code)
            if isinstance(capability.value, bool):
                (yes if capability.value else no)[row].append(criterion)
            else:
                place = np.searchsorted(figures.tables[criterion], float(capability.value))
                numbers[figures.columns[criterion], row] = 1 + place
    size = len(codes.criteria)
    claims = [[0 if (g := s.claims.get(d)) is None else 1 + GRADES.index(g) for s in solutions] for d in DIMENSIONS]
    return {
        "yes": packed(yes, size),
        "no": packed(no, size),
        "numbers": numbers,
        "claims": np.array(claims, np.uint8).reshape(len(DIMENSIONS), len(solutions)),
    }


def _figures(solutions: Sequence[SolutionProfile], codes: Codebook) -> dict[str, Column]:
    costs = [s.cost_eur for s in solutions]
    sizes = [s.city_population for s in solutions]
    amounts = [s.quantity.span if s.quantity else None for s in solutions]
    units = [codes.units.number(s.quantity.unit if s.quantity else None) for s in solutions]
    low = [None if c is None else c.high if c.low is None else c.low for c in costs]
    high = [None if c is None else c.low if c.high is None else c.high for c in costs]
    return {
        "cost_low_log": logs(low),
        "cost_high_log": logs(high),
        "lead_log": logs([s.lead_time_months for s in solutions], 1e-12),
        "city_low_log": logs([size.low if size else None for size in sizes]),
        "city_high_log": logs([size.high if size else None for size in sizes]),
        "quantity_low_log": logs([amount.low if amount else None for amount in amounts]),
        "quantity_high_log": logs([amount.high if amount else None for amount in amounts]),
        "quantity_unit": np.array(units, np.int16),
    }


def _terms(solutions: Sequence[SolutionProfile], codes: Codebook, terms: Terms) -> dict[str, Column]:
    spoken = [base_language(s.language) if s.terms and s.language else None for s in solutions]
    ids = [terms.positions(solution.terms) for solution in solutions]
    return {
        "language": np.array([codes.languages.number(language) for language in spoken], np.int16),
        "term_count": np.array([len(s.terms) for s in solutions], np.int32),
        "term_start": starts([len(found) for found in ids]),
        "term_ids": np.concatenate([np.zeros(0, np.uint32), *ids]),
    }


def _references(solutions: Sequence[SolutionProfile], codes: Codebook) -> dict[str, Column]:
    held = [reference for solution in solutions for reference in solution.references]
    cities = [reference.city for reference in held]
    number: dict[str, Callable[[str | None], int]] = {
        kind: getattr(codes, kind).number for kind in ("koppen", "incomes", "subregions", "countries")
    }
    people = np.array([city.population or np.nan for city in cities], np.float64)
    return {
        "ref_start": starts([len(solution.references) for solution in solutions]),
        "ref_grade": np.array([GRADES.index(reference.grade) for reference in held], np.uint8),
        "ref_status": np.array([STATUSES.index(reference.status) for reference in held], np.uint8),
        "ref_decades": np.log10(np.where(people > 0, people, np.nan)).astype(np.float32),
        "ref_koppen": np.array([number["koppen"](city.koppen) for city in cities], np.int16),
        "ref_income": np.array([number["incomes"](city.income_group) for city in cities], np.int16),
        "ref_subregion": np.array([number["subregions"](city.subregion) for city in cities], np.int16),
        "ref_country": np.array([number["countries"](city.country) for city in cities], np.int16),
    }


def shares(name: str, codes: Codes, weights: Sequence[Mapping[str, float]]) -> dict[str, Column]:
    """Codes with weights as lists, in the order of the codes' names."""
    listed = [sorted(one.items()) for one in weights]
    return {
        f"{name}_start": starts([len(one) for one in listed]),
        f"{name}_ids": np.array([codes.number(code) for one in listed for code, _ in one], np.int16),
        f"{name}_shares": np.array([weight for one in listed for _, weight in one], np.float32),
    }


def logs(values: Sequence[float | None], least: float = _LEAST) -> npt.NDArray[np.float32]:
    """Natural logarithms, of nothing below `least`; NaN for None."""
    figures = np.array([np.nan if value is None else max(value, least) for value in values], np.float64)
    return np.log(figures).astype(np.float32)


def starts(lengths: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Where each of several lists begins when they stand one after another, and where the last ends."""
    found: npt.NDArray[np.int64] = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
    return found
