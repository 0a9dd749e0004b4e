"""Every route, in every state of what it shows, with every method, as everybody: as tests/access/policy.py says."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.urls import NoReverseMatch, reverse

from tests.access.asking import ABSENT, BROKEN, FORBIDDEN, LOGIN, METHOD, OPEN, Answer, Asker, path_of, shape_of
from tests.access.policy import POLICY, Line
from tests.access.routes import all_routes
from tests.access.world import EVERYBODY, OUTSIDE, SIDES, AccessWorld

pytestmark = pytest.mark.slow
ADMIN = "admin:"
GROUPS = sorted({route.partition(":")[0] if ":" in route else "site" for route in POLICY})
NOBODYS = {"public_id": "X00000000", "pk": 999_999_999, "geonames_id": 999_999_999, "solution_id": "S00000000",
           "demand_id": "D00000000", "profile_id": "nonsense"}  # fmt: skip


# These stand for the rest: of those whom a page is hidden from, of the readers of a page that is open to all alike, of
# those whom a method is refused to everybody alike, and of those who find nothing where nothing is.
SOME = (
    "visitor", "newcomer", "city_admin", "other_city_admin", "provider_admin", "other_provider_admin", "expert",
    "superuser",
)  # fmt: skip
READERS = ("visitor", "city_admin", "other_provider_admin", "expert", "superuser")  # the others walk: test_crawl
THREE = ("visitor", "provider_admin", "superuser")
TWO = ("newcomer", "superuser")
# One has the other's role, and the back office beside it. A session of the other is worth nothing, by every door.
ALIKE = {
    ("GET", "administrator"): "back_office",
    ("POST", "administrator"): "back_office",
    ("POST", "deactivated"): "visitor",
}


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


def is_spoken_for(line: Line, name: str, method: str) -> bool:
    """Whether somebody else who is asked stands for this person: see READERS, THREE, SIDES and ALIKE."""
    people = line.read if method == "GET" else line.write
    alike = ALIKE.get((method, name))
    if alike and all((name in group) == (alike in group) for group in (people or (), line.forbidden)):
        return True
    if people is None:
        return name not in THREE
    if people == EVERYBODY:
        return name not in READERS
    return any(name in side[:-1] and not {*side} & (people | line.forbidden) for side in SIDES)


def leaks(world: AccessWorld, name: str, answer: Answer) -> list[str]:
    found = world.secrets_in(f"{answer.body} {answer.location}")
    return [word for word in found if name not in world.secrets[word]]


@dataclass(frozen=True, slots=True)
class Nowhere:
    """What somebody gets at the address of a record that nobody has, asked once for all states of the real one."""

    asker: Asker
    shapes: dict[tuple[str, str, str], tuple[int, str]] = field(default_factory=dict)
    usual: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def is_like(self, shape: tuple[int, str], name: str, method: str, path: str) -> bool:
        """Asked as TWO at each address; others are told what they usually are, which asking them again only repeats."""
        usual = self.usual.get((name, method))
        return (shape == usual and name not in TWO) or shape == self.shape(name, method, path)

    def shape(self, name: str, method: str, path: str) -> tuple[int, str]:
        key = (name, method, path)
        if key not in self.shapes:
            self.shapes[key] = shape_of(self.asker.ask(*key), path)
            self.usual.setdefault((name, method), self.shapes[key])
        return self.shapes[key]


def questions(group: str, world: AccessWorld) -> Iterator[tuple[str, Line, str, str, str, str]]:
    """For each question its name, the line, who asks, how, where, and where nothing of the kind is ("" without key)."""
    for route, variant, line in lines_of(group):
        arguments = line.of(world)
        nobodys = {key: NOBODYS.get(key, value) for key, value in arguments.items()}
        path, empty = path_of(route, arguments), path_of(route, nobodys) if nobodys != arguments else ""
        for name in world.people:
            for method in ("GET", "POST"):
                if not is_spoken_for(line, name, method):
                    yield f"{method} {route}[{variant}] as {name}", line, name, method, path, empty


@pytest.mark.parametrize("group", GROUPS)
def test_everybody_gets_what_the_policy_says_and_no_word_of_others(group: str, asker: Asker) -> None:
    """And what is not for somebody looks as if it were not there."""
    wrong, asked, nowhere = [], 0, Nowhere(asker)
    for question, line, name, method, path, empty in questions(group, asker.world):
        right = expected(line, name, method)
        is_absent = right == {ABSENT}
        answer = asker.ask(name, method, path, is_brief=is_absent and name not in SOME)
        asked += 1
        where = f"{question}: {answer.word} ({answer.status})"
        if answer.word not in right:
            wrong.append(f"{where}, not {'/'.join(sorted(right))} {answer.location}")
        foreign = empty and name in SOME and is_absent
        if foreign and not nowhere.is_like(shape_of(answer, path), name, method, empty):
            wrong.append(f"{where} looks unlike an address where nothing is")
        wrong += [f"{where} shows {word}" for word in leaks(asker.world, name, answer)]
    assert asked > 0
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(wrong[:60])


def test_administrators_can_speak_for_colleagues_where_none_of_them_gets_in(world: AccessWorld) -> None:
    for side in SIDES:
        own = [{m.organisation_id for m in world.people[name].active_memberships} for name in side]
        assert own[0] == own[1] <= own[2], side
        assert not any(world.people[name].staff_roles or world.people[name].is_staff for name in side), side
        for route, variants in POLICY.items():
            for people in (people for line in variants.values() for people in (line.read, line.write) if people):
                editor, approver, admin = (name in people for name in side)
                assert editor <= approver <= admin, f"{route}: somebody may less than whom they stand for"


OTHERS = (
    *((method, name) for method in ("PUT", "DELETE") for name in THREE),
    *((method, name) for method in ("OPTIONS", "HEAD") for name in THREE[:2]),
)


def extremes(variants: dict[str, Line], name: str) -> dict[str, Line]:
    """The states of a record in which somebody may least and most: a method that is not there asks for no more."""

    def may(variant: str) -> tuple[bool, bool]:
        line = variants[variant]
        return name in (line.write or ()), name in (line.read or ())

    return {variant: variants[variant] for variant in (min(variants, key=may), max(variants, key=may))}


def other_questions(group: str) -> Iterator[tuple[str, str, tuple[str, str, Line]]]:
    for method, name in OTHERS:
        for route in dict.fromkeys(route for route, _variant, _line in lines_of(group)):
            for variant, line in extremes(POLICY[route], name).items():
                yield method, name, (route, variant, line)


@pytest.mark.parametrize("group", GROUPS)
def test_other_methods_change_nothing_and_show_nothing_more(group: str, asker: Asker) -> None:
    wrong, asked = [], 0
    for method, name, (route, variant, line) in other_questions(group):
        # Where nothing is, each of these people was shown the page for it in full, above.
        answer = asker.ask(name, method, path_of(route, line.of(asker.world)), is_brief=True)
        asked += 1
        where = f"{method} {route}[{variant}] as {name}"
        may = line.read is not None and name in line.read
        # A page that takes forms treats an unknown method as a reading; what counts is that nothing is written.
        if answer.word == BROKEN or (answer.word == OPEN and not may and not _is_description(method, answer)):
            wrong.append(f"{where}: {answer.word} ({answer.status})")
        if method == "HEAD" and answer.body:
            wrong.append(f"{where} has a body")
        wrong += [f"{where} shows {word}" for word in leaks(asker.world, name, answer)]
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
