"""Experts in rows, and the advice that stands beside a demand or match."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.models import Demand
from matching.experts.models import Advice, Expert
from matching.experts.rules import can_ask
from matching.models import Match
from matching.words import Words
from portal.common.keys import if_any
from portal.common.languages import format_day, language_name
from portal.common.templatetags.components import badge

register = template.Library()


@register.simple_tag
def workload(expert: Expert) -> SafeString:
    """Whether they can be asked now, and how much they have."""
    if expert.is_paused and expert.paused_until:
        day = format_day(expert.paused_until, get_language() or "en", "medium")
        return badge(_("No requests until %(day)s") % {"day": day}, "warning")
    parts = {"open": expert.open_requests, "most": expert.most_requests}
    tone = "success" if expert.open_requests < expert.most_requests else "warning"
    return badge(_("%(open)s of %(most)s requests") % parts, tone)


@register.simple_tag
def topic_names(topics: Iterable[Any]) -> str:
    return Words().list(str(topic) for topic in topics)


@register.simple_tag
def language_names(tags: Iterable[str]) -> str:
    return Words().list(language_name(tag, get_language() or "en") for tag in tags)


@register.simple_tag
def expert_meta(expert: Expert) -> list[str]:
    return [expert.affiliation, language_names(expert.languages)]


@register.inclusion_tag("experts/_beside.html", takes_context=True)
def advice_beside(context: Context, record: Demand | Match) -> dict[str, Any]:
    """The advice that the reader may read on a demand or match, and the way to ask for some."""
    user = context["request"].user
    kind = "match" if isinstance(record, Match) else "demand"
    found = Advice.objects.visible_to(user).filter(**{kind: record}).select_related("expert__user").order_by("-pk")
    asks = can_ask(user, record if kind == "demand" else None, record if kind == "match" else None)
    return {"advice": if_any(found[:10]), "can_ask": asks, "kind": kind, "record": record}
