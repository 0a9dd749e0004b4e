"""What people wrote, on the page of one demand: in the language chosen there, with its own `lang`."""

from django import template
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cities.models import City
from portal.common.context import language_tag
from portal.common.templatetags.formats import language_name
from portal.common.templatetags.originals import mark_words
from portal.common.translated import ORIGINAL, Shown

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
def original_block(found: Shown, *, note: bool = True) -> SafeString:
    """Paragraphs of a `Shown`, and a word where they are not in the language asked for."""
    text = SafeString(linebreaks(found.text, autoescape=True))
    block = format_html('<div class="user-text--block" lang="{}">{}</div>', language_tag(found.language), text)
    return format_html("{}{}", block, _note(found) if note else "")


def _note(found: Shown) -> SafeString | str:
    """A word about a text that is a translation, or is not in the language asked for."""
    if not found.is_foreign:
        words = mark_words(found.status)
        return format_html('<p class="original-note">{}</p>', words) if found.status != ORIGINAL else ""
    words = gettext("not translated: written in %(language)s") % {"language": language_name(found.language)}
    return format_html('<p class="original-note">{}</p>', words)


@register.simple_tag
def climate(city: City) -> str:
    """Words and class: "temperate (Csb)"; empty where the zone is unknown."""
    group = CLIMATES.get(city.koppen[:1])
    return f"{group()} ({city.koppen})" if group else ""
