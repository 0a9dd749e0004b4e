"""What the clean file of a pooled demand says of its cities: who took part since when, and who said yes to what."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cities.coach.models import MemberState, PoolMember
from cities.models import Demand
from matching.pooling.models import PoolAnswer

TOOK_PART = (MemberState.JOINED, MemberState.LEFT)


def pool_of(demand: Demand, when: Callable[[datetime | None], str | None]) -> dict[str, Any] | None:
    """None for a demand of one city: its file keeps the content, and so the hash, that it always had.

    ``when`` writes a moment. A city that was asked and did not join has no part in it, and is not named.
    """
    members = PoolMember.objects.filter(pool__demand=demand, state__in=TOOK_PART)
    rows = list(members.select_related("demand__organisation").order_by("decided_at", "pk"))
    if not rows:
        return None
    answers = PoolAnswer.objects.filter(match__demand=demand).select_related("match", "organisation")
    return {
        "members": [
            {
                "city": one.demand.organisation.name,
                "demand": one.demand.public_id,
                "leads": one.demand.organisation_id == demand.organisation_id,
                "state": one.state,
                "at": when(one.decided_at),
            }
            for one in rows
        ],
        "answers": [
            {"city": one.organisation.name, "match": one.match.public_id, "agrees": one.agrees, "at": when(one.at)}
            for one in answers.order_by("at", "pk")
        ],
    }
