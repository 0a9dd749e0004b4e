"""Demands as flat columns of numbers, the counterpart of `offers`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine import DemandProfile, Requirement, Vocabulary, base_language
from matching.engine.gates import areas_of
from matching.machine.bits import packed
from matching.machine.codebook import Codebook, Terms
from matching.machine.offers import Figures, shares, starts

Column = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float32]

CERTIFICATE, MUST, WISH = range(3)
FLAG, NUMBER, UNHEARD = range(3)
OPERATORS: Final = ("ge", "le", "eq")
FLAGGED: Final = len(OPERATORS)
_ANY: Final = np.iinfo(np.int32).max


class Asks(NamedTuple):
    """m demands. Bit columns and lists as in `Offers`; query_start points into the vectors.

    items: what the focus is measured by, a topic with its area, or an area alone (topic -1). req_*: must-haves and
    wishes; of a number the operator (a place in OPERATORS) and the figure, of a flag the operator FLAGGED. `bound` adds
    what depends on the day (days_log) and on what solutions say (req_kind, req_index, req_a, req_b): for a flag a and b
    say whether "yes" and "no" pass, for a number they are the codes that pass, from a to b.
    """

    live: Column
    guessed: Column
    focused: Column
    areas: Column
    topics: Column
    item_start: Column
    item_topic: Column
    item_area: Column
    country: Column
    subregion: Column
    decades: Column
    koppen: Column
    income: Column
    speaks: Column
    insists: Column
    req_start: Column
    req_group: Column
    req_criterion: Column
    req_operator: Column
    req_value: Column
    req_kind: Column
    req_index: Column
    req_a: Column
    req_b: Column
    budget_log: Column
    latest: Column
    days_log: Column
    people_log: Column
    quantity_log: Column
    quantity_unit: Column
    models: Column
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
    query_start: Column


@dataclass(frozen=True, slots=True)
class Asked:
    """Columns and query vectors, float32 of shape (rows, d): of each demand the whole text first, then sentences."""

    columns: Asks
    queries: FloatArray


def asked(
    demands: Sequence[DemandProfile],
    vocabulary: Vocabulary,
    codes: Codebook,
    terms: Terms,
    figures: Figures,
    *,
    today: int,
    dim: int,
) -> Asked:
    """The columns of demands in the order given. `codes` grows where they name something new."""
    unbound = stated(demands, vocabulary, codes, terms, dim=dim)
    return Asked(bound(unbound.columns, figures, today), unbound.queries)


def stated(
    demands: Sequence[DemandProfile], vocabulary: Vocabulary, codes: Codebook, terms: Terms, *, dim: int
) -> Asked:
    """What demands say themselves, before it is bound to a day and to what solutions say."""
    rows = [_queries(demand, dim) for demand in demands]
    columns = Asks(
        live=np.array([demand.live for demand in demands], np.uint8),
        **_focus(demands, vocabulary, codes),
        **_places(demands, codes),
        **_requirements(demands, vocabulary, codes),
        **_figures(demands, codes),
        **_words(demands, codes, terms),
        **shares("concept", codes.concepts, [demand.concepts for demand in demands]),
        **shares("subject", codes.topics, [demand.subject for demand in demands]),
        query_start=starts([len(row) for row in rows]),
    )
    return Asked(columns, np.concatenate([np.zeros((0, dim), np.float32), *rows]))


def _queries(demand: DemandProfile, dim: int) -> FloatArray:
    if demand.vector is None or not dim:
        return np.zeros((0, dim), np.float32)
    whole = demand.vector[None, :]
    return whole if demand.sentence_vectors is None else np.concatenate([whole, demand.sentence_vectors])


def _focus(demands: Sequence[DemandProfile], vocabulary: Vocabulary, codes: Codebook) -> dict[str, Column]:
    wanted = [areas_of(vocabulary, demand.focus, demand.topics) for demand in demands]
    items: list[list[tuple[int, int]]] = []
    for demand in demands:
        bare = sorted(set(demand.focus) - areas_of(vocabulary, (), demand.topics))
        of_topics = [
            (codes.topics.number(topic), codes.areas.number(vocabulary.topic_area.get(topic)))
            for topic in sorted(demand.topics)
        ]
        items.append([*of_topics, *((-1, codes.areas.number(area)) for area in bare)])
    flat = [item for row in items for item in row]
    areas = [codes.areas.numbers(sorted(row)) for row in wanted]
    topics = [codes.topics.numbers(sorted(demand.topics)) for demand in demands]
    return {
        "guessed": np.array([demand.focus_is_guessed for demand in demands], np.uint8),
        "focused": np.array([bool(row or d.topics) for row, d in zip(wanted, demands, strict=True)], np.uint8),
        "areas": packed(areas, len(codes.areas)),
        "topics": packed(topics, len(codes.topics)),
        "item_start": starts([len(row) for row in items]),
        "item_topic": np.array([topic for topic, _ in flat], np.int16),
        "item_area": np.array([area for _, area in flat], np.int16),
    }


def _places(demands: Sequence[DemandProfile], codes: Codebook) -> dict[str, Column]:
    cities = [demand.city for demand in demands]
    languages = [
        codes.languages.numbers(sorted({base_language(code) for code in demand.working_languages}))
        for demand in demands
    ]
    return {
        "country": np.array([codes.countries.number(city.country) for city in cities], np.int16),
        "subregion": np.array([codes.subregions.number(city.subregion) for city in cities], np.int16),
        "decades": np.array([math.log10(city.population) if city.population else math.nan for city in cities]),
        "koppen": np.array([codes.koppen.number(city.koppen) for city in cities], np.int16),
        "income": np.array([codes.incomes.number(city.income_group) for city in cities], np.int16),
        "speaks": packed(languages, len(codes.languages)),
        "insists": np.array([bool(row) for row in languages], np.uint8),
    }


def _requirements(demands: Sequence[DemandProfile], vocabulary: Vocabulary, codes: Codebook) -> dict[str, Column]:
    found: list[tuple[int, int, int, int, int]] = []
    values: list[float] = []
    lengths = []
    for demand in demands:
        for requirement in demand.must_haves:
            group = CERTIFICATE if requirement.criterion in vocabulary.certificates else MUST
            found.append((group, *_condition(requirement, codes)))
        found += [(WISH, *_condition(wish, codes)) for wish in demand.nice_to_haves]
        values += [float(one.value) for one in (*demand.must_haves, *demand.nice_to_haves)]
        lengths.append(len(demand.must_haves) + len(demand.nice_to_haves))
    table = np.array(found, np.int32).reshape(-1, 5)
    names = ("req_group", "req_criterion", "req_operator", "req_a", "req_b")
    columns = {name: np.ascontiguousarray(table[:, place]) for place, name in enumerate(names)}
    unbound = {name: np.zeros(len(table), np.int32) for name in ("req_kind", "req_index")}
    return {"req_start": starts(lengths), "req_value": np.array(values, np.float64), **columns, **unbound}


def _condition(requirement: Requirement, codes: Codebook) -> tuple[int, int, int, int]:
    """(criterion, operator, a, b) of one requirement; a and b of a number are found when it is bound."""
    criterion, operator, value = codes.criteria.number(requirement.criterion), requirement.operator, requirement.value
    if isinstance(value, bool):
        passes = {"ge": (True, not value), "le": (value, True), "eq": (value, not value)}[operator]
        return criterion, FLAGGED, int(passes[0]), int(passes[1])
    return criterion, OPERATORS.index(operator), 0, 0


def bound(columns: Asks, figures: Figures, today: int) -> Asks:
    """The same, bound to a day and to the tables of figures that solutions state."""
    flags = columns.req_operator == FLAGGED
    kind = np.where(flags, FLAG, UNHEARD).astype(np.int32)
    index = np.where(flags, columns.req_criterion, 0).astype(np.int32)
    first, last = columns.req_a.copy(), columns.req_b.copy()
    for criterion, table in figures.tables.items():
        rows = np.flatnonzero(~flags & (columns.req_criterion == criterion))
        if len(rows):
            operator, value = columns.req_operator[rows], columns.req_value[rows]
            low, high = 1 + np.searchsorted(table, value, "left"), np.searchsorted(table, value, "right")
            kind[rows], index[rows] = NUMBER, figures.columns[criterion]
            first[rows] = np.where(operator == OPERATORS.index("le"), 1, low)
            last[rows] = np.where(operator == OPERATORS.index("ge"), _ANY, high)
    left = columns.latest - today
    days = np.log(np.where(left > 0, np.maximum(left, 1e-9), np.nan))
    return columns._replace(req_kind=kind, req_index=index, req_a=first, req_b=last, days_log=days)


def _figures(demands: Sequence[DemandProfile], codes: Codebook) -> dict[str, Column]:
    limits = [demand.budget_eur.high if demand.budget_eur else None for demand in demands]
    people = [d.city.population if d.city.population is not None else d.people_served for d in demands]
    amounts = [demand.quantity for demand in demands]
    models = [codes.models.numbers(sorted(demand.business_models)) for demand in demands]
    return {
        "budget_log": _logs(limits),
        "latest": np.array([_latest(demand) for demand in demands], np.float64),
        "days_log": np.full(len(demands), np.nan),
        # An amount of 0 is a gap in the data, as the engine has it.
        "people_log": _logs([count or None for count in people]),
        "quantity_log": _logs([amount.amount or None if amount else None for amount in amounts]),
        "quantity_unit": np.array([codes.units.number(a.unit if a else None) for a in amounts], np.int16),
        "models": packed(models, len(codes.models)),
    }


def _latest(demand: DemandProfile) -> float:
    """The last day of the wished start, NaN where none is stated: what `days_left` counts to."""
    if demand.wanted is None:
        return math.nan
    latest = demand.wanted.high if demand.wanted.high is not None else demand.wanted.low
    return math.nan if latest is None else latest


def _logs(values: Sequence[float | None]) -> npt.NDArray[np.float64]:
    return np.log(np.array([math.nan if value is None else max(value, 1e-9) for value in values], np.float64))


def _words(demands: Sequence[DemandProfile], codes: Codebook, terms: Terms) -> dict[str, Column]:
    ids = [terms.positions(demand.terms) for demand in demands]
    spoken = [base_language(demand.language) if demand.terms else None for demand in demands]
    return {
        "language": np.array([codes.languages.number(language) for language in spoken], np.int16),
        "term_count": np.array([len(demand.terms) for demand in demands], np.int32),
        "term_start": starts([len(found) for found in ids]),
        "term_ids": np.concatenate([np.zeros(0, np.uint32), *ids]),
    }
