"""Who makes a demand together, on its page."""

from typing import Any

from django import template
from django.db.models import Q

from cities.coach.models import MemberState, PoolMember
from cities.coach.rules import can_begin_pool
from cities.models import Demand
from portal.common.keys import if_any

register = template.Library()


@register.inclusion_tag("coach/_pool_of.html", takes_context=True)
def pool_of(context: template.Context, demand: Demand) -> dict[str, Any]:
    """The cities of a pooled demand, or the pools that a demand takes part in or is asked to; nothing for others."""
    user = context["request"].user
    is_inner = bool(context.get("is_inner"))
    wanted = Q(pool__demand=demand, state=MemberState.JOINED)
    if is_inner:
        wanted |= Q(demand=demand, state__in=[MemberState.INVITED, MemberState.JOINED])
    members = PoolMember.objects.filter(wanted)
    found = if_any(members.select_related("demand__organisation", "demand__city", "pool__demand"))
    joined = [one for one in found if one.pool.demand_id == demand.pk and one.state == MemberState.JOINED]
    own = [one for one in found if is_inner and one.demand_id == demand.pk]
    return {
        "demand": demand, "joined": joined, "own": own, "is_inner": is_inner,
        "may_begin": not joined and not own and can_begin_pool(user, demand),
    }  # fmt: skip


@register.simple_tag
def status_of_member(member: PoolMember) -> MemberState:
    return MemberState(member.state)
