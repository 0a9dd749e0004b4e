"""Events as iCalendar, for calendars to show in their owners' own time."""

from django.conf import settings
from django.utils import timezone
from icalendar import Event as Entry

from portal.common.calendars import CANCEL, PUBLISH, REQUEST, calendar_with, entry, invite
from portal.common.translated import shown
from portal.programmes.enums import EventState
from portal.programmes.models import Event, Programme

__all__ = ["CANCEL", "PUBLISH", "REQUEST", "calendar_of", "calendar_of_programme"]


def calendar_of(event: Event, *, method: str = PUBLISH, attendee: str = "", with_link: bool = False) -> bytes:
    """One event, in the active language. ``with_link`` only for somebody registered."""
    found = _entry(event, with_link=with_link)
    if attendee:
        invite(found, email=attendee)
    return calendar_with(found, method=method)


def calendar_of_programme(programme: Programme) -> bytes:
    """All its events, to subscribe to."""
    return calendar_with(*(_entry(event) for event in programme.events.all()))


def _entry(event: Event, *, with_link: bool = False) -> Entry:
    found = entry(
        event.public_id, sequence=event.sequence, stamped_at=timezone.now(),
        starts_at=event.starts_at, ends_at=event.ends_at,
    )  # fmt: skip
    found.add("summary", shown(event, "title").text)
    about = shown(event, "about").text
    link = event.link if with_link else ""
    found.add("description", "\n\n".join(part for part in (about, link) if part))
    if event.place:
        found.add("location", event.place)
    found.add("url", f"{settings.SITE_URL}{event.get_absolute_url()}")
    found.add("status", "CONFIRMED" if event.state == EventState.PLANNED else "CANCELLED")
    return found
