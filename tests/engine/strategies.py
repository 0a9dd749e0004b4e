"""Small worlds for the laws: few codes, so that demands and solutions meet often, and every field may be unstated.

A world is made from one drawn number: hypothesis draws a whole profile, field by field, a hundred times slower.
"""

from __future__ import annotations

import math
from random import Random

import numpy as np
from hypothesis import strategies as st

from matching.engine import (
    DIMENSIONS,
    GRADES,
    CandidateSet,
    Capability,
    CityFacts,
    DemandProfile,
    Quantity,
    QuantityRange,
    ReferenceFacts,
    Requirement,
    SolutionProfile,
    Span,
    Vocabulary,
)

TODAY = 738_000
SPACE = "bundled-test"
AREAS = ("alpha", "beta", "gamma")
TOPICS = tuple(f"{area}_{number}" for area in AREAS for number in (1, 2))
VOCABULARY = Vocabulary(
    topic_area={topic: topic.partition("_")[0] for topic in TOPICS}, certificates=frozenset({"iso_9001"})
)
FLAGS = ("iso_9001", "open_source", "low_noise")
NUMBERS = ("warranty_years", "lead_time_months")
COUNTRIES = ("BR", "FR", "KR", "JP")
LANGUAGES = ("en", "fr", "pt-br", "zh-hans")
MODELS = ("purchase", "lease", "as_a_service")
CONCEPTS = ("led", "solar", "paid_later", "bus")
WORDS = ("lamp", "pump", "bus", "roof", "sensor", "flood")
UNITS = ("lamps", "buildings")
AMOUNTS = (0.0, 1.0, 10.0, 99.0, 100.0, 5e3, 2e5, 2.1e5, 1e6, 3e7, 1e9)


class _Maker:
    """Draws the fields of profiles from one random stream."""

    def __init__(self, seed):
        self.random = Random(seed)

    def maybe(self, make):
        return make() if self.random.random() < 0.65 else None

    def some(self, codes, most=3):
        return frozenset(self.random.sample(codes, self.random.randint(0, min(most, len(codes)))))

    def one(self, codes):
        return self.random.choice(codes)

    def shares(self, codes):
        """Weights of some codes that add up to at most 1."""
        held = sorted(self.some(codes))
        return {code: self.one((0.2, 0.5, 0.9)) / len(held) for code in held}

    def unit(self, codes):
        """Weights of some codes, of unit length."""
        held = {code: self.one((0.3, 1.0)) for code in sorted(self.some(codes))}
        length = math.sqrt(sum(weight**2 for weight in held.values()))
        return {code: weight / length for code, weight in held.items()}

    def vector(self):
        angle = math.radians(self.random.choice((0, 30, 60, 72, 80, 90, 120)) + self.random.choice((0, 1, 2.5)))
        return np.array([math.cos(angle), math.sin(angle), 0], np.float32)

    def span(self, ends=AMOUNTS):
        low, high = sorted((self.one(ends), self.one(ends)))
        return self.one((Span(low, high), Span(low, high), Span(low), Span(None, high)))

    def city(self):
        return CityFacts(
            population=self.maybe(lambda: self.one((0, 900, 40_000, 250_000, 9_000_000))),
            koppen=self.maybe(lambda: self.one(("Cfb", "Cfa", "Csa", "Af", "Dfb"))),
            income_group=self.maybe(lambda: self.one(("low", "lower_middle", "upper_middle", "high", "elsewhere"))),
            subregion=self.maybe(lambda: self.one(("005", "155"))),
            country=self.maybe(lambda: self.one(COUNTRIES)),
        )

    def requirement(self):
        if self.random.random() < 0.6:
            return Requirement(self.one(FLAGS), "eq", self.one((True, True, False)))
        return Requirement(self.one(NUMBERS), self.one(("ge", "le")), self.one((1.0, 5.0, 12.0)))

    def requirements(self):
        return tuple(self.requirement() for _ in range(self.random.randint(0, 3)))

    def capability(self):
        return Capability(self.one((True, True, False, 1.0, 5.0, 12.0)), self.one(GRADES))

    def reference(self):
        status = self.one(("pilot", "scaled", "stopped", "replaced"))
        return ReferenceFacts(city=self.city(), status=status, grade=self.one(GRADES))

    def demand(self):
        vector = self.maybe(self.vector)
        sentences = [self.vector() for _ in range(self.random.randint(0, 4))]
        days = [float(TODAY + day) for day in (-300, -1, 0, 1, 40, 200, 900)]
        return DemandProfile(
            id="demand",
            language=self.one(("", *LANGUAGES)),
            vector=vector,
            sentence_vectors=np.stack(sentences) if sentences and vector is not None else None,
            vector_space=SPACE,
            terms=self.some(WORDS),
            concepts=self.unit(CONCEPTS),
            subject=self.shares(TOPICS),
            focus=tuple(sorted(self.some(AREAS))),
            topics=self.some(TOPICS),
            focus_is_guessed=self.one((False, False, True)),
            city=self.city(),
            must_haves=self.requirements() if self.random.random() < 0.5 else (),
            nice_to_haves=self.requirements(),
            people_served=self.maybe(lambda: self.one((1, 3000, 1_000_000))),
            quantity=self.maybe(lambda: Quantity(self.one(AMOUNTS), self.one(UNITS))),
            budget_eur=self.maybe(self.span),
            wanted=self.maybe(lambda: self.span(days)),
            business_models=self.some(MODELS),
            working_languages=self.some(LANGUAGES, 2),
            live=self.random.random() < 0.95,
        )

    def solution(self, identifier):
        return SolutionProfile(
            id=identifier,
            language=self.one(("", *LANGUAGES)),
            vector=self.maybe(self.vector),
            vector_space=SPACE,
            terms=self.some(WORDS),
            concepts=self.unit(CONCEPTS),
            subject=self.shares(TOPICS),
            focus=self.some(AREAS, 2),
            topics=self.some(TOPICS),
            focus_is_guessed=self.one((False, False, True)),
            countries=self.maybe(lambda: self.some(COUNTRIES)),
            worldwide=self.random.random() < 0.2,
            capabilities={criterion: self.capability() for criterion in FLAGS + NUMBERS if self.random.random() < 0.5},
            city_population=self.maybe(self.span),
            quantity=self.maybe(lambda: QuantityRange(self.span(), self.one(UNITS))),
            cost_eur=self.maybe(self.span),
            lead_time_months=self.maybe(lambda: self.one((0.0, 1.0, 6.0, 60.0))),
            languages_of_work=self.some(LANGUAGES, 2),
            business_models=self.some(MODELS),
            references=tuple(self.reference() for _ in range(self.random.randint(0, 3))),
            claims={dimension: self.one(GRADES) for dimension in DIMENSIONS if self.random.random() < 0.5},
            live=self.random.random() < 0.95,
            expires=self.maybe(lambda: self.one((TODAY - 1, TODAY, TODAY + 400))),
        )


_seeds = st.integers(0, 2**40)

demands = _seeds.map(lambda seed: _Maker(seed).demand())
solutions = _seeds.map(lambda seed: _Maker(seed).solution("solution"))


@st.composite
def _crowd(draw):
    maker = _Maker(draw(_seeds))
    return [maker.solution(f"s{number}") for number in range(draw(st.integers(1, 12)))]


crowds = _crowd()


def alone(solution):
    """A candidate set of one."""
    return CandidateSet.build([solution], VOCABULARY)


def together(solutions):
    """A candidate set of several."""
    return CandidateSet.build(solutions, VOCABULARY)
