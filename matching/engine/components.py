"""Components: fifteen views of a pair, each a value in [0, 1], or NaN where it cannot be told.

Every function here takes all candidates at once. What is not stated on either side is NaN, never a low value.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from matching.engine.columns import BoolColumn, CandidateSet, FloatColumn, References, area_shares
from matching.engine.config import COMPONENTS, ScoringConfig
from matching.engine.cosines import Cosines
from matching.engine.evidence import evidence
from matching.engine.gates import PASS, UNKNOWN, areas_of, requirement_outcomes
from matching.engine.profiles import DIMENSIONS, DemandProfile
from matching.engine.wording import base_language

# Values are rounded here once, so that a stored value replays to the same score on any machine.
DECIMALS: Final = 6


def values(
    demand: DemandProfile, candidates: CandidateSet, cosines: Cosines, config: ScoringConfig, today: int
) -> FloatColumn:
    """The value of every component for every candidate, float64 of shape (len(COMPONENTS), len(candidates))."""
    found = {
        "meaning": meaning(demand, cosines, config),
        "wording": wording(demand, candidates),
        "concepts": concepts(demand, candidates, config),
        "subject": subject(demand, candidates, config),
        "focus": focus(demand, candidates, config),
        "geography": geography(demand, candidates, config),
        "budget": budget(demand, candidates, config),
        "scale": scale(demand, candidates, config),
        "timing": timing(demand, candidates, config, today),
        "nice_to_haves": nice_to_haves(demand, candidates),
        "evidence": evidence(demand, candidates, config),
        "business_model": business_model(demand, candidates),
        **{dimension: claim(dimension, candidates, config) for dimension in DIMENSIONS},
    }
    return np.stack([found[component] for component in COMPONENTS]).astype(np.float64).round(DECIMALS)


def meaning(demand: DemandProfile, cosines: Cosines, config: ScoringConfig) -> FloatColumn:
    """The calibrated mean of the whole text's cosine and that of the best two sentences."""
    share = config.sentence_share
    return config.cosine_curve(demand.vector_space)((1 - share) * cosines.whole + share * cosines.sentences)


def wording(demand: DemandProfile, candidates: CandidateSet) -> FloatColumn:
    """Shared words over the geometric mean of both word counts (Ochiai); only within one language."""
    words = candidates.words
    comparable = words.languages.holds(base_language(demand.language)) & bool(demand.terms)
    overlap = words.shared(demand.language, demand.terms) / np.sqrt(len(demand.terms) * words.sizes.clip(1)).clip(1)
    return np.where(comparable, overlap, np.nan)


def concepts(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    """The cosine of the weighted concepts that both texts name, and whether both speak of one way of paying."""
    comparable = candidates.concepts.stated & bool(demand.concepts)
    alike = candidates.concepts.dot(demand.concepts).clip(0, 1)
    paid = candidates.concepts.dot({code: 1.0 for code in config.payment_concepts if code in demand.concepts}) > 0
    share = config.payment_share
    return np.where(comparable, (1 - share) * alike + share * paid, np.nan)


def subject(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    """How likely both texts are about one topic, mixed with how likely about one focus area."""
    areas = area_shares(demand.subject, candidates.vocabulary)
    topics, fields = candidates.subject.dot(demand.subject), candidates.subject_areas.dot(areas)
    likely = (1 - config.subject_area_share) * topics + config.subject_area_share * fields
    return np.where(candidates.subject.stated & bool(demand.subject), likely.clip(0, 1), np.nan)


def focus(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    """How close the topics are: half the closest demanded topic, half the mean over all of them.

    A demanded area without a topic of its own counts as one more item, as close as "parent" to whoever works in it.
    """
    vocabulary = candidates.vocabulary
    bare = sorted(set(demand.focus) - areas_of(vocabulary, (), demand.topics))
    items = [_topic_closeness(topic, candidates, config) for topic in sorted(demand.topics)]
    items += [np.where(candidates.areas.holds(area), config.focus_parent, 0.0) for area in bare]
    if not items:
        return np.full(len(candidates), np.nan)
    closeness = (np.max(items, axis=0) + np.mean(items, axis=0)) / 2
    stated = candidates.areas.stated | candidates.topics.stated
    # A guess may lift a pair but must not lower it for being wrong.
    mere_guess = (candidates.guessed | demand.focus_is_guessed) & (closeness == 0)
    return np.where(stated & ~mere_guess, closeness, np.nan)


def _topic_closeness(topic: str, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    area = candidates.vocabulary.topic_area.get(topic)
    in_area, topics_in_area = candidates.areas.holds(area), candidates.topic_areas.holds(area)
    related = np.where(topics_in_area, config.focus_sibling, np.where(in_area, config.focus_parent, 0.0))
    return np.where(candidates.topics.holds(topic), config.focus_exact, related)


def geography(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    """How near to the city's country the solution works: a reference there, one in the region, served, worldwide."""
    city, references = demand.city, candidates.references
    if city.country is None:
        return np.full(len(candidates), np.nan)
    in_country = _any_reference(references, references.country, city.country)
    in_region = _any_reference(references, references.subregion, city.subregion)
    named = candidates.countries.holds(city.country)
    served = named | candidates.worldwide
    levels = [
        (served & in_country, config.geography_country_reference),
        (served & in_region, config.geography_region_reference),
        (named, config.geography_served),
        (candidates.worldwide, config.geography_worldwide),
        (candidates.serves_stated, 0.0),
    ]
    return np.select([holds for holds, _ in levels], [level for _, level in levels], np.nan)


def _any_reference(references: References, facts: list[str | None], wanted: str | None) -> BoolColumn:
    alike = np.array([wanted is not None and fact == wanted for fact in facts], np.float64)
    found: BoolColumn = references.total(alike) > 0
    return found


def budget(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    """1 while the whole cost range is within the budget, falling with the logarithm of the excess."""
    limit = demand.budget_eur.high if demand.budget_eur else None
    return _within(candidates.cost_low, candidates.cost_high, limit, config.budget_ramp)


def timing(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig, today: int) -> FloatColumn:
    """1 while the lead time fits before the wished start, falling with the logarithm of the delay; NaN if past."""
    days = days_left(demand, today)
    lead = candidates.lead_time_months * config.days_per_month
    return _within(lead, lead, days, config.timing_ramp)


def days_left(demand: DemandProfile, today: int) -> float | None:
    """Days until the latest wished start; None when none is stated or it lies in the past."""
    if demand.wanted is None:
        return None
    latest = demand.wanted.high if demand.wanted.high is not None else demand.wanted.low
    return latest - today if latest is not None and latest > today else None


def _within(low: FloatColumn, high: FloatColumn, limit: float | None, ramp: float) -> FloatColumn:
    """The mean over [low, high], on a log scale, of: 1 up to the limit, then a ramp down to 0 at ramp × limit."""
    if limit is None:
        return np.full(len(low), np.nan)
    first, last = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    floor, width = max(limit, 1e-9), math.log(ramp)
    # Excess in units of the ramp: 0 at the limit, 1 where the value reaches 0.
    start, end = (np.log(np.maximum(ends, 1e-9) / floor) / width for ends in (first, last))
    spread = end - start
    point = np.clip(1 - end, 0, 1)
    averaged = (_ramp_area(end) - _ramp_area(start)) / np.where(spread > 0, spread, 1)
    return np.where(spread > 1e-6, averaged.clip(0, 1), point)


def _ramp_area(x: FloatColumn) -> FloatColumn:
    """The integral up to x of the ramp that is 1 below 0, falls to 0 at 1, and stays there."""
    on_ramp = x.clip(0, 1)
    area: FloatColumn = np.minimum(x, 0) + on_ramp - on_ramp**2 / 2
    return area


def scale(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    """The worse of: the quantity in the range the solution is made for (same unit), the city among its city sizes."""
    people = demand.city.population if demand.city.population is not None else demand.people_served
    parts = [_inside(people, candidates.city_low, candidates.city_high, config.scale_ramp)]
    if demand.quantity:
        fits = _inside(demand.quantity.amount, candidates.quantity_low, candidates.quantity_high, config.scale_ramp)
        parts.append(np.where(candidates.quantity_units.holds(demand.quantity.unit), fits, np.nan))
    return np.asarray(np.fmin.reduce(parts), np.float64)


def _inside(amount: float | None, low: FloatColumn, high: FloatColumn, ramp: float) -> FloatColumn:
    """1 inside [low, high], falling with the logarithm of the distance to 0 a factor of `ramp` outside.

    An amount of 0 is a gap in the data: no city has no inhabitants, nobody asks for no lamps.
    """
    if not amount:
        return np.full(len(low), np.nan)
    x = math.log(max(amount, 1e-9))
    below = np.log(np.maximum(low, 1e-9)) - x
    above = x - np.log(np.maximum(high, 1e-9))
    distance = np.fmax(np.fmax(below, above), 0) / math.log(ramp)
    return np.where(np.isnan(low) & np.isnan(high), np.nan, np.clip(1 - distance, 0, 1))


def nice_to_haves(demand: DemandProfile, candidates: CandidateSet) -> FloatColumn:
    """The share met of those that can be decided."""
    found = [requirement_outcomes(requirement, candidates) for requirement in demand.nice_to_haves]
    if not found:
        return np.full(len(candidates), np.nan)
    decided = np.sum([outcome != UNKNOWN for outcome in found], axis=0)
    met = np.sum([outcome == PASS for outcome in found], axis=0)
    return np.where(decided > 0, met / np.maximum(decided, 1), np.nan)


def business_model(demand: DemandProfile, candidates: CandidateSet) -> FloatColumn:
    """1 if a business model the city accepts is offered, 0 if none is."""
    offered = candidates.business_models
    fits = offered.holds_any(demand.business_models).astype(np.float64)
    return np.where(offered.stated & bool(demand.business_models), fits, np.nan)


def claim(dimension: str, candidates: CandidateSet, config: ScoringConfig) -> FloatColumn:
    """The worth of the best evidence for a claim; the same for every demand."""
    return np.array([np.nan if g is None else config.grade_values[g] for g in candidates.claims[dimension]])
