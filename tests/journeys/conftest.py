"""Browser tests: Debian's Chromium, the site on a live server, static files straight from the sources."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, Page, expect

from tests.conftest import make_world
from tests.journeys.people import People, session_of
from tests.journeys.windows import PATIENCE, Windows

# Playwright's synchronous API runs inside an event loop of its own; Django would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Its second compiler tunes scripts for hours of use, in threads of its own: a seventh of what it takes to judge a page.
NO_LAST_TUNING = "--js-flags=--no-turbofan"
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox", NO_LAST_TUNING]}


@pytest.fixture(scope="session")
def base_url() -> str:
    """pytest-base-url's own is a fixture of a kind that pytest deprecates; addresses here are whole ones."""
    return ""


@pytest.fixture(autouse=True)
def _static_from_sources(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The live server finds files by their plain names; hashed ones are for the real server. Browsers keep them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    serve = StaticFilesHandler.serve

    def serve_to_keep(self: Any, request: Any) -> Any:
        response = serve(self, request)
        response["Cache-Control"] = "max-age=600"
        return response

    monkeypatch.setattr(StaticFilesHandler, "serve", serve_to_keep)


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of the running site, without a slash at the end."""
    return live_server.url


@pytest.fixture
def world() -> Any:
    """The personas with their records, committed: the live server reads them through a connection of its own."""
    return make_world()


@pytest.fixture
def sign_in(site: str) -> Callable[[Any, Any], None]:
    """Give a browser context the session of a persona; the sign-in page has tests of its own."""

    def give(context: Any, user: Any) -> None:
        context.add_cookies([{**session_of(user), "url": site}])

    return give


@pytest.fixture(scope="session")
def all_windows(browser: Browser) -> Windows:
    return Windows(browser)


class Underway:
    """Requests that the live server answers just now, in threads of its own."""

    def __init__(self) -> None:
        self._count, self._changed = 0, threading.Condition()

    def begin(self, **signal: Any) -> None:
        self._add(1)

    def end(self, **signal: Any) -> None:
        self._add(-1)

    def _add(self, number: int) -> None:
        if threading.current_thread() is not threading.main_thread():  # a test client's are over when they are over
            with self._changed:
                self._count += number
                self._changed.notify_all()

    def wait(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._count <= 0, timeout=PATIENCE / 1000)
            self._count = 0


@pytest.fixture(scope="session")
def underway() -> Iterator[Underway]:
    found = Underway()
    request_started.connect(found.begin)
    request_finished.connect(found.end)
    yield found
    request_started.disconnect(found.begin)
    request_finished.disconnect(found.end)


@pytest.fixture
def windows(all_windows: Windows, underway: Underway) -> Iterator[Windows]:
    yield all_windows
    all_windows.give_back()
    underway.wait()  # before the tables are emptied, of which an answer may still read


@pytest.fixture
def page(windows: Windows) -> Page:
    """Instead of pytest-playwright's own, which opens a browser context for each test."""
    return windows.take()


@pytest.fixture
def people(windows: Windows, site: str) -> People:
    return People(windows, site, java_script=True)


@pytest.fixture
def plain(windows: Windows, site: str) -> People:
    """People whose browsers run no scripts."""
    return People(windows, site, java_script=False)
