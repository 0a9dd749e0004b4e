"""Staff work behind a second factor, by every door; who was deactivated is out at once."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from tests.access.policy import POLICY
from tests.access.world import AccessWorld, make_access_world
from tests.factories import StaffRoleFactory
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def staff() -> Any:
    user = StaffRoleFactory(role="administrator", user__is_staff=True, user__password=PASSWORD).user
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("door", "name"), [("/admin/login/", "username"), ("/en/account/login/", "login"), ("/admin/", "username")]
)
def test_password_alone_opens_no_door(client: Client, staff: Any, door: str, name: str) -> None:
    client.post(door, {name: staff.email, "password": PASSWORD, "next": "/admin/"})
    assert not is_signed_in(client)


def test_second_factor_after_the_password_opens(client: Client, staff: Any) -> None:
    client.post("/en/account/login/", {"login": staff.email, "password": PASSWORD})
    code = RecoveryCodes(Authenticator.objects.get(user=staff, type="recovery_codes")).get_unused_codes()[0]
    client.post("/en/account/2fa/authenticate/", {"code": code})
    assert is_signed_in(client)
    assert client.get("/admin/").status_code == 200


def test_staff_without_a_second_factor_finds_only_the_way_to_one(db: None, client: Client) -> None:
    world: AccessWorld = make_access_world()
    client.force_login(world.moderator, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/en/", "/en/my/", "/en/queue/", "/en/demands/", "/api/v1/matches/", "/admin/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/en/account/2fa/totp/activate/"), path
    assert client.get("/en/account/2fa/totp/activate/").status_code in (200, 302)
    assert "matching:queue" in POLICY


def test_deactivated_person_is_out_with_the_next_request(client: Client) -> None:
    user = StaffRoleFactory(role="moderator").user
    TOTP.activate(user, generate_totp_secret())
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/en/queue/").status_code == 200
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    response = client.get("/en/queue/")
    assert response.status_code == 302
    assert "/account/login/" in response["Location"]
