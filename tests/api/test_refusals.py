"""What a program is told that may not: why, and what to do about it."""

from typing import Any

import pytest
from django.test import Client

from tests.conftest import World

pytestmark = pytest.mark.django_db
URL = "/api/v1/demands/"


def test_visitor_reads_how_to_sign_in(client: Any) -> None:
    answer = client.get("/api/v1/matches/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_authenticated")
    assert "Sign in on the portal first." in answer.json()["detail"]


def test_change_without_the_token_reads_which_header_is_missing(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.city_editor)
    assert "X-CSRFToken" in client.post(URL, {}, content_type="application/json").json()["detail"]
