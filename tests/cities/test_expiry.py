"""A demand ends with the last day of its city, wherever that is, and its city is told in time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cities.expiry_actions import expire_demands, remind_of_expiring_demands
from cities.models import City, Demand
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
# Zone, last day, and the last moment at which it is still that day there.
ENDS = [
    ("Asia/Seoul", date(2026, 5, 31), datetime(2026, 5, 31, 14, 59, 59, tzinfo=UTC)),
    ("America/Sao_Paulo", date(2026, 5, 31), datetime(2026, 6, 1, 2, 59, 59, tzinfo=UTC)),
    # The day has 23 hours in March, 25 in October.
    ("Europe/Paris", date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
    ("Europe/Paris", date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
    ("", date(2026, 5, 31), datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)),
]


def demand_in(world: World, zone: str, until: date) -> Demand:
    City.objects.filter(pk=world.city.city_id).update(time_zone=zone)
    return DemandFactory(body=world.city, expires_on=until)


@pytest.mark.parametrize(("zone", "day", "last"), ENDS)
def test_demand_ends_with_the_day_of_its_city(world: World, zone: str, day: date, last: datetime) -> None:
    demand = demand_in(world, zone, day)
    assert (expire_demands(now=last), expire_demands(now=last + SECOND), expire_demands(now=last + DAY)) == (0, 1, 0)
    demand.refresh_from_db()
    run_due()
    assert (demand.state, world.city_editor.notices.filter(kind="demand_ended").count()) == ("expired", 1)


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Sao_Paulo", "Europe/Paris"])
def test_city_is_told_twice_in_the_last_month_though_the_timer_runs_every_day(world: World, zone: str) -> None:
    demand_in(world, zone, date(2026, 4, 10))
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)  # the clocks of Paris change within it
    for day in range(45):
        remind_of_expiring_demands(now=start + day * DAY)
        run_due()
    assert world.city_approver.notices.filter(kind="demand_expiring").count() == 2


@pytest.mark.parametrize("values", [{"state": "draft"}, {"state": "closed"}, {"expires_on": None}])
def test_nobody_is_told_of_what_does_not_end(world: World, values: dict[str, Any]) -> None:
    DemandFactory(body=world.city, **{"expires_on": date(2026, 4, 10), **values})
    assert remind_of_expiring_demands(now=datetime(2026, 4, 1, tzinfo=UTC)) == 0
