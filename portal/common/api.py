"""Refusals of the domain in the words of HTTP (RFC 9457 problem details)."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.common.errors import DomainError


def handle_error(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DomainError):
        return Response({"code": error.code, "detail": error.message}, status=error.status)
    return exception_handler(error, context)
