"""Matches from the desk to the result, and what happens in an introduction."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cities.coach.pool_actions import begin_pool, invite_to_pool, join_pool
from cities.models import Demand
from matching import actions
from matching.complaints.actions import file_complaint, pause_match
from matching.introductions.follow_up_actions import Asked, answer_follow_up, ask_follow_ups, remind_of_follow_ups
from matching.introductions.interest_actions import express_interest
from matching.introductions.meeting_actions import cancel_meeting, choose_time, move_meeting, propose_meeting
from matching.introductions.question_actions import (
    answer_question,
    ask_question,
    refuse_question,
    release_answer,
    send_answer_back,
)
from matching.models import Introduction, Match
from matching.pooling.answer_actions import answer_in_pool
from matching.states import CONTESTED, MATCH
from tests.conftest import World
from tests.factories import DemandFactory, IntroductionFactory, MatchFactory
from tests.factories.introductions import FollowUpFactory
from tests.proofs.doings import CITY, FOR_CITY, FOR_PROVIDER, PROVIDER, Doing

DESK = "on ICLEI's desk: neither side has heard of it"
FOLLOWS = "the next step follows at once, and that one is told"
OWN = "the city's own step; its invitation to the provider follows at once"
BOTH = (*CITY, *PROVIDER)
OTHERS = ("city_editor", "city_admin", *PROVIDER)


def match(state: str) -> Callable[[World], Match]:
    return lambda world: MatchFactory(demand=world.demand, solution=world.solution, state=state)


def by_moderator(move: str, state: str, act: Any, tells: dict[str, Any] | None = None, **values: Any) -> Doing:
    return Doing(
        f"match.{move}",
        "moderator",
        match(state),
        lambda w, m: act(by=w.moderator, match=m, **values) and None,
        tells or {},
        "" if tells else DESK,
    )


def invited(world: World) -> Match:
    row = actions.offer_match(by=world.moderator, match=match("suggested")(world))
    return actions.accept_for_city(by=world.city_approver, match=row)


def introduced(state: str = "introduced") -> Callable[[World], Match]:
    def stage(world: World) -> Match:
        row = match(state)(world)
        people = {"city_consent_by": world.city_approver, "provider_consent_by": world.provider_admin}
        IntroductionFactory(match=row, introduced_by=world.moderator, **people)
        return row

    return stage


def write(world: World, row: Match) -> None:
    actions.post_message(by=world.city_approver, introduction=row.introduction, body="Good morning.", language="en")


def outcome(move: str) -> Doing:
    state = "dialogue" if "dialogue" in MATCH.moves[move].sources else min(MATCH.moves[move].sources)
    reason = next(iter(MATCH.moves[move].reasons), "")

    def act(world: World, row: Match) -> None:
        actions.record_outcome(by=world.city_approver, introduction=row.introduction, move=move, reason=reason)

    return Doing(f"match.{move}", "city_approver", introduced(state), act, {"match_outcome": OTHERS})


# Who knew of a match when it was paused, and so hears that it was, and how that ended.
KNEW = {"offered": FOR_CITY, "introduced": BOTH, "dialogue": BOTH}
KNEW_ALL = {"offered": CITY, "introduced": BOTH, "dialogue": BOTH}


def paused(state: str) -> Callable[[World], Match]:
    def stage(world: World) -> Match:
        row = introduced(state)(world) if state in ("introduced", "dialogue") else match(state)(world)
        return actions.pause_for_complaint(by=world.neutrality, match=row)

    return stage


def settle(reopen: bool) -> Any:
    return lambda w, m: actions.settle_complaint(by=w.neutrality, match=m, reopen=reopen)


def restored(state: str) -> Doing:
    tells = {"match_resumed": KNEW_ALL[state]} if state in KNEW_ALL else {}
    return Doing(f"match.restore_{state}", "neutrality", paused(state), settle(reopen=False), tells,
                 "" if tells else DESK)  # fmt: skip


def contested(world: World) -> Any:
    row = introduced("dialogue")(world)
    return file_complaint(by=world.city_approver, kind="match", record=row, words="Nobody asked us.")


def pause(world: World, complaint: Any) -> Match:
    pause_match(by=world.neutrality, complaint=complaint)
    return Match.objects.get(demand=world.demand)


MATCHES = [
    by_moderator("take_up", "suggested", actions.take_up_match),
    by_moderator("shortlist", "suggested", actions.shortlist_match),
    by_moderator("reject", "suggested", actions.reject_match, reason="wrong_need"),
    by_moderator("reconsider", "rejected", actions.reconsider_match),
    by_moderator("recuse", "in_review", actions.recuse_from_match, note="My sister works there."),
    by_moderator("offer", "shortlisted", actions.offer_match, {"match_offered": FOR_CITY}),
    by_moderator("withdraw_offer", "offered", actions.withdraw_offer, {"match_offer_withdrawn": FOR_CITY}),
    Doing("match.decline_by_city", "city_approver", match("offered"),
          lambda w, m: actions.decline_for_city(by=w.city_approver, match=m, reason="too_early"),
          {"match_declined_by_city": ["moderator"]}),
    Doing("match.accept_by_city", "city_approver", match("offered"),
          lambda w, m: actions.accept_for_city(by=w.city_approver, match=m), {"match_invited": FOR_PROVIDER}),
    Doing("match.invite", "system", match("offered"),
          lambda w, m: actions.accept_for_city(by=w.city_approver, match=m), {"match_invited": FOR_PROVIDER}),
    Doing("match.decline_by_provider", "provider_admin", invited,
          lambda w, m: actions.decline_for_provider(by=w.provider_admin, match=m, reason="region"),
          {"match_declined_by_provider": CITY}),
    Doing("match.accept_by_provider", "provider_admin", invited,
          lambda w, m: actions.accept_for_provider(by=w.provider_admin, match=m).match,
          {"match_introduced": BOTH}, receipt="both sides learn each other's names from the same mail"),
    Doing("match.introduce", "system", invited,
          lambda w, m: actions.accept_for_provider(by=w.provider_admin, match=m).match, {"match_introduced": BOTH}),
    Doing("match.start_dialogue", "system", introduced(), write, {"message_posted": OTHERS}),
    *map(outcome, ("start_pilot", "go_to_tender", "sign_contract", "lose", "end_without_result", "drop",
                   "start_operation", "stop_operation")),
    Doing("match.stall", "system", introduced(), lambda w, m: actions.stall_match(match=m), {"match_stalled": BOTH}),
    Doing("match.complain", "neutrality", contested, pause, {"match_paused": BOTH}),
    Doing("match.settle_complaint", "neutrality", paused("dialogue"), settle(reopen=True), {"match_reopened": BOTH}),
    *(restored(state) for state in CONTESTED),
]  # fmt: skip


def interested(world: World) -> Match:
    express_interest(by=world.provider_admin, demand=world.demand, solution=world.solution, note="It fits.")
    return Match.objects.get(demand=world.demand)


INTERESTS = [
    Doing("match.reject", "moderator", interested,
          lambda w, m: actions.reject_match(by=w.moderator, match=m, reason="wrong_need"),
          {"interest_not_followed": PROVIDER}),
]  # fmt: skip


def offered_to_pool(world: World) -> Match:
    """Our city leads, the other one has joined."""
    pool = begin_pool(by=world.city_approver, demand=world.demand)
    asked = invite_to_pool(by=world.city_approver, pool=pool, demand=DemandFactory(body=world.other_city))
    join_pool(by=world.other_city_approver, member=asked)
    Demand.objects.filter(pk=pool.demand_id).update(state="published", published_at=timezone.now())
    return MatchFactory(demand=Demand.objects.get(pk=pool.demand_id), solution=world.solution, state="offered")


POOLED = [
    Doing("match.answer_in_pool", "other_city_approver", offered_to_pool,
          lambda w, m: answer_in_pool(by=w.other_city_approver, match=m, agrees=True) and m,
          {"pool_answered": FOR_CITY}),
]  # fmt: skip


def question(state: str = "asked") -> Callable[[World], Any]:
    def stage(world: World) -> Any:
        invited(world)
        row = ask_question(by=world.provider_editor, demand=world.demand, body="Which poles?", language="en")
        if state == "answered":
            row = answer_question(by=world.city_editor, question=row, answer="All of them.", language="en")
        return row

    return stage


QUESTIONS = [
    Doing("question.answer", "city_editor", question(),
          lambda w, q: answer_question(by=w.city_editor, question=q, answer="All.", language="en"),
          {"question_answered": ["moderator"]}),
    Doing("question.send_back", "moderator", question("answered"),
          lambda w, q: send_answer_back(by=w.moderator, question=q, note="Which ones?"),
          {"question_sent_back": CITY}),
    Doing("question.release", "moderator", question("answered"),
          lambda w, q: release_answer(by=w.moderator, question=q), {"answer_released": BOTH}),
    Doing("question.refuse", "moderator", question(),
          lambda w, q: refuse_question(by=w.moderator, question=q, reason="off_topic"),
          {"question_refused": PROVIDER}),
]  # fmt: skip

SOON = timedelta(days=5)


def meeting(*, agreed: bool = False) -> Callable[[World], Any]:
    def stage(world: World) -> Any:
        row = introduced()(world).introduction
        times = [timezone.now() + SOON]
        found = propose_meeting(by=world.provider_admin, introduction=row, subject="First talk", place="Town hall",
                                minutes=45, zone="UTC", times=times)  # fmt: skip
        return choose_time(by=world.city_editor, meeting=found, starts_at=times[0]) if agreed else found

    return stage


CALENDAR = "the calendar file is in the mail, and one's own calendar needs it, too"
MEETINGS = [
    Doing("meeting.choose", "city_editor", meeting(),
          lambda w, m: choose_time(by=w.city_editor, meeting=m, starts_at=m.times.get().starts_at),
          {"meeting_agreed": BOTH}, receipt=CALENDAR),
    Doing("meeting.move", "provider_admin", meeting(agreed=True),
          lambda w, m: move_meeting(by=w.provider_admin, meeting=m, zone="UTC", times=[timezone.now() + 2 * SOON]),
          {"meeting_moved": (*CITY, "provider_editor", "provider_approver")}),
    Doing("meeting.cancel", "provider_admin", meeting(agreed=True),
          lambda w, m: cancel_meeting(by=w.provider_admin, meeting=m, note="Ill."), {"meeting_cancelled": BOTH},
          receipt=CALENDAR),
]  # fmt: skip


def long_ago(world: World) -> Introduction:
    row = introduced("dialogue")(world).introduction
    Introduction.objects.filter(pk=row.pk).update(introduced_at=timezone.now() - timedelta(days=100))
    return row


def follow_up(**fields: Any) -> Callable[[World], Any]:
    return lambda world: FollowUpFactory(introduction=introduced("dialogue")(world).introduction, **fields)


def differ(world: World, row: Any) -> None:
    said = {"reached": "yes", "words": "", "language": "en"}
    answer_follow_up(asked=Asked(row, "city", world.city_approver), stage="pilot", **said)
    answer_follow_up(asked=Asked(row, "provider", world.provider_admin), stage="operating", **said)


def ask_all(world: World, row: Introduction) -> Any:
    ask_follow_ups(today=timezone.localdate())
    return row.follow_ups.get()


def remind_all(world: World, row: Any) -> None:
    remind_of_follow_ups(today=timezone.localdate())


FOLLOW_UPS = [
    Doing("follow_up.ask", "system", long_ago, ask_all, {"follow_up_asked": ("city_approver", "provider_admin")}),
    Doing("follow_up.remind", "system", follow_up(asked_at=timezone.now() - timedelta(days=15)), remind_all,
          {"follow_up_reminder": ("city_approver", "provider_admin")}),
]  # fmt: skip
