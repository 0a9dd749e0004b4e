"""Seeded worlds: demands and solutions as columns, drawn with the frequencies of the demo and of the public imports.

The same seed and size give the same world on any machine. Records are columns, because a hundred thousand profiles cost
more than what is measured; profiles.py makes them when asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tests.bench.clouds import BLOCK, DIM, Cloud
from tests.bench.codebook import (
    AREA_SHARES,
    COUNTRIES,
    GRADE_SHARES,
    KOPPEN,
    LANGUAGE_SHARES,
    MODELS,
    REGION_SHARES,
    STATUSES,
    UNITS,
    codebook,
    reach,
)
from tests.bench.spectrum import FloatArray

TODAY = date(2026, 1, 15).toordinal()
WORDS, WORDS_OF_TOPIC, TERMS = 30_000, 60, 32
CONCEPTS, NAMED = 215, 5  # of the lexicon; at most, in one text
SENTENCES = 12  # at most, as the encoder cuts; the demo's demands have eleven on average, imported ones three
REFERENCES = 3
NONE = -1

Array = npt.NDArray[np.generic]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Columns = dict[str, npt.NDArray]


@dataclass(frozen=True)
class World:
    """`solutions` and `demands` are columns of equal length; vectors are float16, (rows, dim), of unit length."""

    seed: int
    cloud: Cloud
    solutions: Columns
    demands: Columns
    solution_vectors: FloatArray
    demand_vectors: FloatArray

    @property
    def size(self) -> tuple[int, int]:
        return len(self.demand_vectors), len(self.solution_vectors)

    def passing(self, demand: int) -> Flags:
        """What of the gates any database can filter by: an area in common, the country reached, listed."""
        area, country = (self.demands[name][demand] for name in ("area", "country"))
        rows = self.solutions
        shared = (rows["area"] == area) | (rows["second"] == area)
        passing: Flags = shared & reach()[rows["regions"], country] & rows["live"]
        return passing

    def sentences(self, demand: int) -> FloatArray | None:
        """float16 (count, dim), None for a demand of one sentence."""
        count = int(self.demands["sentences"][demand])
        return self.cloud.sentences(demand, self.demand_vectors[demand], count) if count > 1 else None


def make_world(demands: int, solutions: int, seed: int = 1, dim: int = DIM) -> World:
    cloud = Cloud(seed, codebook().topic_area, len(codebook().areas), dim)
    offered, asked = _solutions(seed, solutions), _demands(seed, demands)
    fields = [offered[name] for name in ("area", "topic", "family")]
    return World(
        seed=seed,
        cloud=cloud,
        solutions=offered,
        demands=asked,
        solution_vectors=_stacked(cloud.passages, *fields),
        demand_vectors=_stacked(cloud.queries, asked["area"], asked["topic"]),
    )


def _stacked(draw: Callable[..., FloatArray], *columns: Array) -> FloatArray:
    blocks = range(0, len(columns[0]), BLOCK)
    return np.concatenate([draw(n, *(c[at : at + BLOCK] for c in columns)) for n, at in enumerate(blocks)])


def _fields(chance: np.random.Generator, count: int) -> Columns:
    """Area and topic of each; a tenth has no topic."""
    book = codebook()
    area = chance.choice(len(book.areas), count, p=AREA_SHARES).astype(np.int16)
    sizes = np.bincount(book.topic_area, minlength=len(book.areas))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    topic = starts[area] + (chance.random(count) * sizes[area]).astype(np.int64)
    return {"area": area, "topic": np.where(chance.random(count) < 0.1, NONE, topic).astype(np.int16)}


def _solutions(seed: int, count: int) -> Columns:
    chance = np.random.default_rng([seed, 10])
    # Families grow with the catalogue, as they do where one provider after the other offers the same.
    families = max(1, round(count**0.75))
    family = chance.integers(0, families, count)
    fields = {name: column[family] for name, column in _fields(chance, families).items()}
    second = chance.integers(0, len(AREA_SHARES), count).astype(np.int16)
    cost = np.exp(chance.normal(13, 1.5, count))
    return {
        **fields,
        "family": family,
        "second": np.where((chance.random(count) < 0.25) & (second != fields["area"]), second, NONE).astype(np.int16),
        "regions": chance.choice(len(REGION_SHARES), count, p=REGION_SHARES).astype(np.int16),
        "live": chance.random(count) < 0.97,
        "expires": _some(chance, TODAY + chance.integers(-20, 700, count), 0.2),
        "language": chance.choice(len(LANGUAGE_SHARES), count, p=LANGUAGE_SHARES).astype(np.int16),
        "work_languages": chance.integers(0, 2 ** len(LANGUAGE_SHARES), count),
        "capabilities": _capabilities(chance, count),
        "grades": chance.choice(len(GRADE_SHARES), (count, 4), p=GRADE_SHARES).astype(np.int16),
        "cost_low": _some(chance, cost, 0.6),
        "cost_high": _some(chance, cost * chance.uniform(1.2, 8, count), 0.6),
        "lead_time": _some(chance, chance.integers(1, 30, count), 0.6),
        "city_low": _some(chance, 10 ** chance.uniform(3, 5, count), 0.5),
        "city_high": _some(chance, 10 ** chance.uniform(5, 7.3, count), 0.5),
        "quantity": _some(chance, 10 ** chance.uniform(1, 5, count), 0.5),
        "unit": chance.integers(0, len(UNITS), count).astype(np.int16),
        "models": chance.integers(0, 2 ** len(MODELS), count) * (chance.random(count) < 0.7),
        "claims": np.where(chance.random((count, 3)) < 0.6, chance.choice(4, (count, 3), p=GRADE_SHARES), NONE),
        "references": chance.choice(REFERENCES + 1, count, p=(0.35, 0.3, 0.2, 0.15)),
        **_places(chance, (count, REFERENCES), "reference_"),
        "reference_status": chance.choice(len(STATUSES), (count, REFERENCES), p=(0.45, 0.4, 0.1, 0.05)),
        "reference_grade": chance.choice(4, (count, REFERENCES), p=GRADE_SHARES),
        "terms": _terms(chance, fields["topic"]),
        **_concepts(chance, fields["topic"]),
    }


def _demands(seed: int, count: int) -> Columns:
    chance = np.random.default_rng([seed, 11])
    fields = _fields(chance, count)
    criteria = len(codebook().criteria)
    start = TODAY + chance.integers(30, 900, count)
    return {
        **fields,
        **_places(chance, (count,)),
        "sentences": chance.integers(1, SENTENCES + 1, count),
        "language": chance.choice(len(LANGUAGE_SHARES), count, p=LANGUAGE_SHARES).astype(np.int16),
        "must_haves": np.where(chance.random((count, 2)) < 0.35, chance.integers(0, criteria, (count, 2)), NONE),
        "nice_to_haves": np.where(chance.random((count, 3)) < 0.6, chance.integers(0, criteria, (count, 3)), NONE),
        "work_languages": chance.integers(1, 8, count) * (chance.random(count) < 0.2),
        "budget": _some(chance, np.exp(chance.normal(13.8, 1.4, count)), 0.6),
        "start": _some(chance, start, 0.7),
        "quantity": _some(chance, 10 ** chance.uniform(1, 5, count), 0.5),
        "unit": chance.integers(0, len(UNITS), count).astype(np.int16),
        "models": chance.integers(0, 2 ** len(MODELS), count) * (chance.random(count) < 0.5),
        "terms": _terms(chance, fields["topic"]),
        **_concepts(chance, fields["topic"]),
    }


def _some(chance: np.random.Generator, values: Array, share: float) -> npt.NDArray[np.float64]:
    """The values where they are stated, NaN elsewhere."""
    return np.where(chance.random(len(values)) < share, values, np.nan).astype(np.float64)


def _places(chance: np.random.Generator, shape: tuple[int, ...], prefix: str = "") -> Columns:
    return {
        f"{prefix}country": chance.integers(0, len(COUNTRIES), shape).astype(np.int16),
        f"{prefix}population": (10 ** chance.uniform(3.5, 7, shape)).astype(np.int64),
        f"{prefix}koppen": chance.integers(0, len(KOPPEN), shape).astype(np.int16),
    }


def _capabilities(chance: np.random.Generator, count: int) -> npt.NDArray[np.float32]:
    """(count, criteria): NaN where nothing is said; a solution says something about four criteria on average."""
    book = codebook()
    flags = chance.random((count, len(book.flags)), np.float32) < 0.75
    numbers = 1 + 99 * chance.random((count, len(book.numbers)), np.float32)
    stated = chance.random((count, len(book.criteria)), np.float32) < 4 / len(book.criteria)
    return np.where(stated, np.concatenate([flags, numbers], axis=1), np.nan).astype(np.float32)


def _concepts(chance: np.random.Generator, topic: Array) -> Columns:
    """What texts name, their topic before all, and how much each weighs; and other topics they might be about."""
    shape = (len(topic), NAMED)
    named = np.where(chance.random(shape) < 0.4, chance.integers(0, CONCEPTS, shape), NONE)
    named[:, 0] = np.where(chance.random(len(topic)) < 0.8, topic, NONE)
    return {
        "concepts": named.astype(np.int16),
        "weights": chance.uniform(0.3, 1, shape).astype(np.float32),
        "likely": chance.integers(0, len(codebook().topics), (len(topic), 3)).astype(np.int16),
    }


def _terms(chance: np.random.Generator, topic: Array) -> npt.NDArray[np.int32]:
    """(count, TERMS) numbers of words: a quarter of its topic's, the others as often as words of a language are."""
    count = len(topic)
    rank = np.floor(np.exp(chance.random((count, TERMS)) * np.log(WORDS))).astype(np.int32) - 1
    own = topic[:, None].astype(np.int32) * WORDS_OF_TOPIC + chance.integers(0, WORDS_OF_TOPIC, (count, TERMS))
    is_own = (chance.random((count, TERMS)) < 0.25) & (topic[:, None] != NONE)
    return np.where(is_own, WORDS + own, rank).astype(np.int32)
