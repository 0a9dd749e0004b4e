"""What a list page costs the web process, in greetings: a bare view behind the middleware of a new Django project."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import clear_url_caches, path, reverse, set_urlconf

from tests.bench.clock import Cost, measure
from tests.bench.rows import Row, missing, row
from tests.bench.stage import prepare, show_demo

CALLS = 20
BARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def greet(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello")


urlpatterns = [path("", greet)]


def lists() -> Iterator[Row]:
    """The list of solutions as a visitor sees it, with the demo in the database."""

    prepare(pages=True)
    show_demo()
    address = reverse("catalog:solution-list")
    greeting, page = bare_greeting(), asked(WSGIHandler(), address)
    status, headers, length = page()
    if status != 200:
        yield missing("list page", f"{address} answered {status}")
        return
    raw = cost(page)
    goal = "≤ 8"
    yield row("Django greeting, CPU ms", greeting.cpu * 1000)
    yield row(f"list page of {length / 1000:.0f} kB, CPU ms", raw.cpu * 1000)
    yield row("list page CPU ÷ Django greeting's", raw.products / greeting.products, goal)
    yield again(WSGIHandler(), address, headers, greeting)


def again(handler: WSGIHandler, address: str, headers: dict[str, str], greeting: Cost) -> Row:
    """The same page asked for by a browser that has it, or by the next visitor where the portal keeps pages."""
    known = {"HTTP_IF_NONE_MATCH": headers["ETag"]} if "ETag" in headers else {}
    page = asked(handler, address, **known)
    status, _headers, _length = page()
    note = f"answered {status}" if known else "no validator and no page cache: every visit is rendered"
    return row("list page cached, CPU ÷ Django greeting's", cost(page).products / greeting.products, "≤ 1.5", note)


def bare_greeting() -> Cost:
    with override_settings(MIDDLEWARE=BARE, ROOT_URLCONF=__name__):
        clear_url_caches()
        found = cost(asked(WSGIHandler(), "/"))
    set_urlconf(None)
    clear_url_caches()
    return found


def cost(page: Callable[[], object]) -> Cost:
    page()
    return measure(lambda: [page() for _ in range(CALLS)], rounds=7).per(CALLS)


def asked(handler: WSGIHandler, address: str, **more: str) -> Callable[[], tuple[int, dict[str, str], int]]:
    """A call that answers as a web server would have it: status, headers, bytes."""
    factory = RequestFactory(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en", **more)  # type: ignore[arg-type]

    def call() -> tuple[int, dict[str, str], int]:
        environ: dict[str, Any] = {**factory._base_environ(PATH_INFO=address), "wsgi.input": io.BytesIO()}
        said: list[Any] = []
        response = handler(environ, lambda status, headers: said.extend((status, dict(headers))))
        length = sum(len(part) for part in response)
        response.close()
        return int(said[0].split()[0]), said[1], length

    return call
