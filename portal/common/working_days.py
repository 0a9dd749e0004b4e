"""Days on which somebody answers: deadlines that ICLEI gives itself count these, in the zone of its office."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def office_day(moment: datetime | None = None) -> date:
    """The date at the office at ``moment`` (aware; now where none is given)."""
    return (moment or timezone.now()).astimezone(ZoneInfo(settings.OFFICE_TIME_ZONE)).date()


def is_working_day(day: date) -> bool:
    """``OFFICE_WEEKEND`` holds ISO numbers (6 Saturday), ``OFFICE_HOLIDAYS`` days: every year (05-01) or one year's."""
    return _is_working(day, settings.OFFICE_WEEKEND, settings.OFFICE_HOLIDAYS)


def _is_working(day: date, weekend: frozenset[int], holidays: frozenset[str]) -> bool:
    return day.isoweekday() not in weekend and not {day.isoformat(), f"{day:%m-%d}"} & holidays


def working_days_after(day: date, number: int) -> date:
    """The ``number``-th working day after ``day``, which itself does not count."""
    return _after(day, number, settings.OFFICE_WEEKEND, settings.OFFICE_HOLIDAYS)


@lru_cache(maxsize=2000)
def _after(day: date, left: int, weekend: frozenset[int], holidays: frozenset[str]) -> date:
    """A queue of hundreds asks for the same few days with every page."""
    while left > 0:
        day += timedelta(days=1)
        left -= _is_working(day, weekend, holidays)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days end after ``start`` and not after ``end``; negative where ``end`` comes first."""
    if end < start:
        return -working_days_between(end, start)
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=number)) for number in range(1, days + 1))
