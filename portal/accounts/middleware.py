"""What every request owes a person: a second factor of staff, forms that say what is wrong, times of their zone."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

# What somebody who still has to enrol may open.
OPEN = ("account_", "mfa_", "language-keep")


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


class mark_form_errors:  # noqa: N801  (Django asks process_template_response of an instance)
    """Forms of other packages' views answer as ours do: status 422, an error summary, `Error:` in the title."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and isinstance(form, BaseForm) and form.errors:
            response.status_code = 422
            response.context_data |= {"page_has_errors": True, "error_forms": [form]}
        return response


def use_time_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Times in the zone that the reader chose; in UTC for everybody else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "time_zone", "")
        if not zone or zone == settings.TIME_ZONE:
            return get_response(request)
        with timezone.override(zone):
            return get_response(request)

    return middleware
