"""Places, waiting lists, calendars and reminders."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from portal.common.errors import Conflict
from portal.jobs.tasks import run_due
from portal.programmes.event_actions import (
    cancel_event,
    edit_event,
    give_up_seat,
    mark_attendance,
    register_for_event,
    remind_of_events,
)
from portal.programmes.models import Event, Seat
from tests.concurrency import at_once, committed
from tests.factories import UserFactory
from tests.factories.programmes import EventFactory, SeatFactory, manager

__all__ = ["committed"]


def calendar_in(message: Any) -> Any:
    [part] = [content for _name, content, kind in message.attachments if kind.startswith("text/calendar")]
    calendar = Calendar.from_ical(part)
    [entry] = calendar.walk("VEVENT")
    return calendar, entry


@pytest.mark.django_db
def test_registered_guest_gets_a_calendar_file_with_the_link() -> None:
    event = EventFactory(link="https://meet.example/room", zone="Asia/Seoul")
    guest = UserFactory(language="ko")
    register_for_event(by=guest, event=event)
    run_due()
    calendar, entry = calendar_in(mail.outbox[0])
    assert (str(calendar["METHOD"]), int(entry["SEQUENCE"])) == ("REQUEST", 0)
    assert entry["DTSTART"].dt == event.starts_at.replace(microsecond=0)
    assert "https://meet.example/room" in entry["DESCRIPTION"]


@pytest.mark.django_db
def test_time_in_the_calendar_is_the_moment_on_both_sides_of_a_change_of_clocks() -> None:
    starts = datetime(2026, 3, 29, 13, 0, tzinfo=UTC)
    event = EventFactory(starts_at=starts, ends_at=starts + timedelta(hours=1), zone="Europe/Berlin")
    assert f"{event.wall:%H:%M}" == "15:00"


@pytest.mark.django_db
def test_link_is_for_guests_only(client_of: Any) -> None:
    event, guest = EventFactory(link="https://meet.example/room"), UserFactory()
    paths = [f"/en/events/{event.public_id}/", f"/en/events/{event.public_id}/event.ics"]
    assert not any("meet.example" in client_of(guest).get(path).content.decode() for path in paths)
    SeatFactory(event=event, user=guest)
    assert all("meet.example" in client_of(guest).get(path).content.decode() for path in paths)


@pytest.mark.django_db
def test_full_event_has_a_waiting_list_in_the_order_of_coming() -> None:
    event = EventFactory(capacity=1)
    guests = [UserFactory() for _number in range(3)]
    assert [register_for_event(by=guest, event=event).state for guest in guests] == ["registered", "waiting", "waiting"]
    give_up_seat(by=guests[0], event=event)
    states = [Seat.objects.get(event=event, user=guest).state for guest in guests]
    assert states == ["cancelled", "registered", "waiting"]
    run_due()
    assert guests[1].notices.filter(kind="seat_registered").count() == 1


@pytest.mark.django_db
def test_more_places_let_the_next_in() -> None:
    event = EventFactory(capacity=1)
    for _number in range(3):
        register_for_event(by=UserFactory(), event=event)
    edit_event(by=manager(), event=event, texts={}, facts={"capacity": 2})
    assert Seat.objects.filter(state="registered").count() == 2


def test_last_place_goes_to_one_of_two_who_come_at_once(committed: None) -> None:
    event, first, second = EventFactory(capacity=1), UserFactory(), UserFactory()
    seats = at_once(
        [lambda: register_for_event(by=first, event=event), lambda: register_for_event(by=second, event=event)]
    )
    assert sorted(seat.state for seat in seats) == ["registered", "waiting"]


@pytest.mark.django_db
def test_registering_twice_is_one_place() -> None:
    event, guest = EventFactory(), UserFactory()
    assert register_for_event(by=guest, event=event) == register_for_event(by=guest, event=event)


@pytest.mark.django_db
def test_another_time_is_told_and_replaces_what_calendars_have() -> None:
    event, guest = EventFactory(), UserFactory()
    SeatFactory(event=event, user=guest)
    later = event.starts_at + timedelta(days=1)
    edit_event(by=manager(), event=event, texts={}, facts={"starts_at": later, "ends_at": later + timedelta(hours=1)})
    run_due()
    calendar, entry = calendar_in(mail.outbox[0])
    assert (str(calendar["METHOD"]), int(entry["SEQUENCE"])) == ("REQUEST", 1)


@pytest.mark.django_db
def test_cancelled_event_leaves_the_calendars_and_takes_nobody() -> None:
    event, guest = EventFactory(), UserFactory()
    SeatFactory(event=event, user=guest)
    cancel_event(by=manager(), event=event)
    run_due()
    calendar, entry = calendar_in(mail.outbox[0])
    assert (str(calendar["METHOD"]), str(entry["STATUS"])) == ("CANCEL", "CANCELLED")
    with pytest.raises(Conflict):
        register_for_event(by=UserFactory(), event=event)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Sao_Paulo", "Europe/Berlin"])
def test_guests_are_reminded_once_in_the_day_before(clock: Any, zone: str) -> None:
    starts = clock("2026-03-29 15:00", zone)
    guest = UserFactory()
    event = EventFactory(starts_at=starts, ends_at=starts + timedelta(hours=1), zone=zone)
    SeatFactory(event=event, user=guest, since=starts - timedelta(days=9))
    clock("2026-03-28 13:00", zone)
    assert remind_of_events() == 0
    clock("2026-03-28 17:00", zone)
    assert [remind_of_events(), remind_of_events()] == [1, 0]
    run_due()
    assert guest.notices.filter(kind="event_near").count() == 1


@pytest.mark.django_db
def test_attendance_is_noted_after_it_has_begun() -> None:
    event = EventFactory(starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=1))
    here, away = SeatFactory(event=event), SeatFactory(event=event)
    assert mark_attendance(by=manager(), event=event, present={here.pk}) == 1
    assert (Seat.objects.get(pk=here.pk).attended, Seat.objects.get(pk=away.pk).attended) == (True, False)


@pytest.mark.django_db
def test_attendance_is_not_noted_before() -> None:
    with pytest.raises(Conflict):
        mark_attendance(by=manager(), event=EventFactory(), present=set())


@pytest.mark.django_db
def test_programmes_calendar_holds_all_its_events(client: Any) -> None:
    event = EventFactory()
    EventFactory(programme=event.programme)
    found = Calendar.from_ical(client.get(f"/en/programmes/{event.programme.public_id}/events.ics").content)
    assert len(found.walk("VEVENT")) == Event.objects.count() == 2
