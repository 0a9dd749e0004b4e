"""The clock of a request for advice is the expert's own."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from matching.experts.due_actions import look_after_advice
from matching.experts.models import Advice
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.factories import AdviceFactory

pytestmark = pytest.mark.django_db


def asked(zone: str, due_on: str) -> Advice:
    advice: Advice = AdviceFactory(due_on=date.fromisoformat(due_on))
    user = advice.expert.user
    user.time_zone = zone
    user.save(update_fields=["time_zone"])
    Advice.objects.filter(pk=advice.pk).update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    return advice


def at(wall: str, zone: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone))


def kinds(user: Any) -> list[str]:
    run_due()
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("zone", "due_on", "too_early", "in_time"),
    [
        ("Asia/Seoul", "2026-06-12", "2026-06-09 23:59", "2026-06-10 00:01"),
        ("America/Sao_Paulo", "2026-06-12", "2026-06-09 23:59", "2026-06-10 00:01"),
        ("Europe/Berlin", "2026-03-31", "2026-03-28 23:59", "2026-03-29 00:01"),
    ],
)
def test_expert_is_reminded_once_two_days_before_on_their_own_calendar(
    zone: str, due_on: str, too_early: str, in_time: str
) -> None:
    advice = asked(zone, due_on)
    assert look_after_advice(now=at(too_early, zone)) == (0, 0)
    for _time in range(2):
        assert look_after_advice(now=at(in_time, zone)) == (1, 0)
    assert kinds(advice.expert.user) == ["advice_asked"]


def test_what_was_asked_just_now_is_not_reminded_of() -> None:
    advice = asked("Asia/Seoul", "2026-06-12")
    Advice.objects.filter(pk=advice.pk).update(created_at=at("2026-06-10 09:00", "Asia/Seoul"))
    assert look_after_advice(now=at("2026-06-11 09:00", "Asia/Seoul")) == (0, 0)


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Sao_Paulo", "Europe/Berlin"])
def test_what_nobody_answered_is_given_back_after_two_weeks(zone: str) -> None:
    advice = asked(zone, "2026-10-12")
    assert look_after_advice(now=at("2026-10-26 23:59", zone)) == (0, 0)
    assert look_after_advice(now=at("2026-10-27 00:01", zone)) == (0, 1)
    advice.refresh_from_db()
    assert advice.state == "declined"
    assert kinds(advice.asked_by) == ["advice_declined"]
    assert kinds(advice.expert.user) == ["advice_withdrawn"]
    assert look_after_advice(now=at("2026-10-27 00:02", zone)) == (0, 0)
