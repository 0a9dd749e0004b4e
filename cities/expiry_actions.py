"""Demands whose date runs out: said in time, and taken off the list at the end of the last day where the city is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from cities.actions import rematch, tell_of_move
from cities.enums import DemandState
from cities.models import Demand
from cities.states import DEMAND
from portal.accounts.days import latest_day
from portal.audit.transitions import transition
from portal.jobs.actions import enqueue

# How long before the end a city is told, the longest first.
MARKS = (timedelta(days=30), timedelta(days=7))


def day_in(demand: Demand, now: datetime) -> date:
    """Today where the demand's city is; in UTC where its zone is not known."""
    zone = demand.city.time_zone if demand.city else ""
    return now.astimezone(ZoneInfo(zone) if zone else UTC).date()


def _dated(*, until: date) -> Iterator[Demand]:
    found = Demand.objects.filter(state=DemandState.PUBLISHED, expires_on__lte=until)
    return found.select_related("city").order_by("pk").iterator()


def expire_demands(*, now: datetime) -> int:
    """Take demands off the list whose last day is over where their city is. Returns how many."""
    count = 0
    for demand in _dated(until=latest_day(now)):
        if demand.expires_on is None or demand.expires_on >= day_in(demand, now):
            continue
        with transaction.atomic():
            row = transition(demand, "expire", table=DEMAND, by="system")
            rematch(row, always=True)
            tell_of_move(row, "expire", by="system")
        count += 1
    return count


@transaction.atomic
def remind_of_expiring_demands(*, now: datetime) -> int:
    """Tell cities 30 and 7 days before the end, once for each; returns how many demands are within that time."""
    due = 0
    for demand in _dated(until=latest_day(now + MARKS[0])):
        left = (demand.expires_on or date.max) - day_in(demand, now)
        if not timedelta(0) <= left <= MARKS[0] or demand.organisation_id is None:
            continue
        mark = min(mark for mark in MARKS if left <= mark)
        dedupe = f"expiring/demand/{demand.pk}/{demand.expires_on}/{mark.days}"
        enqueue(kind="notices.demand_expiring", subject=f"demand:{demand.pk}", dedupe=dedupe)
        due += 1
    return due
