"""Who makes a demand together, on its page."""

from typing import Any

from django import template

from cities.coach.models import MemberState, PoolMember
from cities.coach.rules import can_begin_pool
from cities.models import Demand

register = template.Library()


@register.inclusion_tag("coach/_pool_of.html", takes_context=True)
def pool_of(context: template.Context, demand: Demand) -> dict[str, Any]:
    """The cities of a pooled demand, or the pools that a demand takes part in or is asked to; nothing for others."""
    user = context["request"].user
    members = PoolMember.objects.select_related("demand__organisation", "demand__city", "pool__demand")
    joined = list(members.filter(pool__demand=demand, state=MemberState.JOINED))
    is_inner = bool(context.get("is_inner"))
    own = list(members.filter(demand=demand, state__in=[MemberState.INVITED, MemberState.JOINED])) if is_inner else []
    return {
        "demand": demand, "joined": joined, "own": own, "is_inner": is_inner,
        "may_begin": not joined and not own and can_begin_pool(user, demand),
    }  # fmt: skip


@register.simple_tag
def status_of_member(member: PoolMember) -> MemberState:
    return MemberState(member.state)
