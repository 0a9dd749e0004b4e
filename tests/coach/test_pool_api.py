"""Pools as JSON: the rights and the actions of the pages."""

from typing import Any

import pytest

from cities.coach.models import Pool
from cities.coach.pool_actions import begin_pool, invite_to_pool
from cities.models import Demand
from matching.actions import offer_match
from tests.factories import DemandFactory, MatchFactory

pytestmark = pytest.mark.django_db
API = "/api/v1/pools/"


def post(client: Any, path: str = "", **data: Any) -> Any:
    return client.post(f"{API}{path}", data, content_type="application/json")


@pytest.fixture
def begun(world: Any) -> Pool:
    pool: Pool = begin_pool(by=world.city_approver, demand=world.demand)
    return pool


@pytest.fixture
def theirs(world: Any) -> Demand:
    found: Demand = DemandFactory(body=world.other_city)
    return found


def test_cities_pool_their_demands(world: Any, theirs: Demand, client_of: Any) -> None:
    lead = client_of(world.city_approver)
    made = post(lead, demand=world.demand.public_id)
    assert made.status_code == 201
    pool = made.json()["reference"]
    assert post(lead, f"{pool}/invite/", demand=theirs.public_id, message="Together?").status_code == 201
    found = post(client_of(world.other_city_approver), f"{pool}/join/", demand=theirs.public_id).json()
    assert [(one["demand"], one["leads"], one["state"]) for one in found["members"]] == [
        (world.demand.public_id, True, "joined"), (theirs.public_id, False, "joined"),
    ]  # fmt: skip


def test_words_to_one_city_are_not_read_by_another_that_is_asked(
    world: Any, begun: Pool, theirs: Demand, client_of: Any
) -> None:
    third = DemandFactory()
    for demand, words in ((theirs, "To the second"), (third, "To the third")):
        invite_to_pool(by=world.city_approver, pool=begun, demand=demand, message=words)
    read = client_of(world.other_city_editor).get(f"{API}{begun.public_id}/").json()
    assert [one["message"] for one in read["members"]] == ["", "To the second", ""]
    page = client_of(world.other_city_editor).get(f"/en/pools/{begun.public_id}/").content.decode()
    assert ("To the second" in page, "To the third" in page) == (True, False)


def test_who_has_no_part_finds_no_pool(world: Any, begun: Pool, client_of: Any) -> None:
    for person in ("other_city_admin", "provider_admin"):
        client = client_of(world.users[person])
        assert client.get(f"{API}{begun.public_id}/").status_code == 404
        assert client.get(API).json()["count"] == 0


def test_editor_does_not_speak_for_the_city(world: Any, begun: Pool, theirs: Demand, client_of: Any) -> None:
    answer = post(client_of(world.city_editor), f"{begun.public_id}/invite/", demand=theirs.public_id)
    assert answer.status_code == 403


def test_cities_answer_a_proposal(world: Any, begun: Pool, theirs: Demand, client_of: Any) -> None:
    invite_to_pool(by=world.city_approver, pool=begun, demand=theirs)
    other = client_of(world.other_city_approver)
    post(other, f"{begun.public_id}/join/", demand=theirs.public_id)
    Demand.objects.filter(pk=begun.demand_id).update(state="published", published_at=begun.created_at)
    demand = Demand.objects.get(pk=begun.demand_id)
    match = offer_match(by=world.moderator, match=MatchFactory(demand=demand, solution=world.solution))
    path = f"{begun.public_id}/answers/"
    assert [one["agrees"] for one in other.get(f"{API}{path}").json()] == [None]
    said = post(other, path, match=match.public_id, agrees=True).json()
    assert [(one["city"], one["agrees"]) for one in said] == [(world.other_city.organisation.name, True)]
