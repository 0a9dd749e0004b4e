"""iCalendar files (RFC 5545, 5546) as all of the portal writes them: one frame, one organiser, times in UTC.

In UTC no calendar needs to know a zone of ours, and a change of clocks changes nothing.
"""

from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


def calendar_with(*entries: Event, method: str = PUBLISH) -> bytes:
    """The file around the entries; ``method`` says what a calendar is to do with them."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//{settings.SITE_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for entry in entries:
        calendar.add_component(entry)
    return calendar.to_ical()


def entry(key: str, *, sequence: int, stamped_at: datetime, starts_at: datetime, ends_at: datetime) -> Event:
    """An entry that the portal organises. ``key`` never changes: by it a calendar knows an older state of the same."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    found = Event()
    found.add("uid", f"{key}@{address.partition('@')[2] or 'localhost'}")
    found.add("sequence", sequence)
    for name, moment in (("dtstamp", stamped_at), ("dtstart", starts_at), ("dtend", ends_at)):
        found.add(name, moment.astimezone(UTC))
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(settings.SITE_NAME)
    found["organizer"] = organizer
    return found


def invite(found: Event, *, email: str, name: str = "") -> None:
    """Name one attendee who has not answered yet. Each file names its reader alone: no address travels to others."""
    attendee = vCalAddress(f"mailto:{email}")
    if name:
        attendee.params["CN"] = vText(name)
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    found.add("attendee", attendee, encode=0)
