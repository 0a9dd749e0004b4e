"""Every address of the portal. Pages carry their language; the API, health checks and static files do not."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal import health
from portal.api import docs

# Django's own sign-in knows neither the second factor nor the limit on attempts: the back office uses everybody's.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("portal.discovery")),
    path("api/v1/", include("portal.api")),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", include("portal.pages")),
        path("developers/", docs, name="api-docs"),
        path("account/", include("portal.accounts.allauth_urls")),
        path("", include("portal.accounts.urls")),
        path("", include("catalog.confirmations.urls")),
        path("", include("catalog.partnerships.urls")),
        path("", include("catalog.urls")),
        path("", include("cities.coach.urls")),
        path("", include("cities.urls")),
        path("", include("matching.urls")),
        path("", include("matching.introductions.urls")),
        path("", include("matching.pooling.urls")),
        path("", include("portal.notices.urls")),
        path("", include("portal.programmes.urls")),
        path("", include("portal.guidance.urls")),
        path("", include("portal.imports.urls")),
        path("", include("portal.translating.urls")),
        path("", include("portal.searches.urls")),
        path("", include("portal.mine")),
        prefix_default_language=True,
    ),
]

# Static, because whatever broke may be what a template needs.
handler500 = "portal.pages.server_error"
