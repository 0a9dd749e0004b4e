"""Introductions in which nobody gave a sign for a month."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from matching.actions import stall_match
from matching.enums import MatchState
from matching.models import Introduction, Match
from portal.common.errors import Conflict

SILENT_FOR = timedelta(days=30)


def last_sign(introduction: Introduction) -> datetime:
    """The latest thing that anybody did in it."""
    dates = Introduction.objects.filter(pk=introduction.pk).aggregate(
        message=Max("messages__at"), meeting=Max("meetings__updated_at"), document=Max("documents__created_at"),
        coming=Max("meetings__starts_at"),
    )  # fmt: skip
    own = [introduction.introduced_at, introduction.outcome_at, introduction.match.state_since]
    return max(moment for moment in [*own, *dates.values()] if moment is not None)


def stall_silent(*, now: datetime | None = None) -> int:
    """Mark what has been silent for a month; a meeting still to come is a sign. Returns how many."""
    limit = (now or timezone.now()) - SILENT_FOR
    open_ones = Introduction.objects.with_records().filter(
        match__state__in=[MatchState.INTRODUCED, MatchState.DIALOGUE], match__state_since__lt=limit
    )
    return sum(_stall(introduction, limit) for introduction in open_ones.order_by("pk"))


@transaction.atomic
def _stall(introduction: Introduction, limit: datetime) -> bool:
    """Under the lock that a first message takes, too: who writes at this moment wins."""
    Match.objects.select_for_update(no_key=True).get(pk=introduction.match_id)
    if last_sign(introduction) >= limit:
        return False
    try:
        stall_match(match=introduction.match)
    except Conflict:  # somebody recorded what came of it a moment ago
        return False
    return True
