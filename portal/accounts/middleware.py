"""Staff work behind a second factor, or they do not work."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

# What somebody who still has to enrol may open.
OPEN = ("account_", "mfa_", "set_language")


def require_second_factor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        user = request.user
        if not settings.STAFF_SECOND_FACTOR or not user.is_authenticated or not (user.staff_roles or user.is_staff):
            return None
        name = request.resolver_match.url_name or "" if request.resolver_match else ""
        if name.startswith(OPEN) or is_mfa_enabled(user):
            return None
        return redirect(reverse("mfa_activate_totp"))

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware
