"""Every route, in every state of what it shows, with every method, as everybody: as tests/access/policy.py says."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from tests.access.asking import ABSENT, BROKEN, FORBIDDEN, LOGIN, METHOD, OPEN, Answer, Asker, path_of, shape_of
from tests.access.policy import POLICY, Line
from tests.access.routes import all_routes
from tests.access.world import EVERYBODY, OUTSIDE, AccessWorld, make_access_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ADMIN = "admin:"
GROUPS = sorted({route.partition(":")[0] if ":" in route else "site" for route in POLICY})
NOBODYS = {"public_id": "X00000000", "pk": 999_999_999, "geonames_id": 999_999_999, "solution_id": "S00000000",
           "demand_id": "D00000000", "profile_id": "nonsense"}  # fmt: skip


# Where a method is refused to everybody alike, or a page is absent for all alike, these stand for the rest.
SOME = (
    "visitor", "newcomer", "city_admin", "other_city_admin", "provider_admin", "other_provider_admin", "expert",
    "superuser",
)  # fmt: skip


@pytest.fixture
def world(db: None, settings: Any, caplog: pytest.LogCaptureFixture) -> AccessWorld:
    """A world for each group of routes: what one test changed, no other sees."""
    settings.STYLEGUIDE_PUBLIC = False
    caplog.set_level("ERROR", logger="django.request")  # thousands of refusals are what is asked for here
    return make_access_world()


@pytest.fixture
def asker(world: AccessWorld) -> Asker:
    return Asker(world)


def lines_of(group: str) -> Iterator[tuple[str, str, Line]]:
    for route, variants in POLICY.items():
        if (route.partition(":")[0] if ":" in route else "site") == group:
            for variant, line in variants.items():
                yield route, variant, line


def expected(line: Line, name: str, method: str) -> set[str]:
    people = line.read if method == "GET" else line.write
    if people is not None and name in people:
        return {OPEN}
    if people is None:
        return {METHOD, LOGIN, ABSENT, FORBIDDEN}
    if name in line.forbidden:
        return {FORBIDDEN}
    if name in OUTSIDE and line.asks:
        return {LOGIN}
    return {ABSENT}


def is_alike(line: Line, method: str) -> bool:
    """Open to everybody, or a method that nobody may use: a few persons stand for all."""
    people = line.read if method == "GET" else line.write
    return people is None or people == EVERYBODY


def leaks(world: AccessWorld, name: str, answer: Answer) -> list[str]:
    text = f"{answer.body} {answer.location}"
    return [word for word, readers in world.secrets.items() if name not in readers and word.lower() in text.lower()]


@pytest.mark.parametrize("group", GROUPS)
def test_everybody_gets_what_the_policy_says_and_no_word_of_others(group: str, asker: Asker) -> None:
    wrong, asked = [], 0
    for route, variant, line in lines_of(group):
        path = path_of(route, line.of(asker.world))
        for name in asker.clients:
            for method in ("GET", "POST"):
                if name not in SOME and is_alike(line, method):
                    continue
                answer = asker.ask(name, method, path)
                asked += 1
                where = f"{method} {route}[{variant}] as {name}: {answer.word} ({answer.status})"
                if answer.word not in expected(line, name, method):
                    wrong.append(f"{where}, not {'/'.join(sorted(expected(line, name, method)))} {answer.location}")
                wrong += [f"{where} shows {word}" for word in leaks(asker.world, name, answer)]
    assert asked > 0
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(wrong[:60])


def foreign(line: Line, name: str, method: str) -> bool:
    return expected(line, name, method) == {ABSENT}


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_not_for_somebody_looks_as_if_it_were_not_there(group: str, asker: Asker) -> None:
    wrong, compared = [], 0
    for route, variant, line in lines_of(group):
        arguments = line.of(asker.world)
        nobodys = {key: NOBODYS.get(key, value) for key, value in arguments.items()}
        if nobodys == arguments:
            continue
        path, empty = path_of(route, arguments), path_of(route, nobodys)
        for name in SOME:
            for method in ("GET", "POST"):
                if foreign(line, name, method):
                    compared += 1
                    there, nowhere = asker.ask(name, method, path), asker.ask(name, method, empty)
                    if shape_of(there, path) != shape_of(nowhere, empty):
                        wrong.append(f"{method} {route}[{variant}] as {name}: {there.status}, nowhere {nowhere.status}")
    assert not wrong, f"{len(wrong)} of {compared}:\n" + "\n".join(wrong[:40])


OTHER_METHODS = ("PUT", "DELETE", "OPTIONS", "HEAD")
THREE = ("visitor", "provider_admin", "superuser")


@pytest.mark.parametrize("group", GROUPS)
def test_other_methods_change_nothing_and_show_nothing_more(group: str, asker: Asker) -> None:
    wrong, asked = [], 0
    for route, variant, line in lines_of(group):
        path = path_of(route, line.of(asker.world))
        for name in THREE:
            for method in OTHER_METHODS:
                answer = asker.ask(name, method, path)
                asked += 1
                reads = method in ("HEAD", "OPTIONS")
                may = line.read is not None and name in line.read
                # A page that takes forms treats an unknown method as a reading; what counts is that nothing is written.
                if answer.word == BROKEN or (answer.word == OPEN and not may and not _is_description(method, answer)):
                    wrong.append(f"{method} {route}[{variant}] as {name}: {answer.word} ({answer.status})")
                if reads and method == "HEAD" and answer.body:
                    wrong.append(f"HEAD {route}[{variant}] has a body")
                wrong += [
                    f"{method} {route}[{variant}] as {name} shows {word}" for word in leaks(asker.world, name, answer)
                ]
    assert asked > 0
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(wrong[:40])


def _is_description(method: str, answer: Answer) -> bool:
    """What OPTIONS says of a class view: methods, no content of a record."""
    return method == "OPTIONS" and answer.status == 200 and len(answer.body) < 500


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    routes = {route for route in all_routes() if not route.startswith(ADMIN)}
    assert sorted(routes - set(POLICY)) == [], "routes nobody decided on"
    assert sorted(set(POLICY) - routes) == [], "lines whose route is gone"


def test_no_line_lets_everybody_write_but_at_the_entrance() -> None:
    entrance = {"account_login", "account_signup", "account_logout", "account_reset_password", "mfa_authenticate"}
    entrance |= {"account_reset_password_from_key"}
    # Behind links that were mailed, to people without an account.
    entrance |= {"confirmations:city-answer", "confirmations:link-renew", "introductions:follow-up-answer"}
    entrance |= {"notices:unsubscribe", "notices:resubscribe"}
    wide = {route for route, lines in POLICY.items() for line in lines.values() if line.write and line.write & OUTSIDE}
    assert wide == entrance


# --- the back office ------------------------------------------------------------------------------------------------


def admin_paths() -> list[str]:
    """Every address of the back office that needs no record, and those of a record with a number nobody has."""
    found = []
    for route in all_routes():
        if route.startswith(ADMIN):
            for arguments in (
                {},
                {"object_id": "1"},
                {"app_label": "catalog"},
                {"url": "x"},
                {"content_type_id": 1, "object_id": 1},
            ):
                try:
                    found.append(reverse(route, kwargs=arguments or None))
                    break
                except NoReverseMatch:
                    continue
    return found


def test_back_office_is_closed_to_all_who_do_not_work_there(asker: Asker) -> None:
    wrong, paths = [], admin_paths()
    outsiders = ["visitor", "deactivated", "city_admin", "provider_admin", "moderator", "administrator"]
    for path in paths:
        for name in outsiders:
            for method in ("GET", "POST"):
                answer = asker.ask(name, method, path)
                if answer.word in (OPEN, BROKEN) and not _leads_to_the_door(answer):
                    wrong.append(f"{method} {path} as {name}: {answer.status} {answer.location}")
                wrong += [f"{path} as {name} shows {word}" for word in leaks(asker.world, name, answer)]
    assert len(paths) > 30
    assert not wrong, "\n".join(wrong[:40])


def _leads_to_the_door(answer: Answer) -> bool:
    return (
        answer.location.startswith(("/admin/login/", "/en/account/login/", "/account/login/"))
        or answer.location == "/admin/"
    )


def test_back_office_opens_for_its_administrator(asker: Asker) -> None:
    assert asker.ask("back_office", "GET", "/admin/").status == 200
    assert asker.ask("back_office", "GET", reverse("admin:catalog_topic_changelist")).status == 200


def test_back_office_writes_no_record_that_has_a_page_of_its_own(asker: Asker) -> None:
    """Matches, organisations and people are decided on in actions that are audited; not even a superuser goes round."""
    wrong = []
    for route in all_routes():
        if route.startswith(ADMIN) and route.endswith("_add"):
            for name in ("back_office", "superuser"):
                answer = asker.ask(name, "GET", reverse(route))
                if answer.word == OPEN:
                    wrong.append(f"{route} as {name}: {answer.status}")
    assert not wrong
