"""What every test shares: the vocabulary in the database, a quick encoder, personas, and no way out to the network."""

import gc
import itertools
import socket
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django.test.client
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import override_settings, setup_databases, teardown_databases
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from whitenoise import WhiteNoise

from portal.accounts.models import Membership, User
from tests.cluster import alone, is_thrown_away
from tests.emptying import empty_filled_tables, note_vocabulary
from tests.factories import (
    DemandFactory,
    MembershipFactory,
    ProviderFactory,
    PublicBodyFactory,
    SolutionFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.mould import Mould, mould_of

# How long one example takes says more about who else uses the machine than about the code; tests of speed measure.
hypothesis_settings.register_profile("shared machine", deadline=None)
hypothesis_settings.load_profile("shared machine")

MakeMould = Callable[[Callable[[], Any]], Mould]
QUICK = {
    "EMBEDDING_BACKEND": "fake",
    "SEARCH_PATIENCE_MS": 0,  # nobody is there to answer
    "STAFF_SECOND_FACTOR": False,
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
}
MODEL = "urbanlink_model"  # the database that all workers' are copied from


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Generator[None]:
    """Every test finds the vocabulary; it is reference data, and loading it for each test would take most of the time.

    Instead of pytest-django's own, which makes no database unless a test carries its mark: `committed` does not.
    """
    with django_db_blocker.unblock():
        made = _make_databases()
        note_vocabulary()
    _leave_alone_what_stays()
    yield
    with django_db_blocker.unblock():
        # A server or thread of a test may still hold a connection; our own cluster goes with all its databases anyway.
        teardown_databases(made, verbosity=0, keepdb=is_thrown_away())


def _make_databases() -> Any:
    """The first worker migrates, the others copy what it made: migrating is most of a session's start."""
    from catalog.vocabulary import load_vocabulary

    with alone(MODEL) as folder:
        is_made = (folder / MODEL).exists()
        if is_made:
            connection.settings_dict["TEST"].update(TEMPLATE=MODEL, MIGRATE=False)
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[])
        if not is_made:
            load_vocabulary()
        if not is_made and is_thrown_away():
            _keep_as_model()
            (folder / MODEL).touch()
    return made


def _keep_as_model() -> None:
    """A database can be copied only while nobody is connected to it."""
    made = connection.settings_dict["NAME"]
    connection.close()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE {MODEL} TEMPLATE "{made}"')


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """After a test that commits, Django truncates every table, the vocabulary's too; we delete the rows there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_filled_tables())
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no worker is alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end: looking through them again and again for garbage is in vain.

    At Python's own thresholds, that look is a sixth of what the tests take.
    """
    gc.set_threshold(50_000, 20, 20)
    _leave_alone_what_stays()


def _leave_alone_what_stays() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_through_once() -> Generator[None]:
    """Each test client makes its middleware anew, and WhiteNoise's reads the whole folder: most of a small test."""
    look, found = WhiteNoise.update_files_dictionary, {}

    def look_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            look(self, root, prefix)
            found[root, prefix] = dict(self.files)
        self.files.update(found[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", look_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_pages_are_kept_for_looking_at() -> Generator[None]:
    """A test client copies the context of each template: of hundreds of components too, where tests read the page's."""
    keep = django.test.client.store_rendered_templates

    def keep_pages(store: Any, signal: Any, sender: Any, template: Any, context: Any, **kwargs: Any) -> None:
        if not (template.name or "").startswith(("components/", "django/forms/")):
            keep(store, signal, sender, template, context, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django.test.client, "store_rendered_templates", keep_pages)
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_quick_to_check() -> Generator[None]:
    """The same hash as in production, but not as hard to find: each took as long as ten pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScryptPasswordHasher, "work_factor", 2)
        yield


@pytest.fixture(scope="session")
def media_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that only come to be where something is stored: few tests store anything."""
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _quick_and_quiet(settings: Any, media_folders: Iterator[Path]) -> Any:
    for name, value in QUICK.items():
        setattr(settings, name, value)
    settings.MEDIA_ROOT = next(media_folders)
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests talk to this machine only; anything else is a mistake that must show."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@dataclass
class World:
    """Two cities, two providers, ICLEI staff, and a published record of each first party."""

    users: dict[str, User | AnonymousUser] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name in self.users:
            return self.users[name]
        if name in self.records:
            return self.records[name]
        raise AttributeError(name)


@pytest.fixture(scope="session")
def make_mould(django_db_setup: None, django_db_blocker: Any, media_folders: Iterator[Path]) -> MakeMould:
    """For fixtures of the session, so that no test's clock or settings are in what is made."""

    def of(make: Callable[[], Any]) -> Mould:
        folder = next(media_folders)
        with django_db_blocker.unblock(), override_settings(**QUICK, MEDIA_ROOT=folder), translation.override("en"):
            outbox, mail.outbox = mail.outbox, []
            try:
                return mould_of(make)
            finally:
                mail.outbox = outbox

    return of


@pytest.fixture(scope="session")
def _world_mould(make_mould: MakeMould) -> Mould:
    def make() -> dict[str, Any]:
        world = make_world()
        return {"users": world.users, "records": world.records}

    return make_mould(make)


@pytest.fixture
def world(db: None, _world_mould: Mould) -> World:
    return World(**_world_mould.cast())


def make_world() -> World:
    world = World()
    body, other_body = PublicBodyFactory(), PublicBodyFactory()
    provider, other_provider = ProviderFactory(), ProviderFactory()
    sides = {"city": body, "other_city": other_body, "provider": provider, "other_provider": other_provider}
    _add_members(world, sides)
    for role in ("moderator", "neutrality", "programme", "expert", "administrator"):
        world.users[role] = StaffRoleFactory(role=role, user__name=role).user
    world.users["deactivated"] = StaffRoleFactory(role="moderator", user__is_active=False).user
    world.users["newcomer"] = UserFactory(name="newcomer")
    world.users["visitor"] = AnonymousUser()
    world.records |= sides
    world.records["demand"] = DemandFactory(body=body)
    world.records["solution"] = SolutionFactory(provider=provider)
    return world


def _add_members(world: World, sides: dict[str, Any]) -> None:
    """Three of each side, all at once: a third of the tests begin with this."""
    members = {
        f"{name}_{role}": MembershipFactory.build(
            user=UserFactory.build(name=f"{name} {role}"), organisation=side.organisation, role=role
        )
        for name, side in sides.items()
        for role in ("editor", "approver", "admin")
    }
    world.users |= {name: member.user for name, member in members.items()}
    users = User.objects.bulk_create(member.user for member in members.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    Membership.objects.bulk_create(members.values())


@pytest.fixture
def client_of(client: Any) -> Callable[[Any], Any]:
    """A test client signed in as the persona (AnonymousUser: signed out)."""

    def sign_in(user: Any) -> Any:
        client.logout()
        if getattr(user, "pk", None):
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
