"""Deadlines that mean the same moment everywhere. Pure: walls and zones in, moments out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# "Anywhere on earth": the day is over when it is over on Baker Island (UTC−12; POSIX turns the sign round).
ANYWHERE = "AoE"
_ZONES = {ANYWHERE: "Etc/GMT+12"}
LAST_MINUTE = time(23, 59)
MINUTE = timedelta(minutes=1)


class NoSuchTime(ValueError):
    """A wall time that the change of clocks skips."""


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(_ZONES.get(name, name))


def moment(day: date, at: time, zone_name: str) -> datetime:
    """The moment in UTC at which the named minute begins. An hour that comes twice counts as its second coming, which
    is the later one: nobody is shut out by a change of clocks. Raises NoSuchTime for one that never comes.
    """
    wall = datetime.combine(day, at.replace(second=0, microsecond=0), zone(zone_name)).replace(fold=1)
    found = wall.astimezone(UTC)
    if found.astimezone(zone(zone_name)).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NoSuchTime(wall.isoformat())
    return found


def is_over(deadline: datetime, now: datetime) -> bool:
    """The minute named counts in full (23:59 lasts until midnight); after it there is no grace."""
    return now >= deadline + MINUTE


def wall(deadline: datetime, zone_name: str) -> datetime:
    """The deadline as it reads in its own zone."""
    return deadline.astimezone(zone(zone_name))
