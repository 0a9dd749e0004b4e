"""What comes with time: calls that close, drafts that would miss a deadline, events that begin."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from portal.common.errors import DomainError
from portal.jobs.actions import enqueue
from portal.programmes.deadlines import is_over
from portal.programmes.enums import ProgrammeState
from portal.programmes.event_actions import remind_of_events
from portal.programmes.models import Call, Programme
from portal.programmes.programme_actions import move_programme

logger = logging.getLogger(__name__)
REMIND_BEFORE = timedelta(days=3)


@shared_task
def advance_programmes() -> None:
    closed, near, seats = close_over(), remind_of_deadlines(), remind_of_events()
    logger.info("%s programmes closed, %s calls near their deadline, %s seats reminded", closed, near, seats)


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
