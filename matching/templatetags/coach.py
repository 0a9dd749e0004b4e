"""What the coach says beside the pages on which a demand is written."""

from typing import Any

from django import template
from django.urls import reverse

from cities.forms.requirements import BaseRequirements
from cities.models import Demand
from cities.wording import warnings_of
from matching.coach.alike import examples_for
from matching.coach.near import near_demands as nearest
from matching.coach.passing import passing

register = template.Library()


def passing_context(formset: BaseRequirements) -> dict[str, Any]:
    demand = formset.record
    return {
        "demand": demand,
        "passing": passing(demand, formset.typed()),
        "count_url": reverse("matching:demand-passing", args=[demand.public_id]),
    }


@register.inclusion_tag("matching/coach/_passing.html")
def passing_count(formset: BaseRequirements) -> dict[str, Any]:
    """How many solutions would pass the must-haves on the page."""
    return passing_context(formset)


@register.inclusion_tag("matching/coach/_wording.html")
def wording_warnings(demand: Demand) -> dict[str, Any]:
    """Brands and one provider's own terms; nothing where there are none."""
    return {"warnings": warnings_of(demand)}


@register.inclusion_tag("matching/coach/_near.html")
def near_demands(demand: Demand) -> dict[str, Any]:
    """Open demands that want much the same; nothing where there are none."""
    return {"demand": demand, "near": nearest(demand)}


@register.inclusion_tag("matching/coach/_alike.html")
def alike_cities(demand: Demand) -> dict[str, Any]:
    """What cities alike asked for, and what is at work there."""
    return {"examples": examples_for(demand)}
