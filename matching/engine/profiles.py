"""What the engine is told about a demand and about a solution.

Everything is codes, numbers and vectors: no labels, no names, no ORM objects. An adapter builds these from records.
`None` and the empty set mean "not stated" throughout; the engine treats what is not stated as neutral, never as zero.

There is deliberately no field for a provider's name, partnership, sponsorship or payment: what the engine is not told
it cannot weigh. A test fails if such a field appears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

Operator = Literal["ge", "le", "eq"]
Grade = Literal["declared", "documented", "city_confirmed", "third_party_verified"]
ReferenceStatus = Literal["pilot", "scaled", "stopped", "replaced"]

GRADES: Final[tuple[Grade, ...]] = ("declared", "documented", "city_confirmed", "third_party_verified")
DIMENSIONS: Final[tuple[str, ...]] = ("efficient", "resilient", "sustainable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The part of the catalogue's vocabulary that scoring needs.

    `topic_area` maps every topic code to the code of its focus area. `certificates` are the criterion codes that stand
    for certificates, so that a missing certificate is reported by its own gate.
    """

    topic_area: Mapping[str, str] = field(default_factory=dict)
    certificates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """A closed interval; an end that is None is open. Raises ValueError when the ends are the wrong way round."""

    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"interval runs backwards: {self.low} > {self.high}")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One must-have or nice-to-have: `value` is True/False with operator "eq", or a number with "ge" or "le".

    "ge": the capability must be at least `value`; "le": at most `value`. Units are those of the criterion.
    """

    criterion: str
    operator: Operator
    value: bool | float


@dataclass(frozen=True, slots=True)
class Capability:
    """What a solution says about one criterion, and how well that is evidenced."""

    value: bool | float
    grade: Grade = "declared"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in one of the catalogue's scale units, e.g. Quantity(12000, "lamps")."""

    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class QuantityRange:
    """The amounts a solution is made for, in one scale unit."""

    span: Span
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFacts:
    """What makes two cities alike: inhabitants, Köppen zone ("Cfb"), income group code, UN M49 subregion code.

    A population of 0 counts as not known. `country` is the ISO 3166-1 alpha-2 code. Used for the demand's city and for
    the city of every reference.
    """

    population: int | None = None
    koppen: str | None = None
    income_group: str | None = None
    subregion: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFacts:
    """One place where a solution is or was at work."""

    city: CityFacts = CityFacts()
    status: ReferenceStatus = "pilot"
    grade: Grade = "declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandProfile:
    """What a city asks for.

    vector: float32 of shape (d,), unit length. sentence_vectors: float32 of shape (m, d). `vector_space` is the id of
    the encoder that made both; vectors of different spaces are never compared.
    terms: from `engine.wording.tokens` of the wording in `language` (BCP 47).
    concepts: concept code → weight, of unit length: what the text names, whatever its language.
    subject: topic code → share, at most 1 in all: what the text is probably about, within what its author states.
    focus: the primary focus area first, then up to two further ones. With `focus_is_guessed` a guess may lift a pair
    but never excludes it.
    working_languages: the languages the city insists to work in; one in common is enough; empty means no insistence.
    wanted: days since any fixed epoch (date.toordinal() will do), earliest and latest wish for the start of operation.
    budget_eur: euros. people_served: persons. live: published and open for matching.
    """

    id: str
    version: int = 1
    language: str = ""
    vector: FloatArray | None = field(default=None, compare=False, repr=False)
    sentence_vectors: FloatArray | None = field(default=None, compare=False, repr=False)
    vector_space: str = ""
    terms: frozenset[str] = frozenset()
    concepts: Mapping[str, float] = field(default_factory=dict)
    subject: Mapping[str, float] = field(default_factory=dict)
    focus: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    focus_is_guessed: bool = False
    city: CityFacts = CityFacts()
    must_haves: tuple[Requirement, ...] = ()
    nice_to_haves: tuple[Requirement, ...] = ()
    people_served: int | None = None
    quantity: Quantity | None = None
    budget_eur: Span | None = None
    wanted: Span | None = None
    business_models: frozenset[str] = frozenset()
    working_languages: frozenset[str] = frozenset()
    live: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionProfile:
    """What a solution offers. Vector, terms, concepts and subject are as in DemandProfile.

    countries: ISO 3166-1 alpha-2 codes of the countries served, regions already expanded; None when not stated.
    worldwide: serves every country (then `countries` need not be filled).
    city_population: the city sizes it is made for, in inhabitants. cost_eur: euros for a usual deployment.
    claims: dimension ("efficient", "resilient", "sustainable") → the best grade of evidence for it.
    live: listed. expires: the last day it is valid, same epoch as `today`; None when it does not expire.
    """

    id: str
    version: int = 1
    language: str = ""
    vector: FloatArray | None = field(default=None, compare=False, repr=False)
    vector_space: str = ""
    terms: frozenset[str] = frozenset()
    concepts: Mapping[str, float] = field(default_factory=dict)
    subject: Mapping[str, float] = field(default_factory=dict)
    focus: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    focus_is_guessed: bool = False
    countries: frozenset[str] | None = None
    worldwide: bool = False
    capabilities: Mapping[str, Capability] = field(default_factory=dict)
    city_population: Span | None = None
    quantity: QuantityRange | None = None
    cost_eur: Span | None = None
    lead_time_months: float | None = None
    languages_of_work: frozenset[str] = frozenset()
    business_models: frozenset[str] = frozenset()
    references: tuple[ReferenceFacts, ...] = ()
    claims: Mapping[str, Grade] = field(default_factory=dict)
    live: bool = True
    expires: int | None = None
