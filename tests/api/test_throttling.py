"""Too many requests in a short time are refused, in the reader's language, with the time to come back."""

from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.throttling import SimpleRateThrottle

pytestmark = pytest.mark.django_db
TOPICS = "/api/v1/topics/"


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> Any:
    rates = {"anon": "2/minute", "user": "3/minute", "write": "1/minute"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)
    cache.clear()
    yield
    cache.clear()


def statuses(client: Any, times: int, **headers: str) -> list[int]:
    return [client.get(TOPICS, headers=headers).status_code for _time in range(times)]


def test_visitor_beyond_the_limit_reads_when_to_come_back(client: Any) -> None:
    assert statuses(client, 2) == [200, 200]
    refused = client.get(TOPICS)
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert str(int(refused["Retry-After"]) + 1) in refused.json()["detail"]


def test_visitors_cannot_name_another_address(client: Any) -> None:
    named = [client.get(TOPICS, headers={"X-Forwarded-For": f"10.0.0.{last}"}).status_code for last in range(3)]
    assert named == [200, 200, 429]


def test_people_have_a_limit_of_their_own(client: Any, client_of: Any, world: Any) -> None:
    statuses(client, 3)
    assert statuses(client_of(world.city_editor), 4) == [200, 200, 200, 429]
    assert statuses(client_of(world.provider_editor), 1) == [200]


def test_changes_are_limited_apart_from_reading(client_of: Any, world: Any) -> None:
    writer = client_of(world.city_editor)
    path = f"/api/v1/introductions/{world.demand.public_id}/messages/"
    assert [writer.post(path, {}, content_type="application/json").status_code for _time in range(2)] == [404, 429]
    assert statuses(writer, 1) == [200]


def test_without_limits_nobody_is_refused(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", dict.fromkeys(("anon", "user", "write")))
    assert statuses(client, 5) == [200] * 5
