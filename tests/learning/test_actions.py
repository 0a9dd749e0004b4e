"""From a decision to weights in force: judgements kept, a proposal made, four eyes, and the way back."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from matching.actions import accept_for_city, decline_for_city, offer_match, reject_match, shortlist_match
from matching.configuration import active_config
from matching.engine import COMPONENTS, EXPERT, Rule, ScoringConfig
from matching.learning.actions import activate_profile, install_shipped_profile, may_come_into_force, propose_profile
from matching.learning.proposing import judged_pairs, learn_from_records
from matching.learning.report import is_not_worse
from matching.models import Judgement, ProfileActivation, Ranking, ScoringProfile
from matching.ranking import rank_demand
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from tests.factories import DemandFactory, MatchFactory, SolutionFactory

pytestmark = pytest.mark.django_db
GOOD = {"ndcg": {"old": 0.7, "new": 0.8, "low": 0.05, "high": 0.15, "demands": 30}, "active": EXPERT.id}
BAD = {**GOOD, "ndcg": {**GOOD["ndcg"], "low": -0.05}}


def config(budget: float = 2.0) -> ScoringConfig:
    return replace(EXPERT, version="learned-1", rules={**EXPERT.rules, "budget": Rule(budget, 0.6)})


def proposal(world: Any, report: dict[str, Any] = GOOD, budget: float = 2.0) -> ScoringProfile:
    return propose_profile(by=world.moderator, config=config(budget), report=report)


# --- Judgements ---


def test_decision_about_fit_keeps_the_figures_it_was_taken_on(world: Any) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution, position=3)
    reject_match(by=world.moderator, match=match, reason="too_expensive")
    judgement = Judgement.objects.get()
    assert (judgement.side, judgement.grade, judgement.decision.position_shown) == ("moderator", 0, 3)
    assert judgement.values == {part["component"]: part["value"] for part in match.result["contributions"]}
    assert set(judgement.values) == set(COMPONENTS)
    assert (judgement.config_version, judgement.backend) == (EXPERT.id, match.backend)


def test_decision_that_says_nothing_about_fit_keeps_nothing(world: Any) -> None:
    match = offer_match(by=world.moderator, match=MatchFactory(demand=world.demand, solution=world.solution))
    Judgement.objects.all().delete()
    decline_for_city(by=world.city_approver, match=match, reason="tender_open")
    assert Judgement.objects.count() == 0


def test_last_word_about_a_pair_counts(world: Any) -> None:
    match = offer_match(by=world.moderator, match=MatchFactory(demand=world.demand, solution=world.solution))
    assert [row.grade for row in judged_pairs()] == [2]
    accept_for_city(by=world.city_approver, match=match)
    found = judged_pairs()
    assert [(row.demand, row.solution, row.grade) for row in found] == [(world.demand.pk, world.solution.pk, 3)]
    assert Judgement.objects.count() == 2


# --- Proposals ---


def judge_many(world: Any, demands: int = 13) -> None:
    """Four solutions for each demand: those with a wide cost are rejected, the others shortlisted."""
    cheap = [SolutionFactory(provider=world.provider, cost_max=10_000, currency="EUR") for _ in range(2)]
    dear = [SolutionFactory(provider=world.other_provider, cost_max=900_000, currency="EUR") for _ in range(2)]
    for _ in range(demands):
        demand = DemandFactory(body=world.city, budget_max=100_000, currency="EUR")
        for solution in cheap:
            shortlist_match(by=world.moderator, match=MatchFactory(demand=demand, solution=solution))
        for solution in dear:
            rejected = MatchFactory(demand=demand, solution=solution)
            reject_match(by=world.moderator, match=rejected, reason="too_expensive")
        rank_demand(demand)


def test_fit_raises_the_weight_that_decisions_follow_and_changes_nothing_in_force(world: Any) -> None:
    judge_many(world)
    learned = learn_from_records()
    weights = {component: (old, new) for component, old, new in learned.report["weights"]}
    assert weights["budget"][1] > weights["budget"][0]
    assert (learned.report["judgements"], learned.report["demands"], learned.report["pairs"]) == (52, 13, 52)
    assert is_not_worse(learned.report)
    assert active_config() is EXPERT
    assert {len(one["old"]) for one in learned.report["lists"]} == {5}


def test_job_makes_a_proposal_that_waits_for_a_person(world: Any) -> None:
    judge_many(world)
    run_due()
    enqueue(kind="matching.fit_profile", subject="everything", payload={"by": world.moderator.pk})
    run_due()
    made = ScoringProfile.objects.get(is_shipped=False)
    assert (made.made_by, made.parent_id, made.activations.count()) == (world.moderator, EXPERT.id, 0)
    assert active_config() is EXPERT


def test_job_with_too_few_judgements_proposes_nothing(world: Any) -> None:
    enqueue(kind="matching.fit_profile", subject="everything")
    run_due()
    assert list(ScoringProfile.objects.filter(is_shipped=False)) == []
    with pytest.raises(CommandError, match="0 judgements, 50 are needed"):
        call_command("fit_scoring_profile", now=True)


def test_same_figures_are_the_same_profile(world: Any) -> None:
    assert proposal(world) == proposal(world)
    assert ScoringProfile.objects.count() == 2


# --- In force ---


def test_shipped_profile_is_installed_once_and_in_force(world: Any) -> None:
    assert install_shipped_profile() == install_shipped_profile()
    activation = ProfileActivation.objects.get()
    assert (activation.profile_id, activation.activated_by, activation.ended_at) == (EXPERT.id, None, None)


def test_activation_ends_the_last_one_is_audited_and_owes_a_full_run(world: Any) -> None:
    profile = proposal(world)
    activate_profile(by=world.neutrality, profile=profile, reason="Better on 30 demands.")
    assert active_config() == config()
    ended, running = ProfileActivation.objects.order_by("pk")
    assert (ended.profile_id, running.profile_id, ended.ended_at is None) == (EXPERT.id, profile.pk, False)
    event = AuditEvent.objects.filter(action="scoringprofile.activate").latest("pk")
    assert (event.before, event.after) == ({"profile": EXPERT.id}, {"profile": profile.pk})
    assert (event.actor, event.note) == (f"user:{world.neutrality.pk}", "Better on 30 demands.")
    assert set(Job.objects.values_list("kind", flat=True)) >= {"matching.match_everything", "matching.price_lists"}


def test_lists_follow_the_profile_put_in_force(world: Any) -> None:
    rank_demand(world.demand)
    profile = proposal(world)
    activate_profile(by=world.neutrality, profile=profile, reason="Better.")
    run_due()
    assert set(Ranking.objects.values_list("config_version", flat=True)) == {profile.pk}


def test_earlier_profile_comes_back_without_a_new_proof(world: Any) -> None:
    first, second = proposal(world), proposal(world, budget=3.0)
    activate_profile(by=world.neutrality, profile=first, reason="Better.")
    shipped = ScoringProfile.objects.get(is_shipped=True)
    activate_profile(by=world.neutrality, profile=shipped, reason="A complaint is open.")
    assert active_config() is EXPERT
    activate_profile(by=world.administrator, profile=first, reason="Settled.")
    assert active_config().id == first.pk
    assert not may_come_into_force(second), "it was compared with what is in force no more"


@pytest.mark.parametrize("report", [BAD, {}, {**GOOD, "ndcg": {**GOOD["ndcg"], "demands": 0}}, {**GOOD, "active": "x"}])
def test_profile_not_shown_to_be_as_good_is_refused(world: Any, report: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        activate_profile(by=world.neutrality, profile=proposal(world, report), reason="I want it.")
    assert refused.value.code == "worse"
    assert active_config() is EXPERT


@pytest.mark.parametrize("who", ["moderator", "programme", "expert", "city_admin", "provider_admin", "newcomer"])
def test_only_the_neutrality_officer_and_administrators_activate(world: Any, who: str) -> None:
    with pytest.raises(NotAllowed):
        activate_profile(by=getattr(world, who), profile=proposal(world), reason="Better.")


def test_nobody_activates_what_they_asked_for(world: Any) -> None:
    own = propose_profile(by=world.neutrality, config=config(), report=GOOD)
    with pytest.raises(NotAllowed):
        activate_profile(by=world.neutrality, profile=own, reason="Better.")
    assert activate_profile(by=world.administrator, profile=own, reason="Better.").profile == own


def test_activation_needs_a_reason_and_a_change(world: Any) -> None:
    profile = proposal(world)
    with pytest.raises(Incomplete):
        activate_profile(by=world.neutrality, profile=profile, reason=" ")
    activate_profile(by=world.neutrality, profile=profile, reason="Better.")
    with pytest.raises(Conflict):
        activate_profile(by=world.neutrality, profile=profile, reason="Again.")
