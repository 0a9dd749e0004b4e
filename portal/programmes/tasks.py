"""What comes with time: calls that close, drafts that would miss a deadline, events that begin."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from matching.introductions.follow_up_actions import months_after
from portal.common.errors import DomainError
from portal.jobs.actions import enqueue
from portal.programmes.cohort_actions import ask_follow_up
from portal.programmes.deadlines import is_over
from portal.programmes.enums import CohortMemberState, ProgrammeState
from portal.programmes.event_actions import remind_of_events
from portal.programmes.models import Call, CohortMember, Milestone, Programme
from portal.programmes.programme_actions import move_programme

logger = logging.getLogger(__name__)
REMIND_BEFORE = timedelta(days=3)
MILESTONE_BEFORE = timedelta(days=7)
FIRST_ZONE = timedelta(hours=14)
# A beat that comes this late still tells whoever asked about a call that it has opened.
TELL_WITHIN = timedelta(days=1)
FOLLOW_UP_MONTHS = (6, 12)


@shared_task
def advance_programmes() -> None:
    """By the server's clock, again and again: each part does what has become due, and each thing once."""
    for part in (open_due, close_over, remind_of_deadlines, remind_of_events, remind_of_milestones, ask_follow_ups):
        logger.info("%s: %s", part.__name__, part())


def open_due() -> int:
    """Programmes whose first opening has come; and calls that open later than their programme are told."""
    now, opened = timezone.now(), 0
    due = Programme.objects.filter(state=ProgrammeState.ANNOUNCED, calls__opens_at__lte=now).distinct()
    for programme in due:
        try:
            move_programme(by="system", programme=programme, move="open")
        except DomainError as refused:  # something is missing: it stands among what the managers have to do
            logger.info("%s does not open: %s", programme.public_id, refused.message)
        else:
            opened += 1
    later = Call.objects.open().filter(opens_at__gt=now - TELL_WITHIN)
    for key in set(later.values_list("programme", flat=True)):
        enqueue(kind="programmes.open", subject=f"programme:{key}")
    return opened


def close_over() -> int:
    """Programmes whose last deadline has passed. Late is no harm: after the deadline nothing is taken anyway."""
    now, closed = timezone.now(), 0
    for programme in Programme.objects.filter(state=ProgrammeState.OPEN).prefetch_related("calls"):
        if all(is_over(call.deadline, now) for call in programme.calls.all()):
            try:
                move_programme(by="system", programme=programme, move="close")
            except DomainError as refused:  # extended at this very moment
                logger.info("%s stays open: %s", programme.public_id, refused.message)
            else:
                closed += 1
    return closed


def remind_of_deadlines() -> int:
    now = timezone.now()
    near = Call.objects.filter(
        programme__state=ProgrammeState.OPEN, deadline__gt=now, deadline__lte=now + REMIND_BEFORE
    )
    for call in near:
        enqueue(kind="programmes.deadline_near", subject=f"call:{call.pk}")
    return len(near)


def remind_of_milestones() -> int:
    """Of what is due within a week, where it is due first: on the earliest clock of the world."""
    today = (timezone.now() + FIRST_ZONE).date()
    near = Milestone.objects.filter(
        programme__state=ProgrammeState.RUNNING, due_on__gte=today, due_on__lte=today + MILESTONE_BEFORE
    )
    for milestone in near:
        enqueue(kind="programmes.milestone_near", subject=f"milestone:{milestone.pk}")
    return len(near)


def ask_follow_ups() -> int:
    """Of those who completed, on the same day of a later month; a beat that was missed is made up for by the next."""
    asked, today = 0, timezone.now().date()
    done = CohortMember.objects.filter(state=CohortMemberState.COMPLETED).order_by("pk")
    for months in FOLLOW_UP_MONTHS:
        for member in done.exclude(follow_ups__months=months):
            if months_after(member.completed_at.date(), months) <= today:
                asked += ask_follow_up(member=member, months=months) is not None
    return asked
