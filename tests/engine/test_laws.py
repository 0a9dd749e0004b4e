"""The engine's laws, on any demand and any solutions."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import (
    COMPONENTS,
    EXPERT,
    GATES,
    GRADES,
    LIFTING,
    Capability,
    ReferenceFacts,
    SolutionProfile,
    Span,
)
from matching.engine import evaluate as evaluate_any
from matching.engine import near_misses as near_misses_any
from matching.engine import rank as rank_any
from matching.engine import score as score_any
from matching.engine.gates import FAIL, OUTCOMES
from tests.engine.strategies import TODAY, alone, crowds, demands, solutions, together

evaluate, near_misses, rank, score = (
    partial(call, today=TODAY) for call in (evaluate_any, near_misses_any, rank_any, score_any)
)


@given(demands, crowds)
def test_values_stay_between_zero_and_one(demand, crowd):
    values = evaluate(demand, together(crowd)).values
    known = values[~np.isnan(values)]
    assert ((known >= 0) & (known <= 1)).all()


@given(demands, crowds)
def test_score_is_a_whole_number_of_points_out_of_a_hundred(demand, crowd):
    for result in score(demand, together(crowd)):
        assert result.score in range(101)
        assert abs(result.score - 100 * result.probability) <= 0.5 + 1e-9


@given(demands, crowds)
def test_contributions_add_up_to_the_logit(demand, crowd):
    for result in score(demand, together(crowd)):
        assert result.base_logit + sum(part.logit for part in result.contributions) == pytest.approx(
            result.logit, abs=1e-9
        )


@given(demands, crowds)
def test_points_add_up_to_the_displayed_score_exactly(demand, crowd):
    for result in score(demand, together(crowd)):
        assert result.base_points + sum(part.points for part in result.contributions) == result.score


@given(demands, crowds)
def test_points_never_contradict_their_contribution(demand, crowd):
    for result in score(demand, together(crowd)):
        for part in result.contributions:
            assert part.points * part.logit >= 0
            assert part.logit != 0 or part.points == 0


@given(demands, crowds)
def test_unknown_component_contributes_exactly_nothing(demand, crowd):
    for result in score(demand, together(crowd)):
        for part in result.contributions:
            assert part.value is not None or (part.logit == 0 and part.points == 0)


@given(demands)
def test_solution_that_states_nothing_scores_the_base_and_passes(demand):
    (result,) = score(replace(demand, live=True), alone(SolutionProfile(id="silent")))
    assert (result.logit, result.eligible) == (EXPERT.base_logit, True)


@given(demands, crowds, st.randoms(use_true_random=False))
def test_order_of_candidates_changes_nothing(demand, crowd, chance):
    shuffled = list(crowd)
    chance.shuffle(shuffled)
    assert rank(demand, together(shuffled), None) == rank(demand, together(crowd), None)


@given(demands, crowds)
def test_score_of_a_pair_is_the_same_in_any_company(demand, crowd):
    for solution, among_all in zip(sorted(crowd, key=lambda s: s.id), score(demand, together(crowd)), strict=True):
        assert score(demand, alone(solution)) == [among_all]


@given(demands, crowds, st.integers(1, 5))
def test_top_list_omits_no_better_candidate(demand, crowd, count):
    table = evaluate(demand, together(crowd))
    listed = [result.solution_id for result in rank(demand, table.candidates, count)]
    logits = {
        identifier: logit
        for identifier, logit, eligible in zip(table.candidates.ids, table.logit, table.eligible, strict=True)
        if eligible
    }
    assert listed == sorted(logits, key=lambda identifier: (-logits[identifier], identifier))[:count]


@given(demands, crowds)
def test_ranked_are_eligible_and_ineligible_have_a_failing_code(demand, crowd):
    assert all(result.eligible for result in rank(demand, together(crowd), None))
    for result in score(demand, together(crowd)):
        assert result.eligible == all(verdict.outcome != "fail" for verdict in result.verdicts)


@given(demands, crowds)
def test_verdicts_say_what_the_gates_found(demand, crowd):
    table = evaluate(demand, together(crowd))
    for position, result in enumerate(score(demand, table.candidates)):
        for gate, found in zip(GATES, table.outcomes[:, position], strict=True):
            outcomes = [OUTCOMES.index(verdict.outcome) for verdict in result.verdicts if verdict.gate == gate]
            assert min(outcomes, default=OUTCOMES.index("pass")) == found


@given(demands, crowds, st.sampled_from(COMPONENTS))
def test_component_without_weight_leaves_exactly_its_contribution(demand, crowd, component):
    silenced = replace(EXPERT, rules={**EXPERT.rules, component: replace(EXPERT.rules[component], weight=0.0)})
    table, without = evaluate(demand, together(crowd)), evaluate(demand, together(crowd), config=silenced)
    np.testing.assert_allclose(table.logit - without.logit, table.contributions[COMPONENTS.index(component)], atol=1e-9)


UNSTATED = {
    "meaning": {"vector": None},
    "wording": {"terms": frozenset()},
    "concepts": {"concepts": {}},
    "subject": {"subject": {}},
    "budget": {"cost_eur": None},
    "timing": {"lead_time_months": None},
    "business_model": {"business_models": frozenset()},
    "scale": {"city_population": None, "quantity": None},
}


@given(demands, solutions, st.sampled_from(sorted(UNSTATED)))
def test_deleting_a_fact_changes_the_logit_by_exactly_its_contribution(demand, solution, component):
    (stated,), (unstated,) = (score(demand, alone(one)) for one in (solution, replace(solution, **UNSTATED[component])))
    lost = next(part.logit for part in stated.contributions if part.component == component)
    assert stated.logit - unstated.logit == pytest.approx(lost, abs=1e-9)


def _logit(demand, solution):
    return float(evaluate(demand, alone(solution)).logit[0])


_amounts = st.floats(1, 1e9)


@given(demands, solutions, st.tuples(_amounts, _amounts), st.floats(0.01, 1))
def test_cheaper_never_scores_lower(demand, solution, ends, factor):
    low, high = sorted(ends)
    dear = replace(solution, cost_eur=Span(low, high))
    cheap = replace(solution, cost_eur=Span(low * factor, high * factor))
    assert _logit(demand, cheap) >= _logit(demand, dear)


@given(demands, solutions, st.integers(0, 60), st.integers(0, 60))
def test_earlier_delivery_never_scores_lower(demand, solution, months, more):
    early = replace(solution, lead_time_months=float(months))
    assert _logit(demand, early) >= _logit(demand, replace(solution, lead_time_months=float(months + more)))


@given(demands, solutions, st.integers(0, 5))
def test_naming_a_demanded_topic_never_scores_lower(demand, solution, choice):
    assume(demand.topics)
    stated = replace(solution, focus=solution.focus | {"alpha"}, focus_is_guessed=False)
    topic = sorted(demand.topics)[choice % len(demand.topics)]
    assert _logit(demand, replace(stated, topics=stated.topics | {topic})) >= _logit(demand, stated)


@given(demands, crowds)
def test_a_reading_of_the_texts_never_lowers_a_pair(demand, crowd):
    table = evaluate(demand, together(crowd))
    for component in LIFTING:
        assert (table.contributions[COMPONENTS.index(component)] >= 0).all()


@given(demands, solutions, st.integers(0, 5), st.floats(0, 1))
def test_surer_of_a_shared_topic_never_scores_lower(demand, solution, choice, share):
    assume(demand.subject)
    topic = sorted(demand.subject)[choice % len(demand.subject)]
    unsure = {code: weight * (1 - share) for code, weight in solution.subject.items()}
    surer = {**unsure, topic: unsure.get(topic, 0.0) + share}
    assert _logit(demand, replace(solution, subject=surer)) >= _logit(demand, replace(solution, subject=unsure))


@given(demands, solutions)
def test_naming_all_that_the_demand_names_is_the_most_that_concepts_can_give(demand, solution):
    assume(demand.concepts)
    same = replace(solution, concepts=demand.concepts)
    assert _logit(demand, same) >= _logit(demand, solution) - 1e-5


@given(demands, solutions, st.sampled_from(["efficient", "resilient", "sustainable"]), st.integers(0, 2))
def test_better_evidence_for_a_claim_never_scores_lower(demand, solution, dimension, grade):
    weak, strong = (
        replace(solution, claims={**solution.claims, dimension: GRADES[rung]}) for rung in (grade, grade + 1)
    )
    assert _logit(demand, strong) > _logit(demand, weak)


@given(demands, solutions)
def test_another_reference_that_worked_never_scores_lower(demand, solution):
    assume(solution.references)
    worked = ReferenceFacts(city=demand.city, status="scaled", grade="third_party_verified")
    assert _logit(demand, replace(solution, references=(*solution.references, worked))) >= _logit(demand, solution)


@given(demands, solutions)
def test_meeting_a_wish_never_scores_lower(demand, solution):
    before = _logit(demand, replace(solution, capabilities={}))
    met = {wish.criterion: Capability(wish.value) for wish in demand.nice_to_haves}
    wishes = {wish.criterion: wish for wish in demand.nice_to_haves}
    consistent = replace(demand, nice_to_haves=tuple(wishes.values()))
    assert _logit(consistent, replace(solution, capabilities=met)) >= before


@given(demands, solutions, st.integers(0, 90), st.integers(0, 90))
def test_closer_meaning_never_scores_lower(demand, solution, angle, more):
    def at(degrees):
        turned = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), 0], np.float32)
        return replace(solution, vector=turned)

    asked = replace(demand, vector=np.array([1, 0, 0], np.float32), sentence_vectors=None)
    assert _logit(asked, at(angle)) >= _logit(asked, at(angle + more))


@given(demands, crowds)
def test_near_miss_fails_the_one_gate_it_names(demand, crowd):
    for miss in near_misses(demand, together(crowd), None):
        assert {verdict.gate for verdict in miss.result.verdicts if verdict.outcome == "fail"} == {miss.gate}


@given(demands, crowds)
def test_near_misses_are_all_that_fail_one_gate_best_first(demand, crowd):
    table = evaluate(demand, together(crowd))
    once = [
        (-logit, identifier)
        for identifier, logit, column in zip(table.candidates.ids, table.logit, table.outcomes.T, strict=True)
        if (column == FAIL).sum() == 1
    ]
    found = [miss.result.solution_id for miss in near_misses(demand, table.candidates, None)]
    assert found == [identifier for _, identifier in sorted(once)]


@given(demands, crowds)
def test_near_miss_would_rank_behind_exactly_the_better_ones(demand, crowd):
    ranked = rank(demand, together(crowd), None)
    for miss in near_misses(demand, together(crowd), None):
        assert miss.would_rank == 1 + sum(result.logit >= miss.result.logit for result in ranked)


@given(demands, solutions)
def test_results_survive_json(demand, solution):
    for result in score(demand, alone(solution)):
        assert json.loads(json.dumps(result.to_json())) == result.to_json()
