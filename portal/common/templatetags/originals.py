"""Texts that people wrote: shown in the reader's language where there is one, else in the original, and said so."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString

from portal.common.context import language_tag
from portal.common.translated import shown

register = template.Library()


@register.simple_tag
def user_text(record: Any, field: str, note: bool = True) -> SafeString:
    """One line, with its own `lang` and, when it is not the page's, a word about it."""
    return _wrapped(record, field, note, block=False)


@register.simple_tag
def user_text_block(record: Any, field: str, note: bool = True) -> SafeString:
    """As `user_text`, for a text of several paragraphs."""
    return _wrapped(record, field, note, block=True)


@register.simple_tag
def text_language(record: Any, field: str) -> str:
    """The BCP 47 tag for a `lang` attribute that the caller writes."""
    return language_tag(shown(record, field).language)


def _wrapped(record: Any, field: str, note: bool, *, block: bool) -> SafeString:
    found = shown(record, field)
    if not found.text:
        return SafeString("")
    context = {
        "text": SafeString(linebreaks(found.text, autoescape=True)) if block else found.text,
        "tag": language_tag(found.language),
        "found": found,
        "note": note and bool(found.text) and (found.is_foreign or found.status in ("machine", "stale")),
        "block": block,
    }
    if not (block or found.is_foreign or context["note"]):
        return format_html("{}", found.text)
    return SafeString(render_to_string("components/user_text.html", context).strip())
