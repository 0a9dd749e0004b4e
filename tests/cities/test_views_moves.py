"""Hold, resume, withdraw, close, reopen, renew: who may, from where, and what the page says."""

from typing import Any

import pytest

from cities.enums import DemandMove
from cities.models import Demand
from cities.states import DEMAND
from cities.views.moves import WORDS
from portal.audit.models import AuditEvent
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db


def address(demand: Demand, move: str) -> str:
    return f"/en/demands/{demand.public_id}/move/{move}/"


def state(demand: Demand) -> str:
    return Demand.objects.get(pk=demand.pk).state


def test_every_move_is_in_the_table_and_has_its_words() -> None:
    assert set(DemandMove.values) == set(WORDS)
    assert set(DemandMove.values) <= set(DEMAND.moves)


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        ("hold", "published", "on_hold"),
        ("resume", "on_hold", "published"),
        ("withdraw", "submitted", "withdrawn"),
        ("reopen", "withdrawn", "draft"),
        ("renew", "expired", "published"),
    ],
)
def test_move_asks_once_more_and_then_moves(client_of: Any, world: Any, move: str, before: str, after: str) -> None:
    demand, client = DemandFactory(body=world.city, state=before), client_of(world.city_approver)
    page = client.get(address(demand, move)).content.decode()
    assert (str(WORDS[move][0]) in page, state(demand)) == (True, before)
    response = client.post(address(demand, move), {"note": "As agreed in the council."}, follow=True)
    assert (state(demand), str(WORDS[move][2]) in response.content.decode()) == (after, True)
    assert AuditEvent.objects.get(action=f"demand.{move}").note == "As agreed in the council."


def test_closing_needs_an_outcome(client_of: Any, world: Any) -> None:
    client = client_of(world.city_approver)
    refused = client.post(address(world.demand, "close"), {"note": "done"})
    assert (refused.status_code, state(world.demand)) == (422, "published")
    assert "Choose an answer: How did it end?" in refused.content.decode()
    client.post(address(world.demand, "close"), {"reason": "contract"})
    assert (state(world.demand), Demand.objects.get(pk=world.demand.pk).state_reason) == ("closed", "contract")


@pytest.mark.parametrize("persona", ["city_editor", "other_city_admin", "provider_admin", "neutrality", "expert"])
def test_move_does_not_exist_for_who_may_not_make_it(client_of: Any, world: Any, persona: str) -> None:
    client = client_of(getattr(world, persona))
    statuses = [
        client.get(address(world.demand, "hold")).status_code,
        client.post(address(world.demand, "hold")).status_code,
    ]
    assert (statuses, state(world.demand)) == ([404, 404], "published")


def test_visitor_is_asked_to_sign_in(client: Any, world: Any) -> None:
    assert client.post(address(world.demand, "hold")).url.startswith("/en/account/login/")


def test_moderators_move_in_reviews_own_words_are_no_address(client_of: Any, world: Any) -> None:
    """Publishing and rejecting belong to the queue: their names lead nowhere here."""
    client = client_of(world.moderator)
    assert [client.post(address(world.demand, move)).status_code for move in ("publish", "reject", "submit")] == [
        404
    ] * 3


def test_impossible_move_explains_itself(client_of: Any, world: Any) -> None:
    client = client_of(world.city_approver)
    page = client.get(address(world.demand, "resume"), follow=True).content.decode()
    assert "This is not possible now: the state is “Published”." in page


def test_second_person_is_refused_without_change(client_of: Any, world: Any) -> None:
    client_of(world.city_admin).post(address(world.demand, "withdraw"))
    response = client_of(world.city_approver).post(address(world.demand, "hold"))
    assert (response.status_code, state(world.demand)) == (409, "withdrawn")
