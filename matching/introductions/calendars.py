"""Meetings as iCalendar files."""

from datetime import timedelta

from matching.introductions.models import Meeting
from portal.accounts.models import User
from portal.common.calendars import CANCEL, REQUEST, calendar_with, entry, invite


def calendar_of(meeting: Meeting, *, reader: User, link: str) -> bytes:
    """The meeting for one person's calendar: a request once it is agreed, a cancellation once it is off.

    ``link`` leads to its page. The reader is the only attendee named: nobody's address travels in files.
    """
    if meeting.starts_at is None:
        raise ValueError("only a meeting with a time has a place in a calendar")
    is_off = meeting.state == "cancelled"
    found = entry(
        f"meeting-{meeting.public_id}", sequence=meeting.sequence, stamped_at=meeting.updated_at,
        starts_at=meeting.starts_at, ends_at=meeting.starts_at + timedelta(minutes=meeting.minutes),
    )  # fmt: skip
    found.add("summary", meeting.subject)
    found.add("location", meeting.place)
    found.add("description", link)
    found.add("url", link)
    found.add("status", "CANCELLED" if is_off else "CONFIRMED")
    invite(found, email=reader.email, name=reader.name)
    return calendar_with(found, method=CANCEL if is_off else REQUEST)
