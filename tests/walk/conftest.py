"""One world for each module, one window for each worker; see window.py for how they come together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.db import transaction
from django.test import Client, override_settings
from django.utils import translation
from playwright.sync_api import Browser

from tests.access.asking import client_of
from tests.access.conftest import made
from tests.access.world import AccessWorld
from tests.journeys.conftest import base_url, browser_type_launch_args
from tests.walk.filling import fill
from tests.walk.room import Room
from tests.walk.window import Window, file_server

__all__ = ["base_url", "browser_type_launch_args", "made"]


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Window]:
    with file_server(Path(portal_settings.STATIC_ROOT).parent) as site:
        yield Window(browser, site)


@pytest.fixture(scope="session")
def rooms(browser: Browser, window: Window) -> tuple[Room, Room]:
    """One with scripts, one without."""
    return Room(browser, window.site), Room(browser, window.site, scripts=False)


@pytest.fixture(scope="module")
def filled(window: Window, rooms: tuple[Room, Room], made: AccessWorld, django_db_blocker: Any) -> AccessWorld:
    """After the window, always: with a browser open, Django's connection is another one."""
    quick = override_settings(EMBEDDING_BACKEND="fake", STAFF_SECOND_FACTOR=False, MEDIA_ROOT=made.media)
    with django_db_blocker.unblock(), quick, translation.override("en"):
        fill(made)
    return made


@pytest.fixture(scope="module")
def clients(filled: AccessWorld, django_db_blocker: Any) -> dict[str, Client]:
    with django_db_blocker.unblock():
        return {name: client_of(user) for name, user in filled.people.items()}


@pytest.fixture
def world(filled: AccessWorld, settings: Any, django_db_blocker: Any) -> Iterator[AccessWorld]:
    """Whatever reading a page changes is put back."""
    settings.MEDIA_ROOT = filled.media
    settings.STYLEGUIDE_PUBLIC = False
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with django_db_blocker.unblock(), transaction.atomic():
        yield filled
        transaction.set_rollback(True)
