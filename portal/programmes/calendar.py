"""Events as iCalendar (RFC 5545), for calendars to show in their owners' own time."""

from datetime import UTC
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, vCalAddress
from icalendar import Event as Entry

from portal.common.translated import shown
from portal.programmes.enums import EventState
from portal.programmes.models import Event, Programme

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


def calendar_of(event: Event, *, method: str = PUBLISH, attendee: str = "", with_link: bool = False) -> bytes:
    """One event, in the active language. ``with_link`` only for somebody registered."""
    found = _frame(method)
    found.add_component(_entry(event, attendee=attendee, with_link=with_link))
    return found.to_ical()


def calendar_of_programme(programme: Programme) -> bytes:
    """All its events, to subscribe to."""
    found = _frame(PUBLISH)
    for event in programme.events.all():
        found.add_component(_entry(event))
    return found.to_ical()


def _frame(method: str) -> Calendar:
    found = Calendar()
    found.add("prodid", f"-//{settings.SITE_NAME}//EN")
    found.add("version", "2.0")
    found.add("method", method)
    return found


def _entry(event: Event, *, attendee: str = "", with_link: bool = False) -> Entry:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    entry = Entry()
    entry.add("uid", f"{event.public_id}@{address.partition('@')[2] or 'localhost'}")
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    # In UTC: no calendar needs to know a zone of ours, and a change of clocks changes nothing.
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", shown(event, "title").text)
    about = shown(event, "about").text
    link = event.link if with_link else ""
    entry.add("description", "\n\n".join(part for part in (about, link) if part))
    if event.place:
        entry.add("location", event.place)
    entry.add("url", f"{settings.SITE_URL}{event.get_absolute_url()}")
    entry.add("status", "CONFIRMED" if event.state == EventState.PLANNED else "CANCELLED")
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = settings.SITE_NAME
    entry.add("organizer", organizer)
    if attendee:
        entry.add("attendee", vCalAddress(f"mailto:{attendee}"))
    return entry
