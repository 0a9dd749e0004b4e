"""The cities that make a demand together: each of them sees what its lead sees."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from cities.coach.models import MemberState, PoolMember
from portal.accounts.models import Organisation

if TYPE_CHECKING:
    from cities.models import Demand


def pooled_with(organisation_ids: Collection[int]) -> QuerySet:
    """The pooled demands that these organisations have joined, as keys for a subquery."""
    joined = PoolMember.objects.filter(state=MemberState.JOINED, demand__organisation_id__in=organisation_ids)
    return joined.values("pool__demand_id")


def of_cities(organisation_ids: Collection[int]) -> Q:
    """Records about a demand that these organisations have filed, or make together with others."""
    return Q(demand__organisation_id__in=organisation_ids) | Q(demand_id__in=pooled_with(organisation_ids))


def partners_of(demand: "Demand") -> list[Organisation]:
    """The organisations that have joined beside the lead, in the order of joining."""
    joined = PoolMember.objects.filter(pool__demand=demand, state=MemberState.JOINED)
    others = joined.exclude(demand__organisation_id=demand.organisation_id).select_related("demand__organisation")
    found = {member.demand.organisation_id: member.demand.organisation for member in others.order_by("pk")}
    return [body for body in found.values() if body is not None]
