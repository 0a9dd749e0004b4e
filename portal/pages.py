"""The pages of the site itself: home, about, help, the promises on accessibility and privacy, the style guide."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.generic import TemplateView

from portal.styleguide import samples


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state: for staff, and open where the setting says so."""
    if not (settings.STYLEGUIDE_PUBLIC or request.user.is_staff):
        raise Http404
    return render(request, "styleguide/index.html", samples(request))


def _page(route: str, name: str) -> object:
    return path(route, TemplateView.as_view(template_name=f"pages/{name.replace('-', '_')}.html"), name=name)


urlpatterns = [
    path("", home, name="home"),
    _page("about/", "about"),
    _page("about/data/", "data-sources"),
    _page("accessibility/", "accessibility"),
    _page("privacy/", "privacy"),
    _page("help/", "help"),
    _page("help/cities/", "help-cities"),
    _page("help/providers/", "help-providers"),
    _page("help/moderators/", "help-moderators"),
    path("styleguide/", styleguide, name="styleguide"),
]
