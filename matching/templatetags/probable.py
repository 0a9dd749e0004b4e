"""“We think this is about …”, on the pages where a record is written."""

from typing import Any

from django import template
from django.urls import reverse

from catalog.models import Solution
from cities.models import Demand
from matching.suggesting import probable_topics as likely

register = template.Library()


@register.inclusion_tag("matching/_probable_topics.html", takes_context=True)
def probable_topics(context: template.Context, record: Demand | Solution) -> dict[str, Any]:
    """The topics put forward for a record with Yes and Change; nothing where there are none."""
    is_demand = isinstance(record, Demand)
    take, section = (
        ("matching:demand-topics", "cities:demand-section")
        if is_demand
        else ("matching:solution-topics", "catalog:solution-section")
    )
    return {
        "topics": likely(record),
        "record": record,
        "take_url": reverse(take, args=[record.public_id]),
        "change_url": reverse(section, args=[record.public_id, "focus"]),
        "csrf_token": context.get("csrf_token"),
    }
