"""The pages of the site itself: home, about, help, the promises on accessibility and privacy, the style guide."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from cities.geography import ATTRIBUTIONS
from cities.models import Demand
from matching.gap import headline
from portal.programmes.models import Call
from portal.styleguide import samples

LATEST = 5
CALLS = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, two ways in, the gap, the latest demands: the same page for everybody."""
    demands = Demand.objects.public().live().for_list().order_by("-published_at", "-pk")[:LATEST]
    calls = Call.objects.open()[:CALLS]
    return render(request, "pages/home.html", {"demands": demands, "figures": headline(), "open_calls": calls})


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state: for staff, and open where the setting says so."""
    if not (settings.STYLEGUIDE_PUBLIC or request.user.is_staff):
        raise Http404
    return render(request, "styleguide/index.html", samples(request))


@cache
def _broken_page() -> tuple[str, str]:
    """The page for errors 500 and its policy. Read as a file: whatever broke may be templates, data or translations."""
    text = (Path(settings.BASE_DIR) / "templates" / "500.html").read_text(encoding="utf-8")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode() if style else ""
    return text, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"


def server_error(request: HttpRequest) -> HttpResponse:
    text, policy = _broken_page()
    return HttpResponse(text, status=500, headers={"Content-Security-Policy": policy})


def _page(route: str, name: str, **extra: object) -> URLPattern:
    view = TemplateView.as_view(template_name=f"pages/{name.replace('-', '_')}.html", extra_context=extra)
    return path(route, view, name=name)


urlpatterns = [
    path("", home, name="home"),
    _page("about/", "about"),
    _page("about/data/", "data-sources", sources=ATTRIBUTIONS),
    _page("accessibility/", "accessibility"),
    _page("privacy/", "privacy"),
    _page("help/", "help"),
    _page("help/cities/", "help-cities"),
    _page("help/providers/", "help-providers"),
    _page("help/moderators/", "help-moderators"),
    path("styleguide/", styleguide, name="styleguide"),
]
