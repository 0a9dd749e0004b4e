"""Pooled demands: each city's own consent, the merge once it is public, and the way back."""

from typing import Any

import pytest

from cities.actions import direct_demand, publish_demand, submit_demand
from cities.coach.models import Pool, PoolMember
from cities.coach.pool_actions import begin_pool, decline_pool, invite_to_pool, join_pool, leave_pool, settle_pool
from cities.enums import DemandState
from cities.models import Demand
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(world: World) -> Pool:
    return begin_pool(by=world.city_approver, demand=world.demand)


@pytest.fixture
def theirs(world: World) -> Demand:
    return DemandFactory(body=world.other_city, title="New lamps for old")


def invite(world: World, pool: Pool, theirs: Demand) -> PoolMember:
    return invite_to_pool(by=world.city_approver, pool=pool, demand=theirs, message="Let us buy together.")


def publish(world: World, pool: Pool) -> None:
    submit_demand(by=world.city_approver, demand=pool.demand)
    publish_demand(by=world.moderator, demand=pool.demand)
    run_due()


def state_of(demand: Demand) -> str:
    return str(Demand.objects.get(pk=demand.pk).state)


def test_pool_begins_as_a_draft_that_says_what_the_demand_says(world: World, pool: Pool) -> None:
    pooled = Demand.objects.get(pk=pool.demand_id)
    assert (pooled.state, pooled.title_en, pooled.organisation) == (
        "draft", world.demand.title_en, world.city.organisation,
    )  # fmt: skip
    assert (state_of(world.demand), pool.members.get().state) == ("published", "joined")


@pytest.mark.parametrize("person", ["city_editor", "other_city_admin", "provider_admin", "moderator"])
def test_nobody_but_who_speaks_for_the_city_begins_one(world: World, person: str) -> None:
    with pytest.raises(NotAllowed):
        begin_pool(by=world.users[person], demand=world.demand)


def test_demand_is_in_one_pool_only(world: World, pool: Pool) -> None:
    with pytest.raises(Conflict):
        begin_pool(by=world.city_approver, demand=world.demand)


def test_city_that_is_asked_is_told_and_nothing_happens_to_its_demand(world: World, pool: Pool, theirs: Demand) -> None:
    invite(world, pool, theirs)
    run_due()
    assert world.other_city_approver.notices.get().kind == "pool_invited"
    assert not world.other_city_editor.notices.exists()
    publish(world, pool)
    assert state_of(theirs) == "published"


@pytest.mark.parametrize("person", ["other_city_editor", "city_approver", "moderator", "provider_admin"])
def test_only_the_citys_own_approver_consents(world: World, pool: Pool, theirs: Demand, person: str) -> None:
    with pytest.raises(NotAllowed):
        join_pool(by=world.users[person], member=invite(world, pool, theirs))


def test_own_demands_are_merged_once_the_pooled_one_is_public(world: World, pool: Pool, theirs: Demand) -> None:
    join_pool(by=world.other_city_approver, member=invite(world, pool, theirs))
    assert state_of(theirs) == "published"
    publish(world, pool)
    assert [state_of(world.demand), state_of(theirs), state_of(pool.demand)] == ["merged", "merged", "published"]


def test_joining_a_public_pool_merges_at_once(world: World, pool: Pool, theirs: Demand) -> None:
    member = invite(world, pool, theirs)
    publish(world, pool)
    join_pool(by=world.other_city_approver, member=member)
    assert state_of(theirs) == "merged"


def test_leaving_makes_the_own_demand_public_again(world: World, pool: Pool, theirs: Demand) -> None:
    member = join_pool(by=world.other_city_approver, member=invite(world, pool, theirs))
    publish(world, pool)
    leave_pool(by=world.other_city_approver, member=member)
    assert [state_of(theirs), state_of(world.demand)] == ["published", "merged"]
    assert AuditEvent.objects.filter(action="pool.leave").count() == 1


def test_city_that_leads_does_not_leave_a_running_pool(world: World, pool: Pool) -> None:
    with pytest.raises(DomainError) as refused:
        leave_pool(by=world.city_approver, member=pool.members.get())
    assert refused.value.code == "lead"


def test_withdrawn_pooled_demand_sets_all_cities_free(world: World, pool: Pool, theirs: Demand) -> None:
    join_pool(by=world.other_city_approver, member=invite(world, pool, theirs))
    publish(world, pool)
    direct_demand(by=world.city_approver, demand=Demand.objects.get(pk=pool.demand_id), move="withdraw")
    run_due()
    assert [state_of(world.demand), state_of(theirs)] == ["published", "published"]


@pytest.mark.parametrize(("move", "reason"), [("hold", ""), ("close", "contract")])
def test_pooled_demand_on_hold_or_closed_keeps_them_merged(
    world: World, pool: Pool, theirs: Demand, move: str, reason: str
) -> None:
    join_pool(by=world.other_city_approver, member=invite(world, pool, theirs))
    publish(world, pool)
    pooled = Demand.objects.get(pk=pool.demand_id)
    direct_demand(by=world.city_approver, demand=pooled, move=move, reason=reason)
    run_due()
    assert state_of(theirs) == "merged"


def test_settling_again_moves_nothing(world: World, pool: Pool, theirs: Demand) -> None:
    join_pool(by=world.other_city_approver, member=invite(world, pool, theirs))
    publish(world, pool)
    assert settle_pool(demand=pool.demand) == 0


@pytest.mark.parametrize("answer", [join_pool, decline_pool])
def test_invitation_is_answered_once(world: World, pool: Pool, theirs: Demand, answer: Any) -> None:
    member = decline_pool(by=world.other_city_approver, member=invite(world, pool, theirs))
    with pytest.raises(Conflict):
        answer(by=world.other_city_approver, member=member)


def test_city_that_declined_may_be_asked_again_but_not_twice_at_a_time(
    world: World, pool: Pool, theirs: Demand
) -> None:
    decline_pool(by=world.other_city_approver, member=invite(world, pool, theirs))
    assert invite(world, pool, theirs).state == "invited"
    with pytest.raises(Conflict):
        invite(world, pool, theirs)


@pytest.mark.parametrize("state", sorted(set(DemandState.values) - {"published", "in_dialogue"}))
def test_only_open_demands_are_asked(world: World, pool: Pool, theirs: Demand, state: str) -> None:
    Demand.objects.filter(pk=theirs.pk).update(state=state)
    with pytest.raises(Conflict):
        invite(world, pool, theirs)


def test_pages_from_the_hint_to_the_consent(world: World, client_of: Any, theirs: Demand) -> None:
    begin = f"/en/demands/{world.demand.public_id}/pool/"
    response = client_of(world.city_approver).post(begin, {"partner": theirs.public_id})
    member = PoolMember.objects.get(demand=theirs)
    assert response.url == f"/en/pools/{member.pool.public_id}/"
    client = client_of(world.other_city_approver)
    assert "Join" in client.get(response.url).content.decode()
    assert client.post(f"{response.url}members/{member.pk}/join/").status_code == 302
    member.refresh_from_db()
    assert member.state == "joined"


def test_page_invites_by_reference_or_address_and_says_what_is_wrong(
    world: World, client_of: Any, pool: Pool, theirs: Demand
) -> None:
    page, client = f"/en/pools/{pool.public_id}/invite/", client_of(world.city_approver)
    assert client.post(page, {"demand": "D00000000"}).status_code == 422
    address = f"https://example.org/en/demands/{theirs.public_id}/"
    assert client.post(page, {"demand": address, "message": ""}).status_code == 302
    assert client.post(page, {"demand": theirs.public_id}).status_code == 422


def test_public_page_names_the_cities_that_joined_only(
    world: World, client_of: Any, pool: Pool, theirs: Demand
) -> None:
    member = invite(world, pool, theirs)
    publish(world, pool)
    page = f"/en/demands/{pool.demand.public_id}/"
    name = world.other_city.organisation.name
    assert name not in client_of(world.visitor).get(page).content.decode()
    join_pool(by=world.other_city_approver, member=member)
    assert name in client_of(world.visitor).get(page).content.decode()
