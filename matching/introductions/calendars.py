"""Meetings as iCalendar files (RFC 5545, 5546), in UTC: no calendar has to know our zones."""

from datetime import UTC, timedelta
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from matching.introductions.models import Meeting
from portal.accounts.models import User


def uid_of(meeting: Meeting) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return f"meeting-{meeting.public_id}@{domain}"


def calendar_of(meeting: Meeting, *, reader: User, link: str) -> bytes:
    """The meeting for one person's calendar: a request once it is agreed, a cancellation once it is off.

    ``link`` leads to its page. The reader is the only attendee named: nobody's address travels in files.
    """
    if meeting.starts_at is None:
        raise ValueError("only a meeting with a time has a place in a calendar")
    is_off = meeting.state == "cancelled"
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//{settings.SITE_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.updated_at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.starts_at.astimezone(UTC) + timedelta(minutes=meeting.minutes))
    event.add("summary", meeting.subject)
    event.add("location", meeting.place)
    event.add("description", link)
    event.add("url", link)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    _people(event, reader)
    calendar.add_component(event)
    return calendar.to_ical()


def _people(event: Event, reader: User) -> None:
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = vText(settings.SITE_NAME)
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{reader.email}")
    attendee.params["CN"] = vText(reader.name)
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    event.add("attendee", attendee, encode=0)
