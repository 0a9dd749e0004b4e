"""Meetings: one side proposes up to five times, the other picks one; calendars follow."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.introductions.models import Meeting, MeetingTime
from matching.introductions.rules import can_choose_time, can_take_part, side_in
from matching.introductions.states import MEETING
from matching.models import Introduction
from portal.accounts.models import User
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.actions import enqueue

MOST_TIMES = 5


def moment(local: datetime, zone: str) -> datetime:
    """The moment (UTC) of a wall-clock time in a zone. Raises Incomplete for one that the clocks leave out.

    Of an hour that comes twice, the first is meant.
    """
    there = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    found = there.astimezone(UTC)
    if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        message = _("%(time)s does not exist in %(zone)s: the clocks go forward that night. Choose another time.")
        raise Incomplete(message % {"time": f"{local:%Y-%m-%d %H:%M}", "zone": zone}, ("times",))
    return found


def _checked(times: Sequence[datetime]) -> list[datetime]:
    found = sorted(set(times))
    if not 1 <= len(found) <= MOST_TIMES:
        raise Incomplete(_("Propose one to five times."), ("times",))
    if found[0] <= timezone.now():
        raise Incomplete(_("A proposed time has passed already. Choose later ones."), ("times",))
    return found


def _in_order(meeting: Meeting) -> Meeting:
    """The meeting's row, locked, with what its pages need."""
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    found: Meeting = Meeting.objects.with_records().get(pk=meeting.pk)
    return found


@transaction.atomic
def propose_meeting(
    *,
    by: User,
    introduction: Introduction,
    subject: str,
    place: str,
    minutes: int,
    zone: str,
    times: Sequence[datetime],
) -> Meeting:
    """``times`` are moments; ``zone`` is the one in which they were thought of."""
    if not can_take_part(by, introduction):
        raise NotAllowed
    found = _checked(times)
    meeting = Meeting(
        introduction=introduction, subject=subject, place=place, minutes=minutes, zone=zone, proposed_by=by,
        organisation_id=side_in(by, introduction),
    )  # fmt: skip
    meeting.save(force_insert=True)
    _set_times(meeting, found)
    after = {"introduction": introduction.pk, "times": [one.isoformat() for one in found], "zone": zone}
    record(by=by, action="meeting.propose", subject=meeting, after=after)
    _tell(meeting, "proposed")
    return meeting


def _set_times(meeting: Meeting, times: Sequence[datetime]) -> None:
    meeting.times.all().delete()
    for starts_at in times:
        MeetingTime(meeting=meeting, starts_at=starts_at).save(force_insert=True)


@transaction.atomic
def choose_time(*, by: User, meeting: Meeting, starts_at: datetime) -> Meeting:
    """The other side picks one of the proposed times; calendars get it. Of two who pick at once, the second is told."""
    row = _in_order(meeting)
    if not can_choose_time(by, row):
        raise NotAllowed(_("The other side picks one of the times you proposed."))
    if row.state == "proposed":
        if not any(one.starts_at == starts_at for one in row.times.all()):
            raise Conflict(_("This time is not proposed any more. Reload the page to see the times that are."))
        if starts_at <= timezone.now():
            raise Incomplete(_("This time has passed already. Propose new ones."), ("starts_at",))
    changes = {"starts_at": starts_at, "chosen_by": by, "sequence": row.sequence + 1, "note": ""}
    row = transition(row, "choose", table=MEETING, by=by, changes=changes)
    _tell(row, "agreed")
    return row


@transaction.atomic
def move_meeting(*, by: User, meeting: Meeting, zone: str, times: Sequence[datetime], note: str = "") -> Meeting:
    """New times for a meeting that was agreed; the old one stays in calendars until one is picked."""
    row = _in_order(meeting)
    if not can_take_part(by, row.introduction):
        raise NotAllowed
    found = _checked(times)
    changes = {
        "zone": zone, "starts_at": None, "chosen_by": None, "proposed_by": by, "note": note,
        "organisation": by.organisations.filter(pk=side_in(by, row.introduction)).first(),
    }  # fmt: skip
    row = transition(row, "move", table=MEETING, by=by, note=note, changes=changes)
    _set_times(row, found)
    _tell(row, "moved")
    return row


@transaction.atomic
def cancel_meeting(*, by: User, meeting: Meeting, note: str = "") -> Meeting:
    """Either side or ICLEI. What stands in calendars is taken out again."""
    row = _in_order(meeting)
    if not can_take_part(by, row.introduction):
        raise NotAllowed
    changes = {"sequence": row.sequence + 1, "note": note}
    row = transition(row, "cancel", table=MEETING, by=by, note=note, changes=changes)
    _tell(row, "cancelled")
    return row


def _tell(meeting: Meeting, what: str) -> None:
    dedupe = f"meeting/{what}/{meeting.pk}/{meeting.updated_at.isoformat()}"
    enqueue(kind=f"introductions.meeting_{what}", subject=f"meeting:{meeting.pk}", dedupe=dedupe)
