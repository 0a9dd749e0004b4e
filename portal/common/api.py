"""Refusals of the domain in the words of HTTP (RFC 9457 problem details)."""

import math
from typing import Any

from django.utils.translation import gettext, ngettext
from rest_framework.exceptions import NotAuthenticated, PermissionDenied, Throttled
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.common.errors import DomainError


def handle_error(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DomainError):
        return Response({"code": error.code, "detail": error.message}, status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Throttled):
        response.data = {"code": "throttled", "detail": _again_in(error.wait)}
    elif isinstance(error, NotAuthenticated) or _lacks_token(error):
        words = gettext(
            "Sign in on the portal first. The API takes its session, and its X-CSRFToken with every change."
        )
        response.data = {"code": "not_authenticated", "detail": words}
    return response


def _lacks_token(error: Exception) -> bool:
    return isinstance(error, PermissionDenied) and str(error.detail).startswith("CSRF Failed")


def _again_in(seconds: float | None) -> str:
    """In the reader's language, with a second more: a caller that comes back too early only waits longer."""
    number = math.ceil(seconds or 0) + 1
    again = ngettext(
        "Too often in a short time. Try again in %(count)s second.",
        "Too often in a short time. Try again in %(count)s seconds.",
        number,
    )
    return again % {"count": number}
