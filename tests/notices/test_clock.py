"""When a mail may go, on the clocks of Seoul, São Paulo and of places that change theirs twice a year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.notices.clock import is_quiet, last_morning, quiet_until, zone_of

NIGHT = (time(22), time(7))


def at(wall: str, zone: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("hour", "expected"), [(21, False), (22, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_quiet_hours_over_midnight_hold_on_both_sides_of_it(hour: int, expected: bool) -> None:
    assert is_quiet(time(hour), *NIGHT) is expected


@pytest.mark.parametrize(("hour", "expected"), [(11, False), (12, True), (13, True), (14, False)])
def test_quiet_hours_within_a_day_hold_between_their_ends(hour: int, expected: bool) -> None:
    assert is_quiet(time(hour), time(12), time(14)) is expected


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("Asia/Seoul", "2026-06-10 23:15", "2026-06-11 07:00"),
        ("Asia/Seoul", "2026-06-11 06:59", "2026-06-11 07:00"),
        ("America/Sao_Paulo", "2026-06-10 22:00", "2026-06-11 07:00"),
        # The night on which clocks go forward is an hour shorter, the one on which they go back an hour longer.
        ("Europe/Berlin", "2026-03-28 23:00", "2026-03-29 07:00"),
        ("Europe/Berlin", "2026-10-24 23:00", "2026-10-25 07:00"),
        ("America/Santiago", "2026-04-04 23:30", "2026-04-05 07:00"),
    ],
)
def test_quiet_night_ends_at_the_hour_named_on_the_readers_clock(zone: str, now: str, until: str) -> None:
    assert quiet_until(at(now, zone), ZoneInfo(zone), *NIGHT) == at(until, zone)


def test_night_of_the_change_is_an_hour_shorter() -> None:
    now = at("2026-03-28 23:00", "Europe/Berlin")
    assert quiet_until(now, ZoneInfo("Europe/Berlin"), *NIGHT) - now == timedelta(hours=7)  # type: ignore[operator]


def test_outside_of_quiet_hours_nothing_waits() -> None:
    assert quiet_until(at("2026-06-10 12:00", "Asia/Seoul"), ZoneInfo("Asia/Seoul"), *NIGHT) is None


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Sao_Paulo", "Europe/Berlin", "Pacific/Kiritimati"])
def test_daily_digest_is_due_from_eight_on_the_readers_clock(zone: str) -> None:
    assert last_morning(at("2026-03-29 07:59", zone), ZoneInfo(zone), "daily") is None
    assert last_morning(at("2026-03-29 08:00", zone), ZoneInfo(zone), "daily") == at("2026-03-29 08:00", zone)
    assert last_morning(at("2026-03-29 23:00", zone), ZoneInfo(zone), "daily") == at("2026-03-29 08:00", zone)


def test_days_of_the_change_are_a_day_apart_on_the_wall_clock() -> None:
    """From Saturday to Sunday only 23 hours pass in Berlin; the digest comes at eight all the same."""
    zone = ZoneInfo("Europe/Berlin")
    before = last_morning(at("2026-03-28 09:00", "Europe/Berlin"), zone, "daily")
    after = last_morning(at("2026-03-29 09:00", "Europe/Berlin"), zone, "daily")
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=23)  # type: ignore[union-attr]


def test_weekly_digest_holds_what_is_older_than_monday_morning() -> None:
    zone = ZoneInfo("Asia/Seoul")
    monday = at("2026-11-23 08:00", "Asia/Seoul")
    assert last_morning(at("2026-11-25 10:00", "Asia/Seoul"), zone, "weekly") == monday
    assert last_morning(at("2026-11-29 10:00", "Asia/Seoul"), zone, "weekly") == monday


def test_unknown_zone_counts_as_utc() -> None:
    assert zone_of("Mars/Olympus") == ZoneInfo("UTC")
