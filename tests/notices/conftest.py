"""A clock that tests set, and people who live somewhere."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

Clock = Callable[[str, str], datetime]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """``clock("2026-03-29 07:30", "Europe/Berlin")`` sets the time; it stands still until it is set again."""

    def set_to(wall: str, zone: str = "UTC") -> datetime:
        moment = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone))
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return set_to
