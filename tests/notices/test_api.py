"""Notices as JSON, each person's own."""

from typing import Any

import pytest

from portal.notices.actions import notify
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
API = "/api/v1/notices/"


def tell(user: Any, event: str) -> None:
    params = {"demand": f"Demand {event}"}
    notify(recipients=[user], kind="demand_published", event=event, params=params, path="/demands/D1/")


def test_own_notices_are_read_and_marked(client_of: Any, settings: Any) -> None:
    reader, other = UserFactory(language="ko"), UserFactory()
    tell(reader, "1")
    tell(reader, "2")
    tell(other, "3")
    client = client_of(reader)
    found = client.get(API, headers={"Accept-Language": "en"}).json()["results"]
    assert [one["text"] for one in found] == [f"Your demand is published: “Demand {number}”" for number in (2, 1)]
    assert found[0]["url"] == f"{settings.SITE_URL}/ko/demands/D1/"
    assert found[0]["why"].startswith("You get this because")
    assert client.post(f"{API}{found[0]['id']}/read/").json()["read_at"]
    assert client.get(f"{API}?unread=1").json()["count"] == 1
    assert client.post(f"{API}read-all/").json() == {"read": 1}
    assert client.post(f"{API}{other.notices.get().pk}/read/").status_code == 404
