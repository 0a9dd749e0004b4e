"""The world of the access tests, made once for each module: it takes seconds, and what a test changes is undone."""

import copy
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from tests.access.world import AccessWorld, make_access_world
from tests.conftest import World


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Generator[AccessWorld]:
    """In a transaction of the module's own: a test that has the mark `django_db` would close it."""
    media = tmp_path_factory.mktemp("media")
    quick = override_settings(EMBEDDING_BACKEND="fake", STAFF_SECOND_FACTOR=False, MEDIA_ROOT=media)
    with django_db_blocker.unblock(), transaction.atomic():
        mail.outbox = []
        with quick, translation.override("en"):
            world = make_access_world()
        world.mails, world.media = list(mail.outbox), media
        try:
            yield world
        finally:
            transaction.set_rollback(True)


@pytest.fixture
def world(made: AccessWorld, settings: Any, caplog: pytest.LogCaptureFixture) -> Generator[AccessWorld]:
    """Records as they were made, in the database and in memory."""
    settings.MEDIA_ROOT = made.media
    settings.STYLEGUIDE_PUBLIC = False
    caplog.set_level("ERROR", logger="django.request")  # thousands of refusals are what is asked for here
    with transaction.atomic():
        parts = copy.deepcopy({"users": made.people, "records": made.world.records})
        yield replace(made, world=World(**parts))
        transaction.set_rollback(True)
