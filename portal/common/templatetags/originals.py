"""Texts that people wrote: shown in the reader's language where there is one, else in the original, and said so."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.common.context import language_tag

register = template.Library()


def text_and_language(record: Any, field: str) -> tuple[str, str]:
    """The text of a translated field to show, and the code of the language it is written in.

    The reader's language first, then the record's ``original_language``: never blank for want of a translation.
    """
    codes = (get_language() or "en", record.original_language)
    for code in codes:
        text = getattr(record, f"{field}_{code.replace('-', '_').lower()}", "") or ""
        if text:
            return text, code
    return getattr(record, field, "") or "", record.original_language


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
    return language_tag(text_and_language(record, field)[1])


def _wrapped(record: Any, field: str, note: bool, *, block: bool) -> SafeString:
    text, code = text_and_language(record, field)
    is_foreign = code != get_language()
    origin = getattr(record, "translations", {}).get(field, {}).get(code, "")
    context = {
        "text": SafeString(linebreaks(text, autoescape=True)) if block else text,
        "tag": language_tag(code),
        "code": code,
        "is_foreign": is_foreign,
        "origin": origin,
        "note": note and bool(text) and (is_foreign or origin in ("machine", "stale")),
        "block": block,
    }
    if not (block or is_foreign or context["note"]):
        return format_html("{}", text)
    return SafeString(render_to_string("components/user_text.html", context).strip())
