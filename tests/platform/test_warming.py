"""A web process reads what first visitors would wait for before it answers."""

from collections.abc import Generator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from portal import warming
from portal.wsgi import application


@pytest.fixture
def _connection_stays() -> Generator[None]:
    """The test's own, which holds its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("_connection_stays")
@pytest.mark.parametrize("path", ["/en/", "/zh-hans/demands/", "/api/v1/schema.yaml"])
def test_pages_built_at_the_start_are_those_that_visitors_see(path: str) -> None:
    assert warming._ask(application, path) == "200 OK"


def test_portal_starts_without_what_could_not_be_built(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_application: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(warming, "_parts", away)
    monkeypatch.setattr(warming, "settle", lambda: None)
    warming.warm(application)
    assert "first requests will be slow" in caplog.text
