"""Texts that people wrote: shown in the reader's language where there is one, else in the original, and said so.

A page that takes ``?text=`` puts ``text_language`` into its context: its texts are shown in that language.
"""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.common.context import language_tag
from portal.common.templatetags.formats import language_name
from portal.common.translated import CHECKED, HUMAN, MACHINE, MISSING, ORIGINAL, STALE, STALE_MACHINE, shown

register = template.Library()

MARKS = {
    ORIGINAL: _("original"),
    HUMAN: _("human translation"),
    CHECKED: _("machine translation, checked by a person"),
    MACHINE: _("machine translation"),
    STALE: _("translation of an earlier version"),
    STALE_MACHINE: _("machine translation of an earlier version"),
    MISSING: _("not translated"),
}
# Said of every text; the others only where a text stands at length.
WARNED_OF = frozenset({MACHINE, STALE, STALE_MACHINE})


@register.simple_tag(takes_context=True, name="user_text")
def user_text_tag(context: dict[str, Any], record: Any, field: str, note: bool = True) -> SafeString:
    """One line, with its own `lang` and, when it is not the page's, a word about it."""
    return _wrapped(record, field, note, context.get("text_language"), block=False)


@register.simple_tag(takes_context=True)
def user_text_block(context: dict[str, Any], record: Any, field: str, note: bool = True) -> SafeString:
    """As `user_text`, for a text of several paragraphs: what is a translation says so and leads to the original."""
    return _wrapped(record, field, note, context.get("text_language"), block=True)


def user_text(record: Any, field: str, note: bool = True) -> SafeString:
    """As the tag, for Python."""
    return _wrapped(record, field, note, None, block=False)


@register.simple_tag(takes_context=True)
def text_language(context: dict[str, Any], record: Any, field: str) -> str:
    """The BCP 47 tag for a `lang` attribute that the caller writes."""
    return language_tag(shown(record, field, context.get("text_language")).language)


def text_note(record: Any, field: str) -> str:
    """A word for lists about a title: the language of a foreign one, or what it is a translation of."""
    found = shown(record, field)
    if found.is_foreign:
        return language_name(found.language)
    return mark_words(found.status) if found.status in WARNED_OF else ""


@register.filter
def lang_tag(code: str) -> str:
    """What a `lang` attribute says of a language."""
    return language_tag(code)


@register.filter
def mark_words(mark: str) -> str:
    """What a reader is told about a text: original, human translation, machine translation…"""
    return str(MARKS.get(mark, MARKS[HUMAN]))


def _wrapped(record: Any, field: str, note: bool, chosen: str | None, *, block: bool) -> SafeString:
    found = shown(record, field, chosen)
    if not found.text:
        return SafeString("")
    says = found.is_foreign or found.status in WARNED_OF or (block and found.status != ORIGINAL)
    context = {
        "text": SafeString(linebreaks(found.text, autoescape=True)) if block else found.text,
        "tag": language_tag(found.language) if found.language != get_language() else "",
        "found": found,
        "note": note and says,
        "block": block,
        "original": record.original_language if chosen and found.status != ORIGINAL else "",
    }
    if not (block or context["tag"] or context["note"]):
        return format_html("{}", found.text)
    return SafeString(render_to_string("components/user_text.html", context).strip())
