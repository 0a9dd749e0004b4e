"""Refusals of the domain in the words of HTTP (RFC 9457 problem details)."""

import math
from typing import Any

from django.utils.translation import ngettext
from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.common.errors import DomainError


def handle_error(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DomainError):
        return Response({"code": error.code, "detail": error.message}, status=error.status)
    response = exception_handler(error, context)
    if response is not None and isinstance(error, Throttled):
        response.data = {"code": "throttled", "detail": _again_in(error.wait)}
    return response


def _again_in(seconds: float | None) -> str:
    """In the reader's language, with a second more: a caller that comes back too early only waits longer."""
    number = math.ceil(seconds or 0) + 1
    again = ngettext(
        "Too often in a short time. Try again in %(count)s second.",
        "Too often in a short time. Try again in %(count)s seconds.",
        number,
    )
    return again % {"count": number}
