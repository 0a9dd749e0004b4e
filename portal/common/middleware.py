"""What no view should have to think of: hostile addresses, and refusals of the domain turned into pages."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.common.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]


def refuse_hostile_input(get_response: GetResponse) -> GetResponse:
    """A NUL in a path or query reaches PostgreSQL as an error 500 otherwise; nobody types one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "").lower()
        if "\0" in request.path_info or "%00" in query or "\0" in query:
            return render(request, "400.html", status=400)
        return get_response(request)

    return middleware


class translate_domain_errors:  # noqa: N801  (named like the function it would be, were process_exception a function)
    """A DomainError that no view caught becomes a page with its sentence and its status; nothing is half-written."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BadRequest):
            return render(request, "400.html", status=400)
        if not isinstance(exception, DomainError):
            return None
        context = {"error": exception, "messages": messages.get_messages(request)}
        return render(request, "errors/refused.html", context, status=exception.status)
