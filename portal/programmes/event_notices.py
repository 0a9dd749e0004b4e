"""What guests of events are told, with the calendar file."""

from collections.abc import Iterable

from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import notify, path_of
from portal.notices.enclosures import Enclosure, File, encloses
from portal.notices.models import Notice
from portal.programmes.calendar import CANCEL, REQUEST, calendar_of
from portal.programmes.models import (
    Event,
    Seat,
)
from portal.programmes.notices import pk_of


def _tell_guests(event: Event, seats: Iterable[Seat], kind: str, key: str) -> None:
    people = [seat.user for seat in seats if seat.user.is_active]
    notify(recipients=people, kind=kind, event=key, params={"event": original(event, "title")}, path=path_of(event))


def _seat(job: Job) -> Seat | None:
    return Seat.objects.select_related("event__programme", "user").filter(pk=pk_of(job)).first()


@handles("programmes.seat_taken", queue="default")
def seat_taken(job: Job) -> None:
    seat = _seat(job)
    if seat is not None and seat.state == job.payload["state"]:
        _tell_guests(seat.event, [seat], f"seat_{seat.state}", f"seat:{seat.pk}:{seat.state}:{job.payload['since']}")


@handles("programmes.seat_given_up", queue="default")
def seat_given_up(job: Job) -> None:
    seat = _seat(job)
    if seat is not None and seat.state == "cancelled":
        _tell_guests(seat.event, [seat], "seat_given_up", f"seat:{seat.pk}:cancelled:{job.payload['since']}")


@handles("programmes.event_near", queue="default")
def event_near(job: Job) -> None:
    seat = _seat(job)
    if seat is not None and seat.state == "registered" and seat.event.state == "planned":
        _tell_guests(seat.event, [seat], "event_near", f"near:{seat.pk}:{seat.event.starts_at:%Y%m%d%H%M}")


@handles("programmes.event_changed", queue="default")
def event_changed(job: Job) -> None:
    _tell_everybody(job, "event_changed", ("registered", "waiting"))


@handles("programmes.event_cancelled", queue="default")
def event_cancelled(job: Job) -> None:
    _tell_everybody(job, "event_cancelled", ("registered", "waiting"))


def _tell_everybody(job: Job, kind: str, states: tuple[str, ...]) -> None:
    event = Event.objects.select_related("programme").filter(pk=pk_of(job)).first()
    if event is not None:
        _tell_guests(event, event.seats.filter(state__in=states).select_related("user"), kind, f"job:{job.pk}")


METHODS = {"seat_given_up": CANCEL, "event_cancelled": CANCEL}


@encloses("seat_registered", "event_changed", "event_near", "event_cancelled", "seat_given_up")
def calendar_file(notice: Notice) -> Enclosure:
    """The event as it is now, for the reader's calendar; gone from it when the place or the event is."""
    public_id = notice.path.rstrip("/").rpartition("/")[2]
    event = Event.objects.select_related("programme").filter(public_id=public_id).first()
    if event is None:
        return Enclosure()
    method = METHODS.get(notice.kind, REQUEST)
    has_seat = event.seats.filter(user=notice.recipient, state="registered").exists()
    content = calendar_of(event, method=method, attendee=notice.recipient.email, with_link=has_seat)
    return Enclosure(
        paragraphs=(event.link,) if has_seat and event.link and method == REQUEST else (),
        files=(File(f"{event.public_id}.ics", content, f"text/calendar; method={method}; charset=utf-8"),),
    )
