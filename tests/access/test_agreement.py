"""A predicate on one record and ``visible_to`` on all of them spell one rule twice: they agree for everybody."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from catalog.models import Provider, Solution
from catalog.states import LIVE
from cities.enums import Visibility
from cities.models import Demand
from cities.rules import can_edit_demand, can_read_ranking
from cities.states import PUBLIC
from matching.models import Introduction, Match
from matching.rules import can_see_contact, can_see_match
from matching.states import INTRODUCED, MATCH
from portal.accounts.models import Organisation
from portal.accounts.rules import is_member, is_staff_reader
from tests.access.world import EVERYBODY, AccessWorld
from tests.factories import DemandFactory, SolutionFactory
from tests.states.lifecycles import KINDS, put

pytestmark = pytest.mark.slow


def people(world: AccessWorld) -> list[tuple[str, Any]]:
    """As a request would find them: roles are read anew, and whoever was deactivated has no session."""
    found = []
    for name in sorted(EVERYBODY):
        user = world.people[name]
        for cached in ("staff_roles", "active_memberships"):
            user.__dict__.pop(cached, None)
        if name != "deactivated":
            found.append((name, user))
    return found


def disagreements(world: AccessWorld, records: Any, may: Any) -> list[str]:
    wrong = []
    for name, user in people(world):
        visible = set(type(records[0])._default_manager.visible_to(user).values_list("pk", flat=True))
        wrong += [f"{name}: {record}" for record in records if (record.pk in visible) != may(user, record)]
    return wrong


def test_matches_in_every_state(world: AccessWorld) -> None:
    match = world.world.records["introduced"]
    wrong = []
    for state in MATCH.states:
        found = Match.objects.with_records().get(pk=put(match, state).pk)
        wrong += [f"{state} {line}" for line in disagreements(world, [found], can_see_match)]
    assert wrong == []


def test_introductions_in_every_state(world: AccessWorld) -> None:
    wrong = []
    for state in INTRODUCED:
        put(world.world.records["introduced"], state)
        found = list(Introduction.objects.with_records())
        wrong += [f"{state} {line}" for line in disagreements(world, found, lambda u, i: can_see_match(u, i.match))]
    assert wrong == []


def test_contacts_are_seen_in_a_part_of_the_states_in_which_the_match_is(world: AccessWorld) -> None:
    match = world.world.records["introduced"]
    for state in MATCH.states:
        found = Match.objects.with_records().get(pk=put(match, state).pk)
        for name, user in people(world):
            if can_see_contact(user, found):
                assert can_see_match(user, found), (name, state)
                assert state in INTRODUCED, (name, state)


def may_read_demand(user: Any, demand: Demand) -> bool:
    """The rule in words: staff all, a city its own, everybody what is public, verified members what is for them."""
    if is_staff_reader(user) or is_member(user, demand.organisation_id):
        return True
    if demand.state not in ("published", "in_dialogue", "closed"):
        return False
    verified = user.is_authenticated and any(m.organisation.is_verified for m in user.active_memberships)
    return demand.visibility == "public" or (demand.visibility == "members" and verified)


@pytest.mark.parametrize("visibility", ["public", "members"])
def test_demands_in_every_state(world: AccessWorld, visibility: str) -> None:
    demand = DemandFactory(body=world.city, visibility=visibility)
    wrong = []
    for state in KINDS["demand"].table.states:
        found = Demand.objects.get(pk=put(demand, state).pk)
        wrong += [f"{state} {line}" for line in disagreements(world, [found], may_read_demand)]
    assert wrong == []


def test_lists_show_what_is_public_of_what_is_visible(world: AccessWorld) -> None:
    """Lists ask it more simply, for they ask it of every record."""
    for visibility in Visibility.values:
        for state in KINDS["demand"].table.states:
            put(DemandFactory(body=world.city, visibility=visibility), state)
    for state in KINDS["solution"].table.states:
        put(SolutionFactory(provider=world.provider), state)
    for name, user in [*people(world), ("visitor", AnonymousUser())]:
        visible, offered = Demand.objects.visible_to(user), Solution.objects.visible_to(user)
        assert set(Demand.objects.published_to(user)) == set(visible.filter(state__in=PUBLIC)), name
        assert set(Solution.objects.listed_to(user)) == set(offered.filter(state__in=LIVE)), name


def test_solutions_in_every_state(world: AccessWorld) -> None:
    def may(user: Any, solution: Solution) -> bool:
        own = is_member(user, solution.provider.organisation_id)
        return solution.state == "listed" or own or is_staff_reader(user)

    solution = SolutionFactory(provider=world.provider)
    wrong = []
    for state in KINDS["solution"].table.states:
        found = Solution.objects.get(pk=put(solution, state).pk)
        wrong += [f"{state} {line}" for line in disagreements(world, [found], may)]
    assert wrong == []


def test_organisations_and_providers_in_every_state(world: AccessWorld) -> None:
    def may(user: Any, organisation: Organisation) -> bool:
        return organisation.state == "verified" or is_member(user, organisation.pk) or is_staff_reader(user)

    provider = world.provider
    wrong = []
    for state in KINDS["organisation"].table.states:
        put(provider.organisation, state)
        found = [Organisation.objects.get(pk=provider.organisation.pk)]
        wrong += [f"{state} {line}" for line in disagreements(world, found, may)]
        sellers = [Provider.objects.get(pk=provider.pk)]
        wrong += [f"{state} {line}" for line in disagreements(world, sellers, lambda u, p: may(u, p.organisation))]
    assert wrong == []


def test_whoever_may_edit_or_read_the_ranking_may_read_the_demand(world: AccessWorld) -> None:
    for demand in Demand.objects.select_related("organisation"):
        for name, user in people(world):
            if can_edit_demand(user, demand) or can_read_ranking(user, demand):
                assert Demand.objects.visible_to(user).filter(pk=demand.pk).exists(), (name, demand)
