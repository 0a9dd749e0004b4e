"""Browser tests: Debian's Chromium, the site on a live server, static files straight from the sources."""

import os
from collections.abc import Callable, Generator
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client

from tests.conftest import make_world

# Playwright's synchronous API runs inside an event loop of its own; Django would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
BLOCKER: list[Any] = []


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def base_url() -> str:
    """pytest-base-url's own is a fixture of a kind that pytest deprecates; addresses here are whole ones."""
    return ""


@pytest.fixture(autouse=True)
def _static_from_sources(settings: Any) -> None:
    """The live server finds files by their plain names; hashed ones are for the real server."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


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
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        name = site_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])

    return give


@pytest.fixture(scope="session", autouse=True)
def _remember_blocker(django_db_blocker: Any) -> None:
    BLOCKER.append(django_db_blocker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """A live server needs real commits, and the flush after them takes the vocabulary with it: put it back.

    After the last test there is no database any more.
    """
    yield
    if nextitem is not None and "live_server" in getattr(item, "fixturenames", ()):
        from catalog.vocabulary import load_vocabulary

        with BLOCKER[0].unblock():
            load_vocabulary()
