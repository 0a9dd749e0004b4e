"""Meetings across zones and clock changes, and the files calendars get."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation
from icalendar import Calendar

from matching.introductions.meeting_actions import cancel_meeting, choose_time, moment, move_meeting, propose_meeting
from matching.introductions.models import Meeting
from matching.introductions.times import in_words
from matching.models import Introduction
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.tasks import run_due
from tests.introductions.conftest import Invited

pytestmark = pytest.mark.django_db
SOON = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=20)


def local(*parts: int) -> datetime:
    """A time on a wall, in no zone."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc]


def propose(invited: Invited, introduction: Introduction, *, by: str = "provider_editor", count: int = 2) -> Meeting:
    return propose_meeting(
        by=invited.world.users[by], introduction=introduction, subject="First talk", place="https://meet.example/1",
        minutes=45, zone="Asia/Seoul", times=[SOON + timedelta(days=day) for day in range(count)],
    )  # fmt: skip


def agree(invited: Invited, introduction: Introduction) -> Meeting:
    meeting = propose(invited, introduction)
    return choose_time(by=invited.city_editor, meeting=meeting, starts_at=SOON)


def calendars() -> list[tuple[str, Any, str]]:
    """(recipient, event, method) of every mail that carries a calendar file."""
    found = []
    for letter in mail.outbox:
        for name, content, kind in letter.attachments:
            assert name == "meeting.ics"
            calendar = Calendar.from_ical(content)
            assert f"method={calendar['method']}" in kind
            found.append((letter.to[0], calendar.walk("VEVENT")[0], str(calendar["method"])))
    return found


def test_the_other_side_picks_a_time_and_both_get_it(introduction: Introduction, invited: Invited) -> None:
    mail.outbox.clear()
    meeting = agree(invited, introduction)
    run_due()
    found = calendars()
    assert {invited.city_approver.email, invited.provider_approver.email} <= {to for to, _event, _method in found}
    for to, event, method in found:
        assert (method, event["sequence"], event["status"]) == ("REQUEST", 1, "CONFIRMED")
        assert event.decoded("dtstart") == SOON.astimezone(UTC)
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=45)
        assert event["attendee"] == f"mailto:{to}"
        assert meeting.public_id in event["uid"]


def test_a_move_and_a_cancellation_count_up(introduction: Introduction, invited: Invited) -> None:
    meeting = agree(invited, introduction)
    later = SOON + timedelta(days=9)
    meeting = move_meeting(by=invited.city_editor, meeting=meeting, zone="UTC", times=[later], note="Holiday")
    meeting = choose_time(by=invited.provider_admin, meeting=meeting, starts_at=later)
    run_due()
    mail.outbox.clear()
    meeting = cancel_meeting(by=invited.provider_admin, meeting=meeting)
    run_due()
    _to, event, method = calendars()[0]
    assert (method, event["sequence"], event["status"]) == ("CANCEL", 3, "CANCELLED")
    assert (meeting.state, meeting.sequence) == ("cancelled", 3)


def test_who_proposed_does_not_pick(introduction: Introduction, invited: Invited) -> None:
    meeting = propose(invited, introduction)
    with pytest.raises(NotAllowed):
        choose_time(by=invited.provider_admin, meeting=meeting, starts_at=SOON)


def test_a_time_that_was_not_proposed_is_refused(introduction: Introduction, invited: Invited) -> None:
    with pytest.raises(Conflict):
        choose_time(by=invited.city_editor, meeting=propose(invited, introduction), starts_at=SOON + timedelta(hours=1))


def test_a_second_choice_is_refused(introduction: Introduction, invited: Invited) -> None:
    meeting = agree(invited, introduction)
    with pytest.raises(Conflict):
        choose_time(by=invited.city_admin, meeting=meeting, starts_at=SOON + timedelta(days=1))


@pytest.mark.parametrize("count", [0, 6])
def test_one_to_five_times_are_proposed(introduction: Introduction, invited: Invited, count: int) -> None:
    with pytest.raises(Incomplete, match="one to five"):
        propose(invited, introduction, count=count)


def test_a_time_that_has_passed_is_refused(introduction: Introduction, invited: Invited) -> None:
    with pytest.raises(Incomplete, match="passed"):
        propose_meeting(
            by=invited.city_editor, introduction=introduction, subject="x", place="y", minutes=30, zone="UTC",
            times=[timezone.now() - timedelta(minutes=1)],
        )  # fmt: skip


@pytest.mark.parametrize("person", ["other_city_admin", "other_provider_admin", "newcomer", "neutrality"])
def test_nobody_else_proposes(introduction: Introduction, invited: Invited, person: str) -> None:
    with pytest.raises(DomainError):
        propose(invited, introduction, by=person)


@pytest.mark.parametrize(
    ("wall", "zone", "found"),
    [
        (local(2026, 7, 1, 9, 0), "Asia/Seoul", datetime(2026, 7, 1, 0, 0, tzinfo=UTC)),
        (local(2026, 3, 28, 9, 0), "Europe/Madrid", datetime(2026, 3, 28, 8, 0, tzinfo=UTC)),
        (local(2026, 3, 29, 9, 0), "Europe/Madrid", datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        (local(2026, 10, 25, 2, 30), "Europe/Madrid", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (local(2026, 2, 1, 9, 0), "America/Sao_Paulo", datetime(2026, 2, 1, 12, 0, tzinfo=UTC)),
    ],
)
def test_wall_clock_times_are_read_in_their_zone(wall: datetime, zone: str, found: datetime) -> None:
    assert moment(wall, zone) == found


def test_an_hour_that_the_clocks_leave_out_is_refused() -> None:
    with pytest.raises(Incomplete, match="does not exist in Europe/Madrid"):
        moment(local(2026, 3, 29, 2, 30), "Europe/Madrid")


def test_times_are_shown_in_both_zones_with_their_offsets() -> None:
    at = datetime(2026, 3, 29, 7, 0, tzinfo=UTC)
    with timezone.override("Asia/Seoul"):
        assert in_words(at, "Europe/Madrid", "Asia/Seoul") == (
            "Sunday, 29 March 2026, 16:00 (Asia/Seoul, UTC+9);"
            " that is Sunday, 29 March 2026, 09:00 (Europe/Madrid, UTC+2)"
        )


def test_a_zone_with_the_same_clock_is_not_repeated() -> None:
    with timezone.override("Europe/Paris"), translation.override("fr"):
        assert in_words(datetime(2026, 3, 29, 7, 0, tzinfo=UTC), "Europe/Madrid").count("UTC") == 1
