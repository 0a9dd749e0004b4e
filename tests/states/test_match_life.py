"""A match lives through thousands of random decisions by everybody, allowed or not, and never breaks a promise."""

from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matching import actions
from matching.enums import CityDeclineReason, DropReason, MatchState, ProviderDeclineReason, RejectReason
from matching.models import Decision, Introduction, Match, Message
from matching.rules import can_see_contact, can_see_match
from matching.states import CITY_SEES, INTRODUCED, MATCH, PROVIDER_SEES
from portal.accounts.models import User
from portal.audit.actions import verify_chain
from portal.audit.models import AuditEvent
from portal.common.errors import DomainError
from tests.conftest import World, make_world
from tests.factories import MatchFactory

PEOPLE = (
    "moderator", "neutrality", "administrator", "city_editor", "city_approver", "city_admin", "other_city_admin",
    "provider_editor", "provider_approver", "provider_admin", "other_provider_admin", "newcomer", "deactivated",
)  # fmt: skip
DECIDES = {"moderator"}
FOR_CITY = {"city_approver", "city_admin"}
FOR_PROVIDER = {"provider_approver", "provider_admin"}
# Half of the time somebody who may, so that a life gets anywhere.
person = st.one_of(st.sampled_from(("moderator", "city_admin", "provider_admin")), st.sampled_from(PEOPLE))
STEPS = {
    "take_up_match": DECIDES, "shortlist_match": DECIDES, "reconsider_match": DECIDES, "offer_match": DECIDES,
    "withdraw_offer": DECIDES, "accept_for_city": FOR_CITY, "accept_for_provider": FOR_PROVIDER,
}  # fmt: skip
REFUSALS = {
    "reject_match": (DECIDES, RejectReason.values),
    "decline_for_city": (FOR_CITY, CityDeclineReason.values),
    "decline_for_provider": (FOR_PROVIDER, ProviderDeclineReason.values),
}


def is_moderator_or_party(who: str) -> bool:
    return who in DECIDES | FOR_CITY | FOR_PROVIDER | {"city_editor", "provider_editor"}


class MatchLife(RuleBasedStateMachine):
    """Each rule lets somebody try something; ``attempt`` checks that only those who may have changed anything."""

    world: World
    seen: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.match = MatchFactory(demand=self.world.demand, solution=self.world.solution)

    def teardown(self) -> None:
        assert verify_chain().broken is None
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def user(self, who: str) -> User:
        return self.world.users[who]

    def fresh(self) -> Match:
        return Match.objects.get(pk=self.match.pk)

    def attempt(self, may: bool, work: Any, *args: Any, **values: Any) -> None:
        before = self.fresh().state
        events = AuditEvent.objects.count()
        try:
            with transaction.atomic():
                work(*args, **values)
        except DomainError:
            assert self.fresh().state == before
            assert AuditEvent.objects.count() == events
        else:
            assert may, f"{values} was let through in {before}"
            assert AuditEvent.objects.count() > events

    @rule(who=person, step=st.sampled_from(sorted(STEPS)))
    def step(self, who: str, step: str) -> None:
        self.attempt(who in STEPS[step], getattr(actions, step), by=self.user(who), match=self.fresh())

    @rule(who=person, step=st.sampled_from(sorted(REFUSALS)), data=st.data())
    def refuse(self, who: str, step: str, data: Any) -> None:
        allowed, reasons = REFUSALS[step]
        reason = data.draw(st.sampled_from([*reasons, "", "other"]))
        may = who in allowed and reason in reasons
        self.attempt(may, getattr(actions, step), by=self.user(who), match=self.fresh(), reason=reason)

    @initialize(steps=st.integers(0, 3))
    def begin_somewhere(self, steps: int) -> None:
        for _step in range(steps):
            self.go_on_together()

    @rule()
    def go_on_together(self) -> None:
        """The way to an introduction is narrow; chance alone rarely finds it."""
        if (match := self.fresh()).state in {"suggested", "in_review", "shortlisted"}:
            actions.offer_match(by=self.user("moderator"), match=match)
        elif match.state == "offered":
            actions.accept_for_city(by=self.user("city_admin"), match=match)
        elif match.state == "invited":
            actions.accept_for_provider(by=self.user("provider_admin"), match=match)

    @rule(who=person, body=st.sampled_from(["Good morning", "", "  "]))
    def write(self, who: str, body: str) -> None:
        introduction = Introduction.objects.filter(match=self.match).first()
        if introduction is not None:
            values = {"by": self.user(who), "introduction": introduction, "body": body, "language": "en"}
            self.attempt(is_moderator_or_party(who) and bool(body.strip()), actions.post_message, **values)

    @rule(
        who=person, move=st.sampled_from([*actions.OUTCOMES, "offer"]), reason=st.sampled_from(["", *DropReason.values])
    )
    def conclude(self, who: str, move: str, reason: str) -> None:
        introduction = Introduction.objects.filter(match=self.match).first()
        if introduction is not None:
            may = who in DECIDES | FOR_CITY | FOR_PROVIDER and move in actions.OUTCOMES
            values = {"by": self.user(who), "introduction": introduction, "move": move, "reason": reason}
            self.attempt(may, actions.record_outcome, **values)

    @precondition(lambda self: self.fresh().state in INTRODUCED)
    @rule(move=st.sampled_from(actions.OUTCOMES))
    def agree(self, move: str) -> None:
        introduction, reason = Introduction.objects.get(match=self.match), next(iter(MATCH.moves[move].reasons), "")
        values = {"by": self.user("city_admin"), "introduction": introduction, "move": move, "reason": reason}
        self.attempt(True, actions.record_outcome, **values)

    @invariant()
    def introduction_has_three_yeses(self) -> None:
        introduction = Introduction.objects.filter(match=self.match).first()
        moves = set(Decision.objects.filter(match=self.match).values_list("move", flat=True))
        if introduction is None:
            assert "introduce" not in moves
            assert self.fresh().state not in INTRODUCED
            assert not Message.objects.exists()
            return
        assert {"offer", "accept_by_city", "accept_by_provider"} <= moves
        assert introduction.city_consent_by.role_in(self.match.demand.organisation_id) in {"approver", "admin"}
        assert introduction.provider_consent_by.role_in(self.match.solution.provider.organisation_id) in {
            "approver",
            "admin",
        }

    @invariant()
    def decisions_form_a_line_that_the_table_allows(self) -> None:
        at = MatchState.SUGGESTED.value
        for decision in Decision.objects.filter(match=self.match).order_by("pk"):
            assert decision.from_state == at
            assert at in MATCH.moves[decision.move].sources
            assert MATCH.moves[decision.move].target == decision.to_state
            at = decision.to_state
        assert self.fresh().state == at

    @invariant()
    def nobody_sees_the_other_side_too_early(self) -> None:
        match = self.fresh()
        for who in ("city_editor", "city_admin"):
            assert can_see_match(self.user(who), match) == (match.state in CITY_SEES)
            assert can_see_contact(self.user(who), match) == (match.state in INTRODUCED)
        for who in ("provider_editor", "provider_admin"):
            assert can_see_match(self.user(who), match) == (match.state in PROVIDER_SEES)
            assert can_see_contact(self.user(who), match) == (match.state in INTRODUCED)
        for who in ("other_city_admin", "other_provider_admin", "newcomer", "deactivated"):
            assert not can_see_match(self.user(who), match)

    @invariant()
    def demand_is_in_dialogue_while_an_introduction_runs(self) -> None:
        self.seen.add(self.fresh().state)
        self.match.demand.refresh_from_db()
        runs = self.fresh().state in INTRODUCED - actions.ENDED
        assert (self.match.demand.state == "in_dialogue") == runs


@pytest.mark.django_db
@pytest.mark.slow
def test_match_keeps_every_promise_whatever_people_try() -> None:
    MatchLife.world = make_world()
    run_state_machine_as_test(
        MatchLife,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    # A run that stays at the start proves nothing.
    assert {"offered", "invited", "introduced", "dialogue"} <= MatchLife.seen
    assert len(MatchLife.seen) >= 10, MatchLife.seen
