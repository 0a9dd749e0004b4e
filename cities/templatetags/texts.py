"""What people wrote, on the page of one demand: in the language chosen there, with its own `lang`."""

from typing import Any

from babel.lists import format_list
from django import template
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from catalog.enums import BusinessModel
from cities.models import City, Demand
from portal.common.context import language_tag
from portal.common.templatetags.formats import active_locale, language_name, money_range, number
from portal.common.translated import Shown

register = template.Library()

# The main groups of Köppen and Geiger; the class itself stands beside, for those who know it.
CLIMATES = {
    "A": lambda: gettext("tropical"),
    "B": lambda: gettext("dry"),
    "C": lambda: gettext("temperate"),
    "D": lambda: gettext("continental"),
    "E": lambda: gettext("polar"),
}


@register.simple_tag
def original_text(found: Shown) -> SafeString:
    """One line of a `Shown`."""
    return format_html('<span lang="{}">{}</span>', language_tag(found.language), found.text)


@register.simple_tag
def original_block(found: Shown) -> SafeString:
    """Paragraphs of a `Shown`, and a word where they are not in the language asked for."""
    text = SafeString(linebreaks(found.text, autoescape=True))
    block = format_html('<div class="user-text--block" lang="{}">{}</div>', language_tag(found.language), text)
    return format_html("{}{}", block, _note(found))


def _note(found: Shown) -> SafeString | str:
    """A word about a text that is not in the language asked for."""
    if not found.is_foreign:
        return ""
    words = gettext("not translated: written in %(language)s") % {"language": language_name(found.language)}
    return format_html('<p class="original-note">{}</p>', words)


@register.simple_tag
def own_words(demand: Demand, name: str) -> SafeString | str:
    """A field that exists in the demand's own language only; empty where nothing is stated."""
    value = getattr(demand, name)
    return format_html('<span lang="{}">{}</span>', language_tag(demand.original_language), value) if value else ""


@register.simple_tag
def named(items: Any) -> str:
    """Names as a list in the grammar of the reader's language."""
    return _joined([str(item) for item in items])


@register.simple_tag
def size_of(demand: Demand) -> str:
    if demand.quantity is None:
        return ""
    return f"{number(demand.quantity, 2)} {demand.get_scale_unit_display()}".strip()


@register.simple_tag
def budget_of(demand: Demand) -> str:
    """Amounts and how certain they are: "€100,000 – €200,000 (planned)"."""
    amount = money_range(demand.budget_min, demand.budget_max, demand.currency)
    certainty = demand.get_budget_certainty_display().lower()
    return f"{amount} ({certainty})" if amount and certainty else amount


@register.simple_tag
def business_models_of(demand: Demand) -> str:
    return _joined([str(BusinessModel(code).label) for code in demand.business_models if code in BusinessModel.values])


@register.simple_tag
def languages_of(demand: Demand) -> str:
    names = _joined([language_name(code) for code in demand.languages])
    return gettext("%(languages)s (required)") % {"languages": names} if names and demand.languages_required else names


@register.simple_tag
def climate(city: City) -> str:
    """Words and class: "temperate (Csb)"; empty where the zone is unknown."""
    group = CLIMATES.get(city.koppen[:1])
    return f"{group()} ({city.koppen})" if group else ""


def _joined(words: list[str]) -> str:
    return format_list(words, locale=active_locale()) if words else ""
