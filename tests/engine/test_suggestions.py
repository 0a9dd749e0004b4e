"""A suggestion promises a score; making the change must bring exactly that score."""

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given

from matching.engine import (
    DIMENSIONS,
    Capability,
    CityFacts,
    DemandProfile,
    ReferenceFacts,
    SolutionProfile,
    Span,
    evaluate,
    near_misses,
    rank,
    score,
)
from matching.engine.suggestions import SHOWN, suggestions
from tests.engine.strategies import TODAY, VOCABULARY, CandidateSet, alone, crowds, demands, solutions, together


def _served(demand, solution):
    return replace(solution, countries=(solution.countries or frozenset()) | {demand.city.country})


def _wishes_met(demand, solution):
    met = {wish.criterion: Capability(wish.value) for wish in demand.nice_to_haves}
    return replace(solution, capabilities={**solution.capabilities, **met})


def _verified(demand, solution, dimension):
    return replace(solution, claims={**solution.claims, dimension: "third_party_verified"})


# For each component, what the provider does when it follows the suggestion.
CHANGES = {
    "budget": lambda demand, solution: replace(solution, cost_eur=Span(demand.budget_eur.high, demand.budget_eur.high)),
    "timing": lambda demand, solution: replace(solution, lead_time_months=0.0),
    "nice_to_haves": _wishes_met,
    "business_model": lambda demand, solution: replace(solution, business_models=demand.business_models),
    "efficient": partial(_verified, dimension="efficient"),
    "resilient": partial(_verified, dimension="resilient"),
    "sustainable": partial(_verified, dimension="sustainable"),
}


@given(demands, solutions)
def test_following_a_suggestion_brings_the_promised_score(demand, solution):
    wishes = {wish.criterion: wish for wish in demand.nice_to_haves}
    demand = replace(demand, must_haves=(), nice_to_haves=tuple(wishes.values()))
    (before,) = score(demand, alone(solution), today=TODAY)
    for promised in before.suggestions:
        if promised.component in CHANGES:
            (after,) = score(demand, alone(CHANGES[promised.component](demand, solution)), today=TODAY)
            assert after.probability == pytest.approx(promised.probability, abs=1e-9)
            assert after.score == promised.score


@given(solutions)
def test_another_confirmed_reference_in_a_city_alike_brings_the_promised_score(solution):
    # Nothing else is left to improve, and population alone makes the new reference's city entirely alike.
    demand = DemandProfile(id="demand", city=CityFacts(population=50_000))
    proven = SolutionProfile(
        id="proven", references=solution.references, claims=dict.fromkeys(DIMENSIONS, "third_party_verified")
    )
    (before,) = score(demand, alone(proven), today=TODAY)
    (promised,) = (suggestion for suggestion in before.suggestions if suggestion.component == "evidence")
    proof = ReferenceFacts(city=demand.city, status="scaled", grade="city_confirmed")
    (after,) = score(demand, alone(replace(proven, references=(*proven.references, proof))), today=TODAY)
    # Component values are kept to six decimals, the suggestion's is not.
    assert after.probability == pytest.approx(promised.probability, abs=1e-6)


def test_serving_the_country_brings_the_promised_score_and_place():
    demand = DemandProfile(id="demand", city=CityFacts(country="BR"))
    elsewhere = SolutionProfile(
        id="elsewhere", countries=frozenset({"FR"}), claims={"efficient": "third_party_verified"}
    )
    rivals = [SolutionProfile(id=f"rival-{n}", countries=frozenset({"BR"})) for n in range(3)]
    (miss,) = near_misses(demand, CandidateSet.build([elsewhere, *rivals], VOCABULARY), today=TODAY)
    promised = next(s for s in miss.result.suggestions if s.code == "raise.serve_country")
    ranked = rank(demand, CandidateSet.build([_served(demand, elsewhere), *rivals], VOCABULARY), today=TODAY)
    now = next(result for result in ranked if result.solution_id == "elsewhere")
    assert (now.score, now.rank) == (promised.score, 1)


@given(demands, crowds)
def test_suggestions_are_few_and_the_best_come_first(demand, crowd):
    for result in score(demand, together(crowd), today=TODAY):
        gains = [suggestion.gain_logit for suggestion in result.suggestions]
        assert len(gains) <= SHOWN
        assert gains == sorted(gains, reverse=True)
        assert all(gain > 0 for gain in gains)


@given(demands, crowds)
def test_promised_place_counts_the_others_that_would_stay_ahead(demand, crowd):
    ranked = rank(demand, together(crowd), None, today=TODAY)
    for result in ranked:
        for suggestion in result.suggestions:
            reached = result.logit + suggestion.gain_logit
            ahead = sum(other.logit >= reached for other in ranked if other is not result)
            assert suggestion.would_rank == 1 + ahead


def test_pair_scored_alone_promises_no_place():
    table = evaluate(DemandProfile(id="d"), alone(SolutionProfile(id="s")), today=TODAY)
    assert {suggestion.would_rank for suggestion in suggestions(table, 0, None)} == {None}
