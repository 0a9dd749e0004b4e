"""Requests for advice whose day comes or is long over: nobody waits for an answer that never comes."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from matching.experts.actions import give_back, tell_of_day
from matching.experts.models import Advice
from matching.experts.states import OPEN
from portal.common.errors import Conflict
from portal.notices.clock import zone_of

REMIND_BEFORE = timedelta(days=2)
GIVEN_BACK_AFTER = timedelta(days=14)
# No zone is further from UTC, so that no request is missed that is due somewhere.
FURTHEST = timedelta(days=1)


def look_after_advice(*, now: datetime | None = None) -> tuple[int, int]:
    """Remind experts once, two days before; give back what nobody answered in two weeks. On the expert's own calendar.

    Returns how many of each.
    """
    moment = now or timezone.now()
    waiting = Advice.objects.filter(state__in=OPEN, due_on__lte=(moment + REMIND_BEFORE + FURTHEST).date())
    reminded = given_back = 0
    for advice in waiting.select_related("expert__user").order_by("pk"):
        day = moment.astimezone(zone_of(advice.expert.user.time_zone)).date()
        if day > advice.due_on + GIVEN_BACK_AFTER:
            given_back += _given_back(advice)
        elif advice.due_on - REMIND_BEFORE <= day <= advice.due_on and advice.created_at < moment - REMIND_BEFORE:
            tell_of_day(advice)
            reminded += 1
    return reminded, given_back


@transaction.atomic
def _given_back(advice: Any) -> bool:
    try:
        give_back(advice)
    except Conflict:  # answered or withdrawn at this very moment
        return False
    return True
