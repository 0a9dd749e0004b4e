"""A translator behind an address, and a record that a person asks it about."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.translating.machines import libre
from tests.translating.played import Server


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(libre, "_PAUSE", 0.0)
    with Server() as made:
        yield made


@pytest.fixture
def machine(server: Server, settings: Any) -> Server:
    settings.MACHINE_TRANSLATOR, settings.MACHINE_TRANSLATOR_KEY = server.address, "key-of-the-portal"
    return server
