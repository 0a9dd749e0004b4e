"""The road of a match from suggestion to outcome: who may take which step, and who comes too late."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from cities.actions import direct_demand
from cities.models import Demand
from matching.actions import (
    ANSWER_WITHIN,
    OUTCOMES,
    accept_for_city,
    accept_for_provider,
    add_match,
    decline_for_city,
    decline_for_provider,
    offer_match,
    post_message,
    reconsider_match,
    record_outcome,
    reject_match,
    shortlist_match,
    take_up_match,
    withdraw_offer,
)
from matching.enums import MatchState
from matching.models import Decision, Introduction, Match, Message
from matching.states import MATCH
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.concurrency import at_once, committed
from tests.conftest import make_world
from tests.factories import IntroductionFactory, MatchFactory, MembershipFactory, SolutionFactory, StaffRoleFactory

__all__ = ["committed"]


def again(match: Match) -> Match:
    return Match.objects.with_records().get(pk=match.pk)


def pair(world: Any, state: str = "suggested", **fields: Any) -> Match:
    return MatchFactory(demand=world.demand, solution=world.solution, state=state, **fields)


def introduced(world: Any, state: str = "introduced") -> Introduction:
    match = pair(world, state)
    people = {"city_consent_by": world.city_approver, "provider_consent_by": world.provider_admin}
    made: Introduction = IntroductionFactory(match=match, introduced_by=world.moderator, **people)
    return made


def moves(match: Match) -> list[str]:
    return list(match.decisions.values_list("move", flat=True))


# --- The whole road ---


@pytest.fixture
def introduction(world: Any) -> Introduction:
    match = pair(world)
    offer_match(by=world.moderator, match=match, note="Same climate.")
    accept_for_city(by=world.city_approver, match=again(match))
    return accept_for_provider(by=world.provider_admin, match=again(match))


def test_three_times_yes_introduces_both_sides(world: Any, introduction: Introduction) -> None:
    match = again(introduction.match)
    assert match.state == MatchState.INTRODUCED
    assert moves(match) == ["offer", "accept_by_city", "invite", "accept_by_provider", "introduce"]


def test_introduction_keeps_who_consented_and_who_introduced(world: Any, introduction: Introduction) -> None:
    people = (introduction.city_consent_by, introduction.provider_consent_by, introduction.introduced_by)
    assert people == (world.city_approver, world.provider_admin, world.moderator)
    assert introduction.city_consent_at < introduction.provider_consent_at <= introduction.introduced_at


def test_news_of_an_offer_names_its_day_though_the_city_answered_before_it_went_out(world: Any) -> None:
    match = pair(world)
    offer_match(by=world.moderator, match=match)
    accept_for_city(by=world.city_approver, match=again(match))
    run_due()
    told = Notice.objects.filter(kind="match_offered").values_list("params__date", flat=True)
    assert set(told) == {f"{timezone.localdate() + ANSWER_WITHIN:%Y-%m-%d}"}


def test_decision_keeps_what_was_shown(world: Any) -> None:
    match = pair(world)
    offer_match(by=world.moderator, match=match)
    decision = match.decisions.get()
    assert (decision.points_shown, decision.position_shown) == (match.points, match.position)


def test_introduction_brings_the_demand_into_dialogue_and_its_end_takes_it_out(
    world: Any, introduction: Introduction
) -> None:
    assert Demand.objects.get(pk=world.demand.pk).state == "in_dialogue"
    record_outcome(by=world.city_approver, introduction=introduction, move="end_without_result", reason="no_funding")
    assert Demand.objects.get(pk=world.demand.pk).state == "published"


def test_end_of_one_introduction_leaves_the_demand_in_dialogue_while_another_runs(
    world: Any, introduction: Introduction
) -> None:
    MatchFactory(demand=world.demand, state="dialogue")
    record_outcome(by=world.city_approver, introduction=introduction, move="drop", reason="legal")
    assert Demand.objects.get(pk=world.demand.pk).state == "in_dialogue"


def test_first_message_opens_the_dialogue_and_the_second_does_not_again(world: Any, introduction: Introduction) -> None:
    post_message(by=world.city_editor, introduction=introduction, body="Hello", language="en")
    post_message(by=world.provider_editor, introduction=introduction, body="Hello", language="en")
    assert moves(again(introduction.match)).count("start_dialogue") == 1
    assert [m.organisation for m in introduction.messages.all()] == [
        world.city.organisation,
        world.provider.organisation,
    ]


def test_contract_keeps_value_with_currency_who_and_when(world: Any, introduction: Introduction) -> None:
    row = record_outcome(
        by=world.provider_admin, introduction=introduction, move="sign_contract", value=Decimal(250_000), currency="CLP"
    )
    assert (row.outcome, row.outcome_value, row.outcome_currency) == ("contract", Decimal(250_000), "CLP")
    assert (row.outcome_by, row.outcome_at is not None) == (world.provider_admin, True)


def test_every_step_is_audited_and_owes_its_notice(world: Any) -> None:
    match = pair(world)
    offer_match(by=world.moderator, match=match)
    event = AuditEvent.objects.get(action="match.offer")
    assert (event.actor, event.subject) == (f"user:{world.moderator.pk}", f"match:{match.pk}")
    assert Job.objects.filter(kind="notices.match_moved", subject=f"decision:{match.decisions.get().pk}").exists()


def test_answer_is_asked_for_by_a_date_and_no_longer_after_it_is_given(world: Any) -> None:
    match = pair(world)
    assert offer_match(by=world.moderator, match=match).respond_by == timezone.localdate() + ANSWER_WITHIN
    assert decline_for_city(by=world.city_approver, match=again(match), reason="too_early").respond_by is None


def test_undo_takes_an_offer_back_and_a_rejection_up_again(world: Any) -> None:
    match = pair(world)
    offer_match(by=world.moderator, match=match)
    assert withdraw_offer(by=world.moderator, match=again(match)).state == MatchState.IN_REVIEW
    reject_match(by=world.moderator, match=again(match), reason="wrong_need")
    assert reconsider_match(by=world.moderator, match=again(match)).state == MatchState.IN_REVIEW


# --- Refusals ---

NOT_MODERATORS = ["visitor", "newcomer", "city_admin", "provider_admin", "neutrality", "administrator", "programme"]
DECISIONS = {
    "take_up": lambda by, match: take_up_match(by=by, match=match),
    "shortlist": lambda by, match: shortlist_match(by=by, match=match),
    "offer": lambda by, match: offer_match(by=by, match=match),
    "reject": lambda by, match: reject_match(by=by, match=match, reason="wrong_need"),
}


@pytest.mark.parametrize("persona", NOT_MODERATORS)
@pytest.mark.parametrize("name", DECISIONS)
def test_decision_by_anybody_but_a_moderator_is_refused(world: Any, persona: str, name: str) -> None:
    match = pair(world)
    with pytest.raises(NotAllowed):
        DECISIONS[name](getattr(world, persona), match)
    assert (again(match).state, match.decisions.count()) == ("suggested", 0)


@pytest.mark.parametrize("side", ["city", "provider"])
@pytest.mark.parametrize("name", DECISIONS)
def test_moderator_tied_to_a_party_is_recused_and_told_so(world: Any, side: str, name: str) -> None:
    match = pair(world)
    MembershipFactory(user=world.moderator, organisation=getattr(world, side).organisation)
    with pytest.raises(NotAllowed, match="tied to one of the two parties"):
        DECISIONS[name](User.objects.get(pk=world.moderator.pk), match)
    assert again(match).state == "suggested"


@pytest.mark.parametrize("reason", ["", "too_early", "not a reason"])
def test_rejection_without_a_reason_of_the_list_is_refused(world: Any, reason: str) -> None:
    with pytest.raises(DomainError) as refused:
        reject_match(by=world.moderator, match=pair(world), reason=reason)
    assert refused.value.code == "reason_required"


@pytest.mark.parametrize("persona", ["city_editor", "other_city_admin", "provider_admin", "moderator", "visitor"])
@pytest.mark.parametrize("answer", [accept_for_city, decline_for_city])
def test_answer_for_the_city_by_anybody_but_its_approvers_is_refused(world: Any, persona: str, answer: Any) -> None:
    match = pair(world, "offered")
    arguments = {"reason": "too_early"} if answer is decline_for_city else {}
    with pytest.raises(NotAllowed):
        answer(by=getattr(world, persona), match=match, **arguments)
    assert again(match).state == "offered"


@pytest.mark.parametrize("persona", ["provider_editor", "other_provider_admin", "city_admin", "moderator", "visitor"])
@pytest.mark.parametrize("answer", [accept_for_provider, decline_for_provider])
def test_answer_for_the_provider_by_anybody_but_its_approvers_is_refused(world: Any, persona: str, answer: Any) -> None:
    match = pair(world, "invited")
    arguments = {"reason": "terms"} if answer is decline_for_provider else {}
    with pytest.raises(NotAllowed):
        answer(by=getattr(world, persona), match=match, **arguments)
    assert again(match).state == "invited"


@pytest.mark.parametrize("state", ["suggested", "in_review", "shortlisted", "offered", "declined_by_city"])
def test_provider_cannot_answer_before_the_city_has_said_yes(world: Any, state: str) -> None:
    with pytest.raises(NotAllowed):
        accept_for_provider(by=world.provider_admin, match=pair(world, state))
    assert not Introduction.objects.exists()


@pytest.mark.parametrize("side", ["demand", "solution"])
def test_offer_of_what_is_not_published_any_more_is_refused(world: Any, side: str) -> None:
    match = pair(world)
    if side == "demand":
        direct_demand(by=world.city_admin, demand=world.demand, move="hold")
    else:
        type(world.solution).objects.filter(pk=world.solution.pk).update(state="archived")
    with pytest.raises(Conflict):
        offer_match(by=world.moderator, match=again(match))
    assert again(match).state == "suggested"


# --- Pairs put together by hand ---


def test_match_added_by_hand_is_scored_and_in_review(world: Any) -> None:
    match = add_match(by=world.moderator, demand=world.demand, solution=world.solution, note="They share a river.")
    assert (match.state, match.origin, match.origin_note) == ("in_review", "moderator", "They share a river.")
    assert match.points == match.result["score"]


def test_match_added_twice_is_the_same_row(world: Any) -> None:
    first, second = (
        add_match(by=world.moderator, demand=world.demand, solution=world.solution, note="Again.") for _ in range(2)
    )
    assert first == second


def test_match_added_without_words_is_refused(world: Any) -> None:
    with pytest.raises(Incomplete) as refused:
        add_match(by=world.moderator, demand=world.demand, solution=world.solution, note=" ")
    assert refused.value.missing == ("note",)


def test_match_with_a_solution_that_is_not_listed_is_refused(world: Any) -> None:
    with pytest.raises(DomainError) as refused:
        add_match(by=world.moderator, demand=world.demand, solution=SolutionFactory(state="draft"), note="Why not?")
    assert refused.value.code == "not_live"


@pytest.mark.parametrize("persona", NOT_MODERATORS)
def test_match_added_by_anybody_but_a_moderator_is_refused(world: Any, persona: str) -> None:
    with pytest.raises(NotAllowed):
        add_match(by=getattr(world, persona), demand=world.demand, solution=world.solution, note="Please.")


# --- Introductions ---


@pytest.mark.parametrize("persona", ["other_city_admin", "other_provider_admin", "neutrality", "newcomer", "visitor"])
def test_message_by_somebody_outside_is_refused(world: Any, persona: str) -> None:
    introduction = introduced(world)
    with pytest.raises(NotAllowed):
        post_message(by=getattr(world, persona), introduction=introduction, body="Hello", language="en")
    assert not Message.objects.exists()


def test_message_without_words_is_refused(world: Any) -> None:
    with pytest.raises(Incomplete):
        post_message(by=world.city_editor, introduction=introduced(world), body=" \n", language="en")


def test_moderator_may_write_to_both_sides(world: Any) -> None:
    message = post_message(by=world.moderator, introduction=introduced(world), body="How is it going?", language="en")
    assert message.organisation is None


@pytest.mark.parametrize("persona", ["city_editor", "provider_editor", "other_city_admin", "neutrality", "visitor"])
def test_outcome_by_somebody_who_does_not_speak_for_a_side_is_refused(world: Any, persona: str) -> None:
    introduction = introduced(world)
    with pytest.raises(NotAllowed):
        record_outcome(by=getattr(world, persona), introduction=introduction, move="start_pilot")
    assert Introduction.objects.get().outcome == ""


@pytest.mark.parametrize("move", sorted(set(MATCH.moves) - set(OUTCOMES)))
def test_outcome_takes_no_step_that_is_not_an_outcome(world: Any, move: str) -> None:
    with pytest.raises(NotAllowed):
        record_outcome(by=world.moderator, introduction=introduced(world), move=move, reason="legal")


@pytest.mark.parametrize("move", [move for move in OUTCOMES if MATCH.moves[move].needs_reason])
def test_outcome_that_ends_it_needs_a_reason(world: Any, move: str) -> None:
    introduction = introduced(world, next(iter(MATCH.moves[move].sources)))
    with pytest.raises(DomainError) as refused:
        record_outcome(by=world.city_approver, introduction=introduction, move=move)
    assert refused.value.code == "reason_required"


@pytest.mark.parametrize("amount", [{"value": Decimal(-1), "currency": "EUR"}, {"value": Decimal(10), "currency": ""}])
def test_value_that_is_negative_or_has_no_currency_is_refused(world: Any, amount: dict[str, Any]) -> None:
    with pytest.raises(Incomplete):
        record_outcome(by=world.city_approver, introduction=introduced(world), move="sign_contract", **amount)


# --- Who comes second ---


@pytest.mark.parametrize("second", [offer_match, shortlist_match])
def test_second_decision_is_refused_with_who_and_when(world: Any, second: Any) -> None:
    seen = pair(world)
    reject_match(by=world.moderator, match=again(seen), reason="lock_in")
    with pytest.raises(Conflict) as refused:
        second(by=StaffRoleFactory(role="moderator").user, match=seen)
    event = AuditEvent.objects.get(action="match.reject")
    assert (refused.value.who, refused.value.when) == (f"user:{world.moderator.pk}", event.at)
    assert moves(seen) == ["reject"]


def test_two_moderators_at_the_same_moment_make_one_decision(committed: None) -> None:
    world = make_world()
    match, other = pair(world), StaffRoleFactory(role="moderator").user
    found = at_once(
        [
            lambda: offer_match(by=world.moderator, match=again(match)),
            lambda: reject_match(by=other, match=again(match), reason="wrong_scale"),
        ]
    )
    refused = [one for one in found if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [Conflict]
    assert refused[0].who in (f"user:{world.moderator.pk}", f"user:{other.pk}")
    assert Decision.objects.filter(match=match).count() == 1


def test_two_approvers_at_the_same_moment_give_one_answer(committed: None) -> None:
    world = make_world()
    match = pair(world, "offered")
    found = at_once(
        [
            lambda: accept_for_city(by=world.city_approver, match=again(match)),
            lambda: decline_for_city(by=world.city_admin, match=again(match), reason="too_expensive"),
        ]
    )
    assert [type(one) for one in found if isinstance(one, Exception)] == [Conflict]
    assert again(match).state in ("invited", "declined_by_city")


def test_two_first_messages_at_the_same_moment_open_one_dialogue(committed: None) -> None:
    world = make_world()
    introduction = introduced(world)

    def write(by: User) -> Message:
        row = Introduction.objects.with_records().get(pk=introduction.pk)
        return post_message(by=by, introduction=row, body="Hello", language="en")

    found = at_once([lambda: write(world.city_editor), lambda: write(world.provider_editor)])
    assert [one for one in found if isinstance(one, Exception)] == []
    assert moves(introduction.match).count("start_dialogue") == 1


def test_two_outcomes_at_the_same_moment_keep_one(committed: None) -> None:
    world = make_world()
    introduction = introduced(world, "dialogue")

    def end(by: User, move: str) -> Introduction:
        row = Introduction.objects.with_records().get(pk=introduction.pk)
        return record_outcome(by=by, introduction=row, move=move, reason="technical")

    found = at_once([lambda: end(world.city_approver, "drop"), lambda: end(world.provider_admin, "end_without_result")])
    assert [type(one) for one in found if isinstance(one, Exception)] == [Conflict]
    assert Introduction.objects.get().outcome == again(introduction.match).state
