"""Which day it is where an organisation is: what holds "until" a day holds to the end of that day there."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from portal.accounts.models import Organisation

# No place on earth is further ahead of UTC.
FURTHEST_AHEAD = timedelta(hours=14)


@lru_cache(maxsize=300)
def zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """All zones of a country; UTC for one that CLDR does not know."""
    names = get_global("territory_zones").get(country, ())
    return tuple(ZoneInfo(name) for name in names) or (ZoneInfo("UTC"),)


def day_at(organisation: Organisation, now: datetime) -> date:
    """By the organisation's own zone; without one by that of its country in which the day ends last.

    Nobody loses an hour because their country is wide. ``now`` is aware.
    """
    zones = (ZoneInfo(organisation.time_zone),) if organisation.time_zone else zones_of(organisation.country)
    return min(now.astimezone(zone).date() for zone in zones)


def latest_day(now: datetime) -> date:
    """The date where the day is furthest: nothing that holds until then, or later, has run out anywhere."""
    return (now.astimezone(UTC) + FURTHEST_AHEAD).date()
