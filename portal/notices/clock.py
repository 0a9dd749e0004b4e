"""When a mail may go out, by the reader's own clock. No records and no settings: moments and zones in, moments out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.notices.enums import Cadence

# Digests lie in the letter-box when the working day begins. No zone on earth changes its clocks at this hour.
MORNING = time(8)
MONDAY = 0


def zone_of(name: str) -> ZoneInfo:
    """The zone, or UTC where the name is not known to this machine's tables."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def is_quiet(local: time, starts: time, ends: time) -> bool:
    """Whether ``local`` lies in the quiet hours, which may run over midnight. The end itself is not quiet."""
    if starts <= ends:
        return starts <= local < ends
    return local >= starts or local < ends


def quiet_until(now: datetime, zone: ZoneInfo, starts: time, ends: time) -> datetime | None:
    """The end of the quiet hours that ``now`` lies in, as a moment in UTC; None outside of them.

    Computed on the wall clock: a night on which clocks change is an hour longer or shorter, and the mail comes at the
    hour the person named all the same. An hour that the change skips counts from where it would have been.
    """
    local = now.astimezone(zone)
    if not is_quiet(local.time(), starts, ends):
        return None
    day = local.date() if local.time() < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, zone).astimezone(UTC)


def last_morning(now: datetime, zone: ZoneInfo, cadence: str) -> datetime | None:
    """Since when the digest of today (or, weekly, of this week's Monday) is due; None before eight o'clock.

    A digest holds what is older than this moment, so that a beat that comes late sends the same digest, and nothing
    that happened in the afternoon goes out on its own.
    """
    local = now.astimezone(zone)
    if local.time() < MORNING:
        return None
    day: date = local.date()
    if cadence == Cadence.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    return datetime.combine(day, MORNING, zone)
