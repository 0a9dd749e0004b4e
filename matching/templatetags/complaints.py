"""The way to object to a decision, and to report a record, from the page it is about."""

from typing import Any

from django import template
from django.template import Context

from matching.complaints.rules import can_complain, can_report

register = template.Library()


@register.inclusion_tag("complaints/_links.html", takes_context=True)
def complaint_links(context: Context, kind: str, record: Any) -> dict[str, Any]:
    user = context["request"].user
    own = kind in ("match", "application")
    return {
        "kind": kind, "record": record, "can_complain": user.is_authenticated and can_complain(user, kind, record),
        "can_report": not own and can_report(user),
    }  # fmt: skip
