"""The world of the access tests, made once for each module: it takes seconds, and what a test changes is undone."""

import copy
from collections.abc import Generator, Iterable
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings
from django.utils import translation
from django.utils.functional import Promise

from portal.common.pdf import Document
from tests.access.asking import Asker, client_of
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


@pytest.fixture(autouse=True)
def _printed_files_are_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """To set a page costs as much as a hundred answers, and nobody could search it for words."""

    def begin(self: Any, *, title: str, foot: str, **more: Any) -> None:
        self.words = [title, foot]

    def add(self: Any, *parts: Any, **more: Any) -> None:
        self.words.append(words_of(parts))

    def words_of(part: Any) -> str:
        is_text = isinstance(part, str | Promise) or not isinstance(part, Iterable)
        return str(part) if is_text else " ".join(map(words_of, part))

    monkeypatch.setattr(Document, "__init__", begin)
    for name in ("heading", "paragraph", "facts", "table"):
        monkeypatch.setattr(Document, name, add)
    monkeypatch.setattr(Document, "pages", 1)
    monkeypatch.setattr(Document, "content", lambda self: words_of(self.words).encode())


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


@pytest.fixture(scope="module")
def clients(made: AccessWorld, django_db_blocker: Any) -> dict[str, Client]:
    """Everybody is signed in once."""
    with django_db_blocker.unblock():
        return {name: client_of(user) for name, user in made.people.items()}


@pytest.fixture
def asker(world: AccessWorld, clients: dict[str, Client]) -> Asker:
    return Asker(world, clients)
