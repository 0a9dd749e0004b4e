"""Tags about the page itself: links that know where they are, query strings, htmx."""

import json
from functools import lru_cache
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

register = template.Library()

# `allowEval` off for the CSP; `historyCacheSize` 0 because htmx would keep confidential pages in localStorage.
# 409 and 422 carry a page for the reader, so they are shown like any other answer.
HTMX_CONFIG = {
    "allowEval": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "disableInheritance": True,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "409|422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}


@register.simple_block_tag(takes_context=True)
def head_title(context: Context, content: str) -> SafeString:
    """The page's title, for the window and for whoever shares the address: a block can be written once only."""
    error = gettext("Error:") + " " if context["page_has_errors"] else ""
    tags = '<title>{}{} – {}</title>\n<meta property="og:title" content="{}">'
    return format_html(tags, error, content, context["portal"].name, content)


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: str, css: str = "") -> SafeString:
    """A link to a page of the site by URL name, marked when it is, or leads, the page being read."""
    url = _address(name, get_language(), get_urlconf(), get_script_prefix())
    if not url:
        return SafeString("")
    request = context.get("request")
    here = request.path if request else ""
    current = "page" if here == url else "true" if here.startswith(url) and url.count("/") > 2 else ""
    return _link(url, conditional_escape(label), css, current)


@lru_cache(maxsize=4096)
def _link(url: str, label: SafeString, css: str, current: str) -> SafeString:
    return format_html(
        '<a href="{}"{}{}>{}</a>',
        url,
        format_html(' class="{}"', css) if css else "",
        format_html(' aria-current="{}"', current) if current else "",
        label,
    )


@lru_cache(maxsize=1024)
def _address(name: str, language: str | None, urlconf: str | None, prefix: str) -> str:
    """Of a page without arguments; "" when there is none. A page has fifty such links."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def nav_item(context: Context, name: str, label: str, css: str = "") -> SafeString:
    """`nav_link` as an item of a list; nothing at all when the site has no such page."""
    link = nav_link(context, name, label, css)
    return SafeString(f"<li>{link}</li>") if link else link


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query string of this page with some values changed: `{% query page=2 sort=None %}`. None drops a key."""
    params: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag
def htmx() -> SafeString:
    """htmx and its settings, for the block of that name, on the few pages that gain from it."""
    return format_html(
        '<meta name="htmx-config" content="{}">\n<script src="{}" defer></script>',
        json.dumps(HTMX_CONFIG),
        static("django_htmx/htmx-2.min.js"),
    )
