"""What search engines, previews and home screens ask for: robots.txt, the sitemap, the manifest, the old icon."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.core.paginator import EmptyPage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from catalog.models import Provider, Solution
from cities.models import Demand
from matching.experts.models import Expert
from portal.common.languages import LANGUAGES
from portal.common.pagination import KeysFirst
from portal.programmes.models import Call, Event, Programme

# Not for anybody's search: machines' doors, and what only a session makes a page of.
CLOSED = ("/admin/", "/api/", "/*/my/", "/*/queue/", "/*/workspace/")
PAGES = (
    "home", "cities:demand-list", "catalog:solution-list", "programmes:programme-list", "matching:gap",
    "matching:ranking-policy", "matching:expert-list", "help", "help-cities", "help-providers", "help-moderators",
    "programmes:programme-help", "about", "data-sources", "accessibility", "privacy", "api-docs",
)  # fmt: skip
# More records than there will ever be, still a number of a row for the database.
UNCOUNTED = 10**15


class InEveryLanguage(Sitemap):
    """Each page once for each language, and with it the addresses of the others. Only the prefix tells them apart.

    Django's own would hold every record in memory seven times to say the same, and its template every address.
    """

    # Records, so 700 addresses with eight others each: half a megabyte, of the 50,000 addresses that a file may have.
    limit = 100
    protocol = "https" if settings.SITE_URL.startswith("https:") else "http"

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[Any]:
        """Not Django's entries: what stands in the file, a text a record."""
        records = self.page(page)
        with translation.override("en"):
            paths = [self.path_of(record).removeprefix("/en") for record in records]
        changed = [getattr(record, "updated_at", None) for record in records]
        return [_entries(*one) for one in zip(paths, changed, strict=True)]

    def page(self, number: int | str) -> Iterable[Any]:
        return self.paginator.page(number).object_list

    def path_of(self, record: Any) -> str:
        path: str = record.get_absolute_url()
        return path


def _entries(path: str, changed: datetime | None) -> SafeString:
    """As Django's template, which looks up and escapes each of the 6,000 addresses of a file for itself."""
    site, path = escape(settings.SITE_URL.rstrip("/")), escape(path)
    tagged = [*((one.tag, f"{site}/{one.code}{path}") for one in LANGUAGES), ("x-default", f"{site}{path}")]
    others = "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href="{place}"/>' for tag, place in tagged)
    day = f"<lastmod>{timezone.localdate(changed)}</lastmod>" if changed else ""
    return SafeString("".join(f"<url><loc>{place}</loc>{day}{others}</url>" for _tag, place in tagged[:-1]))


class OwnPages(InEveryLanguage):
    def items(self) -> tuple[str, ...]:
        return PAGES

    def path_of(self, record: str) -> str:
        return reverse(record)


class Records(InEveryLanguage):
    """What a visitor may read; the newest come last, so that what was said of a full file stays true."""

    def __init__(self, records: QuerySet[Any]) -> None:
        self.records = records

    def items(self) -> QuerySet[Any]:
        return self.records.order_by("pk")

    def page(self, number: int | str) -> Iterable[Any]:
        """By keys first: what stands before a late page is skipped in an index, not read. Nor is anything counted:
        whether there is such a page, its records say.
        """
        found = KeysFirst(self.items(), self.limit, known_count=UNCOUNTED).page(number)
        if not found.object_list and found.number > 1:
            raise EmptyPage
        return found.object_list


def _visible(model: Any) -> Records:
    return Records(model.objects.visible_to(AnonymousUser()))


def _providers() -> Records:
    found = Provider.objects.visible_to(AnonymousUser()).select_related("organisation")
    return Records(found.only("updated_at", "organisation__public_id", "organisation__kind"))


SECTIONS: dict[str, Sitemap] = {
    "pages": OwnPages(),
    "demands": Records(Demand.objects.public().select_related(None).only("public_id", "updated_at")),
    "solutions": Records(Solution.objects.listed().select_related(None).only("public_id", "updated_at")),
    "providers": _providers(),
    "programmes": _visible(Programme),
    "calls": _visible(Call),
    "events": _visible(Event),
    "experts": _visible(Expert),
}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {settings.SITE_URL.rstrip('/')}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """For home screens. One for all languages: its start leads to the reader's own."""
    sizes = {"180x180": "portal/touch-icon.png", "512x512": "portal/icon-512.png"}
    icons = [{"src": static(file), "sizes": size, "type": "image/png"} for size, file in sizes.items()]
    icons.append({"src": static("portal/favicon.svg"), "sizes": "any", "type": "image/svg+xml"})
    about = {"name": settings.SITE_NAME, "short_name": settings.SITE_NAME, "start_url": "/", "display": "browser"}
    about["description"] = gettext("Linking what cities need with what works")
    colours = {"background_color": "#f6f5f0", "theme_color": "#0a3a43"}
    return JsonResponse({**about, **colours, "icons": icons}, content_type="application/manifest+json")


@require_safe
def old_icon(request: HttpRequest) -> HttpResponseRedirect:
    """Asked for by browsers and mail programs that read no page."""
    return HttpResponseRedirect(static("portal/touch-icon.png"))


_sitemaps = {"sitemaps": SECTIONS}
urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("favicon.ico", old_icon, name="old-icon"),
    path(
        "sitemap.xml",
        require_safe(sitemap_views.index),
        {**_sitemaps, "sitemap_url_name": "sitemap-section"},
        name="sitemap",
    ),
    path(
        "sitemap-<section>.xml",
        require_safe(sitemap_views.sitemap),
        {**_sitemaps, "template_name": "pages/sitemap.xml"},
        name="sitemap-section",
    ),
]
