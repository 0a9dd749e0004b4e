"""Every write to events and to who comes to them."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, NotAllowed
from portal.jobs.actions import enqueue
from portal.programmes.enums import EventState, SeatState
from portal.programmes.models import Event, Programme, Seat
from portal.programmes.programme_actions import require_manager
from portal.programmes.states import EVENT, PUBLIC, SEAT
from portal.programmes.texts import put_changes, put_texts

FACTS = frozenset({"starts_at", "ends_at", "zone", "place", "link", "languages", "capacity"})
# A change of these is news to whoever has the event in a calendar.
NEWS = frozenset({"starts_at", "ends_at", "zone", "place", "link"})
REMIND_BEFORE = timedelta(hours=24)


@transaction.atomic
def create_event(*, by: User, programme: Programme, texts: dict[str, str], facts: dict[str, Any]) -> Event:
    require_manager(by)
    event = Event(programme=programme, **facts)
    put_texts(event, texts)
    event.save(force_insert=True)
    record(by=by, action="event.create", subject=event, after={"programme": programme.pk})
    return event


@transaction.atomic
def edit_event(*, by: User, event: Event, texts: dict[str, str], facts: dict[str, Any]) -> Event:
    """More places let the next on the waiting list in; another time or place is told to everybody registered."""
    require_manager(by)
    row = _locked(event)
    if row.state != EventState.PLANNED:
        raise Conflict(_("The event was cancelled. Make a new one if it takes place after all."))
    before, changed = put_changes(row, {name: facts[name] for name in FACTS & facts.keys()}, texts)
    row.sequence += bool(changed)
    row.save(update_fields=[*changed, "translations", "sequence", "updated_at"])
    record(by=by, action="event.edit", subject=row, before=before, after=changed)
    if NEWS & set(changed):
        enqueue(kind="programmes.event_changed", subject=f"event:{row.pk}", payload={"sequence": row.sequence})
        Seat.objects.filter(event=row).update(reminded_at=None)
    _fill(row)
    return row


@transaction.atomic
def cancel_event(*, by: User, event: Event) -> Event:
    require_manager(by)
    row = _locked(event)
    moved = transition(row, "cancel", table=EVENT, by=by, changes={"sequence": row.sequence + 1})
    enqueue(kind="programmes.event_cancelled", subject=f"event:{moved.pk}")
    return moved


@transaction.atomic
def register_for_event(*, by: User, event: Event) -> Seat:
    """A place, or one on the waiting list when all are taken. Who is in already stays where they are."""
    row = _locked(event)
    if row.programme.state not in PUBLIC or row.state != EventState.PLANNED:
        raise Conflict(_("Nobody can register for this event."))
    if row.starts_at <= timezone.now():
        raise Conflict(_("The event has begun already."))
    seat = Seat.objects.filter(event=row, user=by).first()
    if seat is not None and seat.state != SeatState.CANCELLED:
        return seat
    state = SeatState.REGISTERED if has_room(row) else SeatState.WAITING
    if seat is None:
        seat = Seat(event=row, user=by, since=timezone.now(), state=state)
        seat.save(force_insert=True)
        record(by=by, action="seat.take" if state == SeatState.REGISTERED else "seat.wait", subject=seat)
    else:
        move = "take" if state == SeatState.REGISTERED else "wait"
        seat = transition(seat, move, table=SEAT, by=by, changes={"since": timezone.now(), "reminded_at": None})
    _tell(seat)
    return seat


@transaction.atomic
def give_up_seat(*, by: User, event: Event) -> Seat:
    """The place goes to whoever waits longest."""
    row = _locked(event)
    seat = Seat.objects.filter(event=row, user=by).first()
    if seat is None:
        raise NotAllowed
    seat = transition(seat, "give_up", table=SEAT, by=by)
    enqueue(kind="programmes.seat_given_up", subject=f"seat:{seat.pk}", payload={"since": seat.since.isoformat()})
    _fill(row)
    return seat


def has_room(event: Event) -> bool:
    taken = Seat.objects.filter(event=event, state=SeatState.REGISTERED).count()
    return event.capacity is None or taken < event.capacity


def _fill(event: Event) -> None:
    """Under the event's lock: nobody is let in twice, and nobody overtakes."""
    while has_room(event):
        waiting = Seat.objects.filter(event=event, state=SeatState.WAITING).order_by("since", "pk").first()
        if waiting is None:
            return
        _tell(transition(waiting, "take", table=SEAT, by="system"))


def _tell(seat: Seat) -> None:
    enqueue(
        kind="programmes.seat_taken",
        subject=f"seat:{seat.pk}",
        payload={"state": str(seat.state), "since": seat.since.isoformat()},
    )


def _locked(event: Event) -> Event:
    return Event.objects.select_for_update(of=("self",), no_key=True).select_related("programme").get(pk=event.pk)


@transaction.atomic
def mark_attendance(*, by: User, event: Event, present: set[int]) -> int:
    """Of those registered, who came: keys of seats. Returns how many."""
    require_manager(by)
    if event.starts_at > timezone.now():
        raise Conflict(_("The event has not begun yet."))
    registered = Seat.objects.filter(event=event, state=SeatState.REGISTERED)
    registered.exclude(pk__in=present).update(attended=False)
    came = registered.filter(pk__in=present).update(attended=True)
    record(by=by, action="event.attendance", subject=event, after={"came": came})
    return came


@transaction.atomic
def remind_of_events() -> int:
    """Everybody registered, once, in the day before it begins. Returns how many."""
    now = timezone.now()
    due = Seat.objects.filter(
        state=SeatState.REGISTERED, reminded_at=None, event__state=EventState.PLANNED,
        event__starts_at__gt=now, event__starts_at__lte=now + REMIND_BEFORE,
    )  # fmt: skip
    # Who registered within the last day has just had the mail with the calendar file.
    keys = list(due.filter(since__lt=now - timedelta(hours=2)).values_list("pk", flat=True))
    for pk in keys:
        enqueue(kind="programmes.event_near", subject=f"seat:{pk}")
    Seat.objects.filter(pk__in=keys).update(reminded_at=now)
    return len(keys)
