"""The tour over the real pages of the queue, and a practice that leaves no trace."""

from typing import Any

import pytest

from portal.audit.models import AuditEvent
from portal.guidance.practice import EXERCISES
from portal.guidance.tour import STOPS
from tests.factories import DemandFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
QUEUE = "/en/queue/"


def page_of(client: Any, url: str) -> str:
    return str(client.get(url).content.decode())


def test_tour_is_offered_until_it_is_ended_or_declined(client_of: Any) -> None:
    client = client_of(StaffRoleFactory(role="moderator").user)
    assert "New in the queue?" in page_of(client, QUEUE)
    client.post("/en/queue/tour/end/")
    assert "New in the queue?" not in page_of(client, QUEUE)


@pytest.fixture
def waiting(world: Any) -> Any:
    return DemandFactory(body=world.city, state="submitted", published_at=None, submitted_at="2026-01-01T00:00Z")


def test_every_stop_on_the_list_names_a_part_of_it(world: Any, waiting: Any, client_of: Any) -> None:
    page = page_of(client_of(world.moderator), f"{QUEUE}?tour=2")
    missing = [stop.anchor for stop in STOPS if not stop.on_item and f'id="{stop.anchor}"' not in page]
    assert missing == []


def test_tour_goes_on_over_the_first_item(world: Any, waiting: Any, client_of: Any) -> None:
    client = client_of(world.moderator)
    page = page_of(client, f"{QUEUE}?tour=5")
    start = page.index('href="/en/queue/', page.index('class="tour')) + 6
    address = page[start : page.index('"', start)].replace("&amp;", "&")
    item = page_of(client, address)
    assert "step 6 of 9" in item
    assert [stop.anchor for stop in STOPS if stop.on_item and f'id="{stop.anchor}"' not in item] == []


def test_tour_goes_on_in_the_practice_where_nothing_waits(client_of: Any) -> None:
    page = page_of(client_of(StaffRoleFactory(role="moderator").user), f"{QUEUE}?tour=5")
    assert "/en/queue/practice/?tour=6" in page


@pytest.mark.parametrize("tour", ["0", "99", "x", ""])
def test_step_that_is_none_shows_no_tour(world: Any, client_of: Any, tour: str) -> None:
    assert 'class="tour' not in page_of(client_of(world.moderator), f"{QUEUE}?tour={tour}")


def test_practice_says_what_an_old_hand_would_do_and_writes_nothing(world: Any, client_of: Any) -> None:
    client, before = client_of(world.moderator), AuditEvent.objects.count()
    answers = {one.key: one.choices[0][0] for one in EXERCISES} | {"sent": "1"}
    page = client.get("/en/queue/practice/", answers).content.decode()
    assert page.count("We would choose:") == sum(one.best != one.choices[0][0] for one in EXERCISES)
    assert AuditEvent.objects.count() == before
