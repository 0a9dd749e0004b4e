"""A deadline is one moment for everybody, also where clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.programmes.deadlines import ANYWHERE, NoSuchTime, is_over, moment, wall

DAY, LAST = date(2026, 6, 30), time(23, 59)


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        (ANYWHERE, "2026-07-01 11:59"),
        ("Asia/Seoul", "2026-06-30 14:59"),
        ("America/Sao_Paulo", "2026-07-01 02:59"),
        ("UTC", "2026-06-30 23:59"),
    ],
)
def test_named_minute_is_the_moment_it_is_in_its_zone(zone: str, utc: str) -> None:
    assert moment(DAY, LAST, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", [ANYWHERE, "Asia/Seoul", "America/Sao_Paulo", "Europe/Berlin"])
def test_minute_named_counts_in_full_and_then_there_is_no_grace(zone: str) -> None:
    deadline = moment(DAY, LAST, zone)
    assert not is_over(deadline, deadline + timedelta(seconds=59, microseconds=999_999))
    assert is_over(deadline, deadline + timedelta(minutes=1))


@pytest.mark.parametrize("zone", [ANYWHERE, "Asia/Seoul", "America/Sao_Paulo", "Europe/Berlin"])
def test_wall_reads_as_it_was_written(zone: str) -> None:
    assert wall(moment(DAY, LAST, zone), zone).replace(tzinfo=None) == datetime.combine(DAY, LAST)


def test_hour_that_clocks_skip_is_refused() -> None:
    with pytest.raises(NoSuchTime):
        moment(date(2026, 3, 29), time(2, 30), "Europe/Berlin")


def test_hour_that_comes_twice_is_its_second_coming() -> None:
    assert moment(date(2026, 10, 25), time(2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_day_of_the_change_keeps_the_wall_clock() -> None:
    before = moment(date(2026, 3, 28), LAST, "Europe/Berlin")
    after = moment(date(2026, 3, 29), LAST, "Europe/Berlin")
    assert after - before == timedelta(hours=23)
