"""The filter form of a list and the chips that take one filter away."""

from typing import Any

from django import forms, template
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

WORDS = "q"


def active_filters(form: forms.BaseForm, params: QueryDict) -> list[dict[str, str]]:
    """One entry for every value that narrows the list: field label, the value in words, the query without it."""
    found = []
    for bound in form:
        if bound.is_hidden or bound.name in form.errors:
            continue
        for value in params.getlist(bound.html_name):
            if value.strip():
                rest = params.copy()
                rest.setlist(bound.html_name, [other for other in params.getlist(bound.html_name) if other != value])
                rest.pop("page", None)
                words = _in_words(bound.field, value)
                label = getattr(bound.field, "plain_label", bound.label)
                found.append({"label": str(label), "value": words, "query": f"?{rest.urlencode()}"})
    return found


def _in_words(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return ""
    for key, label in getattr(field, "plain_choices", getattr(field, "choices", ())):
        inner = label if isinstance(label, (list, tuple)) else ((key, label),)
        for code, words in inner:
            if str(code) == value:
                return str(words)
    return value


@register.inclusion_tag("components/filter_panel.html", takes_context=True)
def filter_panel(context: Context, form: forms.BaseForm) -> dict[str, Any]:
    """A GET form with a button. On narrow screens all but the words to search for is a disclosure above the list, which
    stays shut so that what was found is in sight; the chips say what is set.
    """
    request = context["request"]
    words = form[WORDS] if WORDS in form.fields else None
    return {
        "words": words,
        "fields": [field for field in form if field.name != WORDS],
        "is_open": any(name != WORDS for name in form.errors),
        "is_set": bool(active_filters(form, request.GET)),
        "path": request.path,
    }


@register.inclusion_tag("components/filter_chips.html", takes_context=True)
def filter_chips(context: Context, form: forms.BaseForm) -> dict[str, Any]:
    request = context["request"]
    return {"chips": active_filters(form, request.GET), "path": request.path}


@register.inclusion_tag("components/sort_links.html", takes_context=True)
def sort_links(context: Context, form: Any) -> dict[str, Any]:
    """The orders of a `portal.common.listing.ListForm` as links; they keep the filters and go back to page 1."""
    return {"orders": form.offered_orders(), "current": form.order, "request": context["request"]}


@register.simple_tag
def why_found(form: Any, record: Any) -> SafeString:
    """Where the words searched for stand in a row of "Best match", marked; empty in other orders."""
    why = form.why(record)
    return SafeString(render_to_string("components/why_found.html", {"why": why}).strip() if why else "")


@register.inclusion_tag("components/search_note.html", takes_context=True)
def search_note(context: Context) -> dict[str, Any]:
    """What was searched instead of what was typed, and what could not be asked; of a page that `browse` made."""
    return {name: context[name] for name in ("form", "reading", "was_asked", "hits", "request")}
