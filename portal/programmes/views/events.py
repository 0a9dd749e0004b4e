"""Events: what, when, and a place for whoever wants one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from portal.programmes.calendar import calendar_of
from portal.programmes.enums import EventState, SeatState
from portal.programmes.event_actions import give_up_seat, register_for_event
from portal.programmes.models import Event, Seat
from portal.programmes.rules import reads_workspace
from portal.programmes.views.answering import said
from portal.programmes.views.public import ics


def readable_event(request: HttpRequest, public_id: str) -> Event:
    events = Event.objects.visible_to(request.user).with_seats().select_related("programme")
    found: Event = get_object_or_404(events, public_id=public_id)
    return found


def _seat(request: HttpRequest, event: Event) -> Seat | None:
    if not request.user.is_authenticated:
        return None
    return Seat.objects.filter(event=event, user=request.user).first()


@require_safe
def event_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    event = readable_event(request, public_id)
    seat, now = _seat(request, event), timezone.now()
    has_seat = seat is not None and seat.state != SeatState.CANCELLED
    context = {
        "event": event,
        "programme": event.programme,
        "seat": seat,
        "seat_state": SeatState(seat.state) if seat is not None and has_seat else None,
        "is_in": seat is not None and seat.state == SeatState.REGISTERED,
        "free": None if event.capacity is None else max(0, event.capacity - event.taken),
        "can_register": event.state == EventState.PLANNED and event.starts_at > now and not has_seat,
        "can_leave": has_seat and event.starts_at > now,
        "manages": reads_workspace(request.user),
    }
    return render(request, "programmes/event_detail.html", context)


@require_safe
def event_calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    event = readable_event(request, public_id)
    seat = _seat(request, event)
    has_seat = seat is not None and seat.state == SeatState.REGISTERED
    return ics(calendar_of(event, with_link=has_seat), event.public_id)


@login_required
@require_POST
def event_register(request: HttpRequest, public_id: str) -> HttpResponse:
    event = readable_event(request, public_id)
    seat = register_for_event(by=request.user, event=event)
    if seat.state == SeatState.REGISTERED:
        said(request, gettext("You have a place. A mail with the calendar file is on its way."))
    else:
        said(request, gettext("All places are taken. You are on the waiting list and get a mail when one is free."))
    return redirect(event)


@login_required
@require_POST
def event_leave(request: HttpRequest, public_id: str) -> HttpResponse:
    event = readable_event(request, public_id)
    give_up_seat(by=request.user, event=event)
    said(request, gettext("Your registration is cancelled. The place goes to the next on the waiting list."))
    return redirect(event)
