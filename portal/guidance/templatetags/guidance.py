"""The tour of the queue, shown over the real pages."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from portal.guidance.forms import TourForm
from portal.guidance.models import Guide
from portal.guidance.tour import STOPS

register = template.Library()

# Items whose pages show the tour; the others have pages of their own.
SHOWING = frozenset({"organisation", "demand", "solution", "match"})


@register.inclusion_tag("guidance/_tour.html", takes_context=True)
def tour_panel(context: Context) -> dict[str, Any]:
    """One stop of the tour where the address names it; nothing anywhere else."""
    number = _number(context)
    if not number:
        return {}
    before, after = number - 1, number + 1
    return {
        "stop": STOPS[number - 1],
        "number": number,
        "of": len(STOPS),
        "back_url": _url(context, before) if before else "",
        "next_url": _url(context, after) if after <= len(STOPS) else "",
    }


@register.inclusion_tag("guidance/_tour_offer.html", takes_context=True)
def tour_offer(context: Context) -> dict[str, Any]:
    """Offered until it was ended or declined once."""
    if _number(context):
        return {}
    toured = Guide.objects.filter(user=context["request"].user, toured_at__isnull=False).exists()
    return {"is_offered": not toured, "of": len(STOPS)}


def _number(context: Context) -> int:
    form = TourForm(context["request"].GET)
    number: int = (form.cleaned_data["tour"] or 0) if form.is_valid() else 0
    return number if number <= len(STOPS) else 0


def _url(context: Context, number: int) -> str:
    """The page that shows this stop: the list, this item, or the first item; where nothing waits, the practice."""
    stop = STOPS[number - 1]
    here = context["request"].path
    queue = reverse("matching:queue")
    if not stop.on_item:
        page = queue
    elif here != queue:
        page = here
    else:
        found = (item.url for item, _record in context.get("rows", ()) if item.kind in SHOWING)
        page = next(found, reverse("guidance:practice"))
    return f"{page}?tour={number}#{stop.anchor}"
