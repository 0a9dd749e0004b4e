from typing import TYPE_CHECKING

from cities.enums import DemandState
from portal.accounts.rules import can_approve_for, is_member, is_staff_reader

if TYPE_CHECKING:
    from cities.coach.models import Pool, PoolMember
    from cities.models import Demand
    from portal.accounts.rules import Reader

# What can still be continued together: the text stands, and nobody was introduced yet.
POOLED_FROM = frozenset({DemandState.DRAFT, DemandState.CHANGES_REQUESTED, DemandState.PUBLISHED})
OPEN = frozenset({DemandState.DRAFT, DemandState.SUBMITTED, DemandState.CHANGES_REQUESTED, DemandState.PUBLISHED})


def can_begin_pool(user: "Reader", demand: "Demand") -> bool:
    """Whoever speaks for the city."""
    return can_approve_for(user, demand.organisation_id) and demand.state in POOLED_FROM


def can_invite_to_pool(user: "Reader", pool: "Pool") -> bool:
    return can_approve_for(user, pool.demand.organisation_id) and pool.demand.state in OPEN


def can_decide_membership(user: "Reader", member: "PoolMember") -> bool:
    """Joining, declining and leaving: whoever speaks for the city whose demand it is."""
    return can_approve_for(user, member.demand.organisation_id)


def can_read_invitation(user: "Reader", member: "PoolMember") -> bool:
    """Words to one city are for that city, for the one that wrote them, and for ICLEI."""
    both = (member.demand.organisation_id, member.pool.demand.organisation_id)
    return is_staff_reader(user) or any(is_member(user, body) for body in both)
