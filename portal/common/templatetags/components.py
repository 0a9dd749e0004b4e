"""The components as template tags. The style guide shows each in every state; templates/components lists them."""

import zlib
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django import template
from django.contrib.messages import get_messages
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.common.cards import Explanation
from portal.common.terms import TERMS

register = template.Library()

# What Django's own fields and validators find wrong, in words that do not name the field.
UNNAMED = frozenset(
    {
        "required",
        "invalid",
        "hidden",
        "min_value",
        "max_value",
        "min_length",
        "max_length",
        "max_digits",
        "max_decimal_places",
    }
)

TONES = ("neutral", "info", "success", "warning", "danger")
TONE_ICONS = {"neutral": "info", "info": "info", "success": "check", "warning": "warning", "danger": "warning"}
# 16 × 16, drawn with strokes so that they follow the text colour in every mode.
ICONS = {
    "globe": '<circle cx="8" cy="8" r="6.2"/><path d="M1.8 8h12.4M8 1.8c4 4 4 8.4 0 12.4M8 1.8c-4 4-4 8.4 0 12.4"/>',
    "person": '<circle cx="8" cy="5" r="3"/><path d="M2.2 14.3c.8-3.3 3-4.8 5.8-4.8s5 1.5 5.8 4.8"/>',
    "check": '<path d="m2.5 8.5 3.5 3.5 7.5-8"/>',
    "cross": '<path d="m3.5 3.5 9 9m0-9-9 9"/>',
    "question": '<path d="M5 5.5C5 3.5 6.3 2.5 8 2.5s3 1 3 2.8C11 7.5 8 7.5 8 9.8M8 13v.3"/>',
    "info": '<circle cx="8" cy="8" r="6.2"/><path d="M8 7.3v3.9M8 4.7v.3"/>',
    "warning": '<path d="M8 2 14.5 13.5h-13zM8 6.5v3M8 11.6v.1"/>',
    "arrow": '<path d="M2.5 8h11m-4.5-4.5L13.5 8 9 12.5"/>',
    "print": '<path d="M4 6V2h8v4M4 11.5H2V6h12v5.5h-2M4 9.5h8V14H4z"/>',
    "up": '<path d="M8 13.5v-11M3.5 7 8 2.5 12.5 7"/>',
}


def _check_tone(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}; one of {', '.join(TONES)}")
    return tone


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative picture: what it means must also stand in words."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.8"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        SafeString(ICONS[name]),
    )


@register.inclusion_tag("components/button.html")
def button(
    label: str, href: str = "", kind: str = "primary", type: str = "submit", name: str = "", value: str = "",
    form: str = "", key: str = "", small: bool = False, context_text: str = "", disabled: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """A link (with `href`) or a button. `key` is its keyboard shortcut; `context_text` is read out, not shown."""
    if kind not in ("primary", "secondary", "quiet", "danger"):
        raise ValueError(f"unknown kind of button {kind!r}")
    return dict(locals())


@register.simple_tag
def badge(label: str, tone: str = "neutral") -> SafeString:
    """A state as a word with a tone. The word is always there: colour alone says nothing."""
    return format_html('<span class="badge tone-{}">{}</span>', _check_tone(tone), label)


@register.simple_tag
def status(thing: Any) -> SafeString:
    """The badge of an enum member, or of a record by its state: the enum knows label and tone."""
    member = thing if hasattr(thing, "tone") else _state_of(thing)
    return badge(member.label, member.tone)


def _state_of(record: Any) -> Any:
    """The state of a Demand as a DemandState: every app keeps `<Model>State` in its enums module."""
    enums = import_module(f"{record._meta.app_config.name}.enums")
    return getattr(enums, f"{record._meta.object_name}State")(record.state)


@register.simple_block_tag
def banner(content: str, tone: str = "info", title: str = "", role: str = "") -> SafeString:
    """A notice. `role="alert"` only for the answer to what the reader just did."""
    context = {"content": content, "tone": _check_tone(tone), "title": title, "role": role}
    context["icon_name"] = TONE_ICONS[tone]
    return render_to_string("components/banner.html", context)


@register.inclusion_tag("components/message_list.html", takes_context=True)
def message_list(context: Context) -> dict[str, Any]:
    """Django's messages as banners."""
    tones = {"debug": "neutral", "error": "danger"}
    request = context.get("request")
    found = get_messages(request) if request else []
    rows = [(tones.get(message.level_tag, message.level_tag or "info"), message.message) for message in found]
    return {"rows": [{"tone": tone, "icon_name": TONE_ICONS[tone], "text": text} for tone, text in rows]}


def first_input_id(field: BoundField) -> str:
    """Where a link from the error summary leads: the first input of the field."""
    own = field.id_for_label
    return own or f"{field.auto_id}_0"


def _flat(items: Iterable[Any]) -> Iterable[BaseForm | BaseFormSet]:
    for item in items:
        if isinstance(item, (list, tuple)):
            yield from _flat(item)
        elif item:
            yield item


def _errors_of(item: BaseForm | BaseFormSet) -> Iterable[dict[str, str]]:
    if isinstance(item, BaseFormSet):
        yield from ({"text": text, "target": ""} for text in item.non_form_errors())
        for form in item.forms:
            yield from _errors_of(form)
        return
    yield from ({"text": text, "target": ""} for text in item.non_field_errors())
    for field in item:
        target = "" if field.is_hidden else first_input_id(field)
        for error in field.errors.as_data():
            yield from ({"text": _named(text, error.code, field), "target": target} for text in error.messages)


def _named(text: str, code: str | None, field: BoundField) -> str:
    """Django says "Enter a valid date.", which in a list of three dates means nothing. Brackets need no grammar."""
    if code in UNNAMED and str(field.label) not in text:
        return _("%(error)s (%(label)s)") % {"label": field.label, "error": text}
    return text


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """All errors of forms and formsets, in the order of the fields, in the fields' own words, each a link."""
    return {"rows": [error for item in _flat(forms) for error in _errors_of(item)]}


@register.simple_block_tag
def row(
    content: str,
    title: str,
    url: str = "",
    meta: Iterable[str] = (),
    side: str = "",
    lang: str = "",
    heading: int = 3,
    title_id: str = "",
) -> SafeString:
    """One record of a list (`<ul class="rows">`): linked title, a line of facts, text, badges at the side.

    ``title_id``: for what in the row is described by its title.
    """
    return render_to_string("components/row.html", dict(locals()))


@register.simple_tag
def fact(label: str, value: Any = "", change_url: str = "", none: str = "") -> SafeString:
    """A row of a `<dl class="facts">`. An empty value reads "Not stated" or what `none` says."""
    return _fact(label, value, change_url, none)


@register.simple_block_tag
def fact_block(content: str, label: str, change_url: str = "", none: str = "") -> SafeString:
    """As `fact`, with markup as the value."""
    return _fact(label, SafeString(content.strip()), change_url, none)


def _fact(label: str, value: Any, change_url: str, none: str) -> SafeString:
    context = {"label": label, "value": value, "change_url": change_url, "none": none or _("Not stated")}
    return render_to_string("components/fact.html", context)


@register.simple_block_tag
def tabs(content: str, label: str) -> SafeString:
    """Views of the same thing as links, filled with `tab` tags."""
    return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', label, content)


@register.inclusion_tag("components/tab.html")
def tab(label: str, url: str, current: bool = False, count: int | None = None) -> dict[str, Any]:
    return dict(locals())


@register.simple_block_tag
def table(content: str, caption: str) -> SafeString:
    """Wraps `<thead>`/`<tbody>` in a table with a caption, in a region that scrolls sideways and can be focused."""
    identity = f"table-{zlib.crc32(str(caption).encode()):08x}"
    return render_to_string("components/table.html", {"content": content, "caption": caption, "identity": identity})


@register.inclusion_tag("components/score_bar.html")
def score_bar(value: float | None, most: float = 100, lost: bool = False) -> dict[str, Any]:
    """A bar as an SVG rectangle; the figure must stand beside it in words. None draws nothing."""
    width = 0.0 if value is None or most <= 0 else max(0.0, min(100.0, 100 * value / most))
    return {"width": f"{width:.2f}", "empty": value is None, "lost": lost}


@register.inclusion_tag("components/explained_match.html")
def explained_match(explanation: Explanation, heading: int = 2) -> dict[str, Any]:
    """The score, where its points come from, the must-haves, what is not known, what would raise it."""
    return {"e": explanation, "heading": heading, "below": heading + 1}


@register.simple_block_tag
def timeline_item(content: str, title: str, when: Any = "", state: str = "") -> SafeString:
    """An item of `<ol class="timeline">`; state is "done", "current" or nothing (still to come)."""
    words = {"done": _("done"), "current": _("now"), "": ""}
    context = {"content": content, "title": title, "when": when, "state": state, "word": words[state]}
    return render_to_string("components/timeline_item.html", context)


@register.inclusion_tag("components/task.html")
def task(label: str, status: str, url: str = "", tone: str = "neutral", hint: str = "") -> dict[str, Any]:
    """An item of `<ul class="tasks">`: what to do, its state in a word; without `url` it cannot be started yet."""
    identity = f"task-{zlib.crc32(f'{label} {url}'.encode()):08x}"  # lists of tasks share a page
    return {"label": label, "word": status, "url": url, "tone": _check_tone(tone), "hint": hint, "identity": identity}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page) -> dict[str, Any]:
    """Numbered pages; the links keep the filters."""
    paginator = page.paginator
    numbers = list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {"page": page, "numbers": numbers, "gap": paginator.ELLIPSIS, "request": context["request"]}


@register.simple_block_tag
def empty_state(content: str, title: str, action_label: str = "", action_url: str = "", heading: int = 2) -> SafeString:
    """Says why there is nothing here and offers one next step."""
    return render_to_string("components/empty_state.html", dict(locals()))


@register.simple_block_tag
def disclosure(content: str, summary: str, is_open: bool = False) -> SafeString:
    """More for who wants it; works without JavaScript."""
    return render_to_string("components/disclosure.html", dict(locals()))


@register.simple_block_tag
def action_bar(content: str, label: str) -> SafeString:
    """Actions that stay in view at the bottom. The page's scroll padding keeps the focus visible above it."""
    return format_html('<div class="action-bar" role="region" aria-label="{}"><div>{}</div></div>', label, content)


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*steps: str) -> dict[str, Any]:
    """The way here, from the home page: label, URL, label, URL. The page itself is not repeated."""
    if len(steps) % 2:
        raise ValueError("breadcrumbs come in pairs of label and URL")
    return {"steps": list(zip(steps[::2], steps[1::2], strict=True))}


@register.inclusion_tag("components/term.html", takes_context=True)
def term(context: Context, key: str) -> dict[str, Any]:
    """A small button that explains a word of the portal, the first time it stands on a page; nothing after that."""
    request = context.get("request")
    shown: set[str] = request.__dict__.setdefault("shown_terms", set()) if request is not None else set()
    if key in shown:
        return {}
    shown.add(key)
    return {"key": key, "term": TERMS[key]}
