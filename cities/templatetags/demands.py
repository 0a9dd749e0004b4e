"""Demands in lists and on cards: marks, the line of facts, a short summary, the readiness meter."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cities.answers import in_short
from cities.enums import DemandState
from cities.facts import focus_in_words
from cities.models import Demand, Requirement
from cities.readiness import Readiness
from cities.templatetags.places import place
from portal.common.context import language_tag
from portal.common.excerpts import excerpt
from portal.common.templatetags.components import badge, status
from portal.common.templatetags.formats import date, money_range
from portal.common.templatetags.originals import text_note
from portal.common.translated import shown

register = template.Library()

SHORT, SHORT_WIDE = 130, 60  # characters of a summary in a list; Han, kana and Hangul are twice as wide
WIDE = ("ko", "ja", "zh-hans")
SAME = 60  # characters in which a title cut from its text is told from a title of its own
# Public sources by code: the name their publishers use and a short one for lists. Proper names, not translated.
SOURCES = {
    "ted": ("Tenders Electronic Daily (TED)", "TED"),
    "nyc_cbbr": ("New York City Community Board Budget Requests", "NYC CBBR"),
    "cdp_iclei_goal": ("EU Mission on Adaptation, goals reported through CDP-ICLEI Track", "CDP-ICLEI Track"),
    "br_rj_tender": ("Licitações do Estado do Rio de Janeiro", "Licitações RJ"),
    "adaptecca_case": ("AdapteCCa", "AdapteCCa"),
    "jp_policy_issue": ("自治体の課題（公開データ）", "自治体の課題"),
}


@register.simple_tag
def source_name(record: Any) -> str:
    """The publisher of an imported record; its code where the portal knows no better name."""
    return SOURCES.get(record.source, (record.source,))[0]


@register.simple_tag
def source_line(demand: Demand) -> str:
    """Attribution and licence of an imported demand, as its source asks for; empty for one written here."""
    if not demand.is_imported:
        return ""
    named = gettext("Source: %(publisher)s") % {"publisher": source_name(demand)}
    return ", ".join(filter(None, (named, demand.source_licence)))


@register.simple_tag
def source_lines(demands: Iterable[Demand]) -> list[str]:
    """The lines of a list, each source once: rows carry its short name only."""
    return sorted({line for demand in demands if (line := source_line(demand))})


@register.simple_tag
def demand_marks(demand: Demand, *, with_state: bool = False) -> SafeString:
    """Badges: the state (always, or where it is not simply "published"), imported, demo."""
    marks = [status(demand)] if with_state or demand.state != DemandState.PUBLISHED else []
    if demand.is_imported:
        marks.append(badge(gettext("Imported")))
    if demand.is_demo:
        marks.append(badge(gettext("Demo"), "info"))
    if not marks:
        return SafeString()
    return format_html('<span class="badges">{}</span>', format_html_join("", "{}", ((mark,) for mark in marks)))


@register.simple_tag
def demand_meta(demand: Demand) -> list[str]:
    """Place, focus area, budget, decision date, language of a foreign text, source; nothing for what is not stated."""
    budget = money_range(demand.budget_min, demand.budget_max, demand.currency)
    decision = (
        gettext("Decision by %(day)s") % {"day": date(demand.decision_on, "medium")} if demand.decision_on else ""
    )
    # SafeString: our words around our own <time>.
    language = text_note(demand, "title")
    source = SOURCES.get(demand.source, (demand.source,))[-1]
    return [place(demand), focus_in_words(demand), budget, SafeString(decision), language, source]


@register.simple_tag
def demand_summary(demand: Demand) -> str:
    """The summary cut short, with its own `lang`; the line of facts names a language that is not the reader's."""
    found = shown(demand, "summary")
    if not found.text:  # imported notices often have one text only
        found = shown(demand, "problem")
    if found.text.startswith(shown(demand, "title").text[:SAME]):  # the title is the beginning of the text
        return ""
    text = excerpt(found.text, SHORT_WIDE if found.language in WIDE else SHORT)
    return format_html('<span lang="{}">{}</span>', language_tag(found.language), text) if found.is_foreign else text


@register.simple_tag
def requirement_text(requirement: Requirement) -> str:
    return in_short(requirement)


@register.inclusion_tag("cities/_readiness.html")
def readiness_meter(readiness: Readiness, fix_url: str = "", *, compact: bool = False) -> dict[str, Any]:
    """Points of 100 with a bar, and the next best fix as a link (``fix_url``) or as words."""
    return {"readiness": readiness, "fix": readiness.next_fix, "fix_url": fix_url, "compact": compact}
