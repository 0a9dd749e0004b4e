"""The world of the access tests, put into the database once for each module; what a test changes is undone."""

import copy
from collections.abc import Generator, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils.functional import Promise

from portal.common.pdf import Document
from tests.access.asking import Asker, client_of
from tests.access.world import AccessWorld, make_access_world
from tests.conftest import MakeMould, World
from tests.mould import Mould


@cache
def _mould(make_mould: MakeMould) -> Mould:
    """Of the session, with its files: the world takes seconds to make."""

    def make() -> dict[str, Any]:
        world = make_access_world()
        parts = {"users": world.people, "records": world.world.records}
        more = {"mails": list(mail.outbox), "media": Path(portal_settings.MEDIA_ROOT)}
        return {"world": parts, "secrets": world.secrets, **more}

    return make_mould(make)


@pytest.fixture(scope="module")
def made(make_mould: MakeMould, django_db_blocker: Any) -> Generator[AccessWorld]:
    """In a transaction of the module's own: a test that has the mark `django_db` would close it."""
    mould = _mould(make_mould)
    with django_db_blocker.unblock(), transaction.atomic():
        mail.outbox = []
        parts = mould.cast()
        try:
            yield AccessWorld(World(**parts.pop("world")), **parts)
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
