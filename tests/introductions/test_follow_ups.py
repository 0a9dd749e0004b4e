"""Timers with a moved clock: follow-ups at 3, 6, 12 and 24 months, reminders, contradictions, silence."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from cities.models import City
from matching.actions import post_message, record_outcome
from matching.introductions.follow_up_actions import (
    answer_follow_up,
    ask_follow_ups,
    asked_by,
    follow_up_token,
    months_after,
    remind_of_follow_ups,
    settle_follow_up,
)
from matching.introductions.models import FollowUp, FollowUpAnswer
from matching.introductions.stall_actions import stall_silent
from matching.introductions.tasks import tend_introductions
from matching.models import Introduction, Match
from portal.common.errors import Conflict, DomainError
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.introductions.conftest import Invited

pytestmark = pytest.mark.django_db


def began(introduction: Introduction, at: datetime) -> Introduction:
    Introduction.objects.filter(pk=introduction.pk).update(introduced_at=at)
    introduction.refresh_from_db()
    return introduction


@pytest.fixture
def old(introduction: Introduction) -> Introduction:
    return began(introduction, datetime(2026, 1, 31, 12, 0, tzinfo=ZoneInfo("UTC")))


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 6, date(2026, 7, 31)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 4, 30), -3, date(2026, 1, 30)),
    ],
)
def test_months_are_counted_by_the_calendar(start: date, months: int, then: date) -> None:
    assert months_after(start, months) == then


@pytest.mark.parametrize(
    ("today", "months"),
    [(date(2026, 4, 29), None), (date(2026, 4, 30), 3), (date(2026, 7, 31), 6), (date(2027, 1, 31), 12),
     (date(2028, 1, 31), 24), (date(2031, 1, 1), 24)],
)  # fmt: skip
def test_follow_ups_fall_due(old: Introduction, today: date, months: int | None) -> None:
    ask_follow_ups(today=today)
    assert list(FollowUp.objects.values_list("months", flat=True)) == ([] if months is None else [months])


def test_a_follow_up_is_asked_once(old: Introduction) -> None:
    assert [ask_follow_ups(today=date(2026, 5, 1)), ask_follow_ups(today=date(2026, 5, 2))] == [1, 0]


def test_what_has_ended_is_not_asked_about(old: Introduction, invited: Invited) -> None:
    record_outcome(by=invited.city_approver, introduction=old, move="drop", reason="no_funding")
    assert ask_follow_ups(today=date(2026, 5, 1)) == 0


# Late on 31 January by the city's own clock: another day in UTC in the west, and clocks change in spring in Madrid.
@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Sao_Paulo", "Europe/Madrid", "Pacific/Auckland"])
def test_months_count_on_the_citys_own_calendar(introduction: Introduction, invited: Invited, zone: str) -> None:
    City.objects.filter(pk=invited.demand.city_id).update(time_zone=zone)
    began(introduction, datetime(2026, 1, 31, 23, 30, tzinfo=ZoneInfo(zone)))
    for day in (date(2026, 4, 29), date(2026, 4, 30), date(2026, 7, 30), date(2026, 7, 31), date(2027, 1, 31)):
        ask_follow_ups(today=day)
        ask_follow_ups(today=day)
    assert list(FollowUp.objects.values_list("months", "due_on")) == [
        (3, date(2026, 4, 30)), (6, date(2026, 7, 31)), (12, date(2027, 1, 31)),
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Sao_Paulo", "Europe/Madrid"])
def test_silence_is_measured_alike_in_every_zone_and_over_a_change_of_clocks(
    introduction: Introduction, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    start = datetime(2026, 3, 10, 12, 0, tzinfo=ZoneInfo("UTC"))
    began(introduction, start)
    Match.objects.filter(pk=introduction.match_id).update(state_since=start)
    with timezone.override(zone):
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=30))
        assert stall_silent() == 0
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=30, seconds=1))
        assert stall_silent() == 1


def asked(old: Introduction) -> FollowUp:
    ask_follow_ups(today=date(2026, 5, 1))
    run_due()
    return FollowUp.objects.with_records().get()


def test_both_who_consented_are_asked_by_a_link_of_their_own(old: Introduction, invited: Invited) -> None:
    mail.outbox.clear()
    asked(old)
    sent = {one.to[0]: one.body for one in mail.outbox}
    assert set(sent) == {invited.city_approver.email, invited.provider_approver.email}
    assert len({body.split("/follow-up/")[1].split("/")[0] for body in sent.values()}) == 2


def link(row: FollowUp, side: str, person: Any) -> str:
    return f"/en/follow-up/{follow_up_token(row, side, person)}/"


def test_opening_the_link_changes_nothing(old: Introduction, invited: Invited, client: Any) -> None:
    page = client.get(link(asked(old), "city", invited.city_approver))
    assert page.status_code == 200
    assert not FollowUpAnswer.objects.exists()


def test_three_answers_without_an_account(old: Introduction, invited: Invited, client: Any) -> None:
    values = {"stage": "pilot", "reached": "partly", "words": "It works."}
    assert client.post(link(asked(old), "city", invited.city_approver), values).status_code == 200
    answer = FollowUpAnswer.objects.get()
    assert (answer.side, answer.stage, answer.reached, answer.by) == ("city", "pilot", "partly", invited.city_approver)


def test_an_answer_can_be_corrected(old: Introduction, invited: Invited, client: Any) -> None:
    path = link(asked(old), "city", invited.city_approver)
    for stage in ("pilot", "contract"):
        client.post(path, {"stage": stage, "reached": "yes", "words": ""})
    assert FollowUpAnswer.objects.get().stage == "contract"


def test_a_broken_link_says_what_to_do(client: Any) -> None:
    page = client.get("/en/follow-up/nonsense/")
    assert page.status_code == 404
    assert "Sign in" in page.content.decode()


def test_the_link_of_somebody_who_left_does_not_work(old: Introduction, invited: Invited) -> None:
    token = follow_up_token(asked(old), "city", invited.city_approver)
    invited.city_approver.membership_set.all().delete()
    assert asked_by(token) is None


def give(row: FollowUp, invited: Invited, side: str, stage: str, reached: str = "too_early") -> None:
    person = invited.city_approver if side == "city" else invited.provider_approver
    found = asked_by(follow_up_token(row, side, person))
    assert found is not None
    answer_follow_up(asked=found, stage=stage, reached=reached, words="", language="en")


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        (("talking", "too_early"), ("contract", "too_early"), True),
        (("pilot", "yes"), ("pilot", "no"), True),
        (("pilot", "yes"), ("pilot", "partly"), False),
        (("ended", "no"), ("ended", "too_early"), False),
    ],
)
def test_contradictions_reach_the_moderators(
    old: Introduction, invited: Invited, first: Any, second: Any, differ: bool
) -> None:
    row = asked(old)
    give(row, invited, "city", *first)
    give(row, invited, "provider", *second)
    run_due()
    assert list(FollowUp.objects.in_conflict()) == ([row] if differ else [])
    assert Notice.objects.filter(kind="follow_up_conflict").exists() == differ


def test_a_contradiction_is_settled_once(old: Introduction, invited: Invited) -> None:
    row = asked(old)
    give(row, invited, "city", "talking")
    give(row, invited, "provider", "contract")
    settle_follow_up(by=invited.moderator, follow_up=row, note="The contract is with the utility.")
    with pytest.raises(Conflict):
        settle_follow_up(by=invited.moderator, follow_up=row, note="Again")
    with pytest.raises(DomainError, match="closed"):
        give(row, invited, "city", "contract")
    assert not FollowUp.objects.in_conflict().exists()


def test_only_who_has_not_answered_is_reminded_and_once(old: Introduction, invited: Invited) -> None:
    row = asked(old)
    give(row, invited, "city", "pilot")
    mail.outbox.clear()
    later = timezone.localdate() + timedelta(days=14)
    assert [remind_of_follow_ups(today=later), remind_of_follow_ups(today=later + timedelta(days=1))] == [1, 0]
    run_due()
    assert [one.to[0] for one in mail.outbox] == [invited.provider_approver.email]


def test_nobody_is_reminded_before_a_fortnight(old: Introduction) -> None:
    asked(old)
    assert remind_of_follow_ups(today=timezone.localdate() + timedelta(days=13)) == 0


def test_thirty_days_of_silence_stall_an_introduction(introduction: Introduction, invited: Invited) -> None:
    assert stall_silent(now=timezone.now() + timedelta(days=29)) == 0
    assert stall_silent(now=timezone.now() + timedelta(days=31)) == 1
    run_due()
    introduction.match.refresh_from_db()
    assert introduction.match.state == "stalled"
    told = set(Notice.objects.filter(kind="match_stalled").values_list("recipient", flat=True))
    assert {invited.city_approver.pk, invited.provider_approver.pk} <= told


def test_a_message_is_a_sign(introduction: Introduction, invited: Invited, monkeypatch: pytest.MonkeyPatch) -> None:
    start = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(days=20))
    post_message(by=invited.city_editor, introduction=introduction, body="Here we are.", language="en")
    monkeypatch.undo()
    assert stall_silent(now=start + timedelta(days=31)) == 0


def test_a_message_starts_a_stalled_dialogue_again(introduction: Introduction, invited: Invited) -> None:
    stall_silent(now=timezone.now() + timedelta(days=31))
    post_message(by=invited.provider_editor, introduction=introduction, body="Sorry.", language="en")
    introduction.match.refresh_from_db()
    assert introduction.match.state == "dialogue"


def test_the_timer_does_all_of_it(old: Introduction) -> None:
    tend_introductions()
    assert FollowUp.objects.exists()
