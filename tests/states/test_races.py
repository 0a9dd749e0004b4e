"""Two people decide at the same moment: exactly one decides, the other is told."""

from collections.abc import Callable
from typing import Any

import pytest

from catalog.enums import ReviewCriterion
from catalog.listing_actions import review_solution
from cities.actions import direct_demand, edit_demand, publish_demand, reject_demand
from matching.actions import (
    accept_for_city,
    accept_for_provider,
    add_match,
    decline_for_city,
    decline_for_provider,
    offer_match,
    reject_match,
    take_up_match,
)
from matching.models import Decision, Introduction, Match
from portal.accounts.actions import refuse_organisation, verify_organisation
from portal.audit.actions import verify_chain
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict
from tests.concurrency import at_once
from tests.conftest import World, make_world
from tests.factories import DemandFactory, MatchFactory, OrganisationFactory, SolutionFactory, StaffRoleFactory

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def world(committed: None) -> World:
    return make_world()


def decided(*works: Callable[[], Any]) -> list[Any]:
    """One winner; everybody else is refused as a conflict, and nothing else happens."""
    found = at_once(list(works))
    winners = [result for result in found if not isinstance(result, BaseException)]
    assert len(winners) == 1, found
    assert all(isinstance(result, Conflict) for result in found if result is not winners[0]), found
    assert verify_chain().broken is None
    return winners


def test_publish_and_reject_a_demand(world: World) -> None:
    other = StaffRoleFactory(role="moderator").user
    demand = DemandFactory(state="submitted", published_at=None)
    decided(
        lambda: publish_demand(by=world.moderator, demand=demand),
        lambda: reject_demand(by=other, demand=demand, reason="duplicate"),
    )
    assert AuditEvent.objects.filter(subject=f"demand:{demand.pk}").count() == 1


def test_list_and_send_back_a_solution(world: World) -> None:
    solution = SolutionFactory(state="submitted", listed_at=None)
    marks = dict.fromkeys(ReviewCriterion.values, 3)
    decided(
        *[
            lambda approve=approve: review_solution(
                by=world.moderator, solution=solution, marks=marks, comment="Say more.", approve=approve
            )
            for approve in (True, False)
        ]
    )
    assert solution.reviews.count() == 1


def test_two_moderators_refuse_an_organisation_for_different_reasons(world: World) -> None:
    organisation = OrganisationFactory(state="pending")
    decided(
        *[
            lambda reason=reason: refuse_organisation(by=world.moderator, organisation=organisation, reason=reason)
            for reason in ("not_found", "duplicate")
        ]
    )


def test_two_moderators_verify_an_organisation(world: World) -> None:
    organisation = OrganisationFactory(state="pending")
    decided(*[lambda: verify_organisation(by=world.moderator, organisation=organisation, how="known")] * 2)


def test_offer_reject_and_offer_again_a_match(world: World) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution)
    decided(
        lambda: offer_match(by=world.moderator, match=match),
        lambda: reject_match(by=world.moderator, match=match, reason="wrong_need"),
        lambda: offer_match(by=world.moderator, match=match),
    )
    assert Decision.objects.count() == 1


def test_two_officials_accept_and_decline_for_the_city(world: World) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution, state="offered")
    decided(
        lambda: accept_for_city(by=world.city_approver, match=match),
        lambda: decline_for_city(by=world.city_admin, match=match, reason="too_early"),
    )


def test_two_colleagues_accept_and_decline_for_the_provider(world: World) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution)
    offer_match(by=world.moderator, match=match)
    accept_for_city(by=world.city_approver, match=Match.objects.get())
    invited = Match.objects.get()
    decided(
        lambda: accept_for_provider(by=world.provider_approver, match=invited),
        lambda: decline_for_provider(by=world.provider_admin, match=invited, reason="terms"),
    )
    introduced = Match.objects.get().state == "introduced"
    assert Introduction.objects.count() == introduced


def test_provider_accepts_twice_at_once_and_is_introduced_once(world: World) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution)
    offer_match(by=world.moderator, match=match)
    accept_for_city(by=world.city_approver, match=Match.objects.get())
    invited = Match.objects.get()
    decided(*[lambda: accept_for_provider(by=world.provider_approver, match=invited)] * 4)
    assert Introduction.objects.count() == 1
    assert Decision.objects.filter(move="introduce").count() == 1


def test_withdraw_and_close_a_demand(world: World) -> None:
    decided(
        lambda: direct_demand(by=world.city_admin, demand=world.demand, move="withdraw"),
        lambda: direct_demand(by=world.moderator, demand=world.demand, move="close", reason="own_means"),
    )


def test_two_edits_of_the_same_version_keep_one_and_refuse_the_other(world: World) -> None:
    decided(
        *[
            lambda words=words: edit_demand(
                by=world.city_editor, demand=world.demand, changes={"summary": words}, expected_version=1
            )
            for words in ("One.", "Two.")
        ]
    )
    world.demand.refresh_from_db()
    assert world.demand.version == 2


def test_two_moderators_add_the_same_pair_and_both_get_it(world: World) -> None:
    def add() -> Match:
        return add_match(by=world.moderator, demand=world.demand, solution=world.solution, note="They met.")

    found = at_once([add] * 4)
    assert {match.pk for match in found} == {Match.objects.get().pk}
    assert AuditEvent.objects.filter(action="match.add").count() == 1


def test_decision_on_a_match_that_moved_names_the_state_it_left(world: World) -> None:
    stale = MatchFactory(demand=world.demand, solution=world.solution)
    take_up_match(by=world.moderator, match=stale)
    stale.state = "suggested"
    offer_match(by=world.moderator, match=stale)
    assert list(Decision.objects.values_list("from_state", "to_state")) == [
        ("suggested", "in_review"),
        ("in_review", "offered"),
    ]
