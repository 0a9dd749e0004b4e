"""Who is tied to an organisation: by membership, now or once; by e-mail domain; by their own word."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.actions import forget_roles
from portal.accounts.domains import domain_of_email, domain_of_website, is_free_mail
from portal.accounts.member_actions import remove_member
from portal.accounts.models import ConflictDeclaration, Membership
from portal.accounts.rules import can_verify_organisation, is_tied
from tests.conftest import World
from tests.factories import MembershipFactory, OrganisationFactory, StaffRoleFactory, UserFactory
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


def declare(user: Any, organisation: Any, **values: Any) -> ConflictDeclaration:
    fields = {"kind": "advice", "since": date(2026, 1, 1), **values}
    return ConflictDeclaration.objects.create(user=user, organisation=organisation, **fields)


def test_member_is_tied_to_own_organisation_and_to_no_other(world: World) -> None:
    assert is_tied(world.city_editor, world.city.organisation)
    assert not is_tied(world.city_editor, world.other_city.organisation)


def test_visitor_is_tied_to_nobody(world: World) -> None:
    assert not is_tied(world.visitor, world.city.organisation)


def test_nobody_is_tied_to_no_organisation(world: World) -> None:
    assert not is_tied(world.city_editor, None)


def test_key_of_the_organisation_is_enough(world: World) -> None:
    assert is_tied(world.city_editor, world.city.organisation.pk)


def test_member_who_left_stays_tied(world: World) -> None:
    organisation = world.city.organisation
    remove_member(by=world.city_admin, membership=Membership.objects.get(user=world.city_editor))
    forget_roles(world.city_editor)
    assert is_tied(world.city_editor, organisation)
    assert world.city_editor.former_memberships.get().role == "editor"


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("ana@ulm.de", "ben@ulm.de", True),
        ("ana@mail.ulm.de", "ben@ulm.de", True),
        ("ana@ulm.de", "ben@verkehr.ulm.de", True),
        ("ana@neu-ulm.de", "ben@ulm.de", False),
        ("ana@seoul.go.kr", "ben@busan.go.kr", False),
        ("ana@gmail.com", "ben@gmail.com", False),
        ("ana@naver.com", "ben@naver.com", False),
        ("ana@example.org", "ben@example.org", False),
    ],
)
def test_same_domain_of_the_address_ties_unless_it_is_free_mail(mine: str, theirs: str, expected: bool) -> None:
    organisation = MembershipFactory(user=UserFactory(email=theirs)).organisation
    assert is_tied(UserFactory(email=mine), organisation) is expected


@pytest.mark.parametrize(
    ("website", "expected"),
    [
        ("https://ulm.de", True),
        ("https://www.ulm.de/verwaltung", True),
        ("http://ulm.de:8080", True),
        ("https://neu-ulm.de", False),
        ("https://ulm.de.example.net/", False),
        ("https://other.net/ulm.de", False),
        ("", False),
    ],
)
def test_domain_of_the_website_ties(website: str, expected: bool) -> None:
    organisation = OrganisationFactory(website=website)
    assert is_tied(UserFactory(email="ana@ulm.de"), organisation) is expected


@pytest.mark.parametrize(("days", "expected"), [(None, True), (0, True), (-1, False), (1, True)])
def test_declared_conflict_ties_until_its_last_day(days: int | None, expected: bool) -> None:
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    user, organisation = UserFactory(), OrganisationFactory()
    declare(user, organisation, until=until)
    assert is_tied(user, organisation) is expected


def test_conflict_of_somebody_else_ties_nobody() -> None:
    organisation = OrganisationFactory()
    declare(UserFactory(), organisation)
    assert not is_tied(UserFactory(), organisation)


def test_tied_moderator_does_not_verify() -> None:
    moderator, organisation = StaffRoleFactory().user, OrganisationFactory(state="pending")
    assert can_verify_organisation(moderator, organisation)
    declare(moderator, organisation)
    forget_roles(moderator)
    assert not can_verify_organisation(moderator, organisation)


def test_ties_of_a_person_take_one_query_for_any_number_of_records() -> None:
    user, organisations = UserFactory(email="ana@ulm.de"), OrganisationFactory.create_batch(3)
    asked = queries_of(lambda: [is_tied(user, organisation) for organisation in organisations])
    assert len(asked) == 1


def test_addresses_in_other_scripts_have_a_domain() -> None:
    assert domain_of_email("ana@서울.한국") == "xn--2i4bq6h.xn--3e0b707e"


@pytest.mark.parametrize("text", ["", "nobody", "a@b@", "a@localhost", "a@gov.uk", "a@" + "é" * 70 + ".de"])
def test_what_is_no_body_s_own_address_is_like_free_mail(text: str) -> None:
    assert is_free_mail(text)


@pytest.mark.parametrize("url", ["", "https://[", "ftp://", "https://gmail.com/x"])
def test_website_that_says_nothing_has_no_domain(url: str) -> None:
    assert domain_of_website(url) == ""
