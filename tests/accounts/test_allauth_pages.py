"""allauth's pages in our layout and words: every routed one, the whole way in, the second factor, the mails."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.urls import URLPattern, get_resolver, reverse

from portal.accounts import allauth_urls
from portal.accounts.models import User
from tests.factories import UserFactory
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
NAMES = sorted(pattern.name for pattern in allauth_urls.urlpatterns)
ARGUMENTS = {"account_confirm_email": ["bad-key"], "account_reset_password_from_key": ["1", "bad-key"]}
# A file, and two that lead elsewhere until something has been set up or begun.
NO_PAGE = {"mfa_download_recovery_codes": 404, "mfa_view_recovery_codes": 404, "mfa_deactivate_totp": 404}
LED_ON = {"mfa_authenticate", "mfa_reauthenticate", "account_set_password"}


def walk(patterns: Any) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from walk(pattern.url_patterns)


def address(name: str) -> str:
    return reverse(name, args=ARGUMENTS.get(name, []))


@pytest.fixture
def person() -> User:
    user: User = UserFactory(password=PASSWORD, name="Kim", language="en")
    return user


def sign_in(client: Any, person: User) -> Any:
    """Through the pages themselves, and once more shown to be oneself, as changes of one's security ask for."""
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.fixture
def signed_in(client: Any, person: User) -> Any:
    return sign_in(client, person)


def test_no_other_page_of_allauth_has_an_address() -> None:
    routed = {pattern.name for pattern in walk(get_resolver().url_patterns) if pattern.name}
    foreign = {name for name in routed if name.startswith(("account_", "mfa_", "socialaccount_", "usersessions_"))}
    assert sorted(foreign) == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_is_ours(client: Any, person: User, name: str, language: str) -> None:
    """Signed in or not, whichever shows the page: our header and footer, one heading, nothing of allauth's dress."""
    url = address(name).replace("/en/", f"/{language}/")
    response = client.get(url)
    if response.status_code == 302:
        response = sign_in(client, person).get(url)
    if name in LED_ON:
        assert response.status_code == 302
        return
    assert response.status_code == NO_PAGE.get(name, 200)
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert 'class="footer"' in page
    assert not {template.name for template in response.templates if template.name} & {"allauth/layouts/base.html"}


class TestWayIn:
    def test_register_confirm_and_go_on_where_one_was(self, client: Any) -> None:
        wanted = "/en/register/provider/"
        sent = {"name": "Kim", "email": "Kim@City.example", "password1": "a sentence to remember", "next": wanted}
        assert client.post(reverse("account_signup"), sent).url == "/en/account/confirm-email/"
        link = re.search(r"/en/account/confirm-email/\S+", mail.outbox[0].body)
        assert link is not None
        assert "kim@city.example" in client.get(link.group()).content.decode()
        assert client.post(link.group()).url == wanted
        user = User.objects.get(email="kim@city.example")
        assert (user.name, user.language, client.session["_auth_user_id"]) == ("Kim", "en", str(user.pk))

    def test_registering_in_korean_keeps_the_language_for_mails(self, client: Any) -> None:
        sent = {"name": "김", "email": "kim@city.example", "password1": "a sentence to remember"}
        client.post("/ko/account/signup/", sent)
        assert User.objects.get(email="kim@city.example").language == "ko"
        assert "/ko/account/confirm-email/" in mail.outbox[0].body

    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            ({"email": "", "password1": "a sentence to remember"}, "Fill in: E-mail address"),
            ({"email": "kim@city.example", "password1": "short"}, "at least 12 characters"),
            ({"email": "kim@city.example", "password1": "qwerty123456"}, "too common"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_summary(self, client: Any, sent: Any, message: str) -> None:
        response = client.post(reverse("account_signup"), {"name": "Kim", **sent})
        page = response.content.decode()
        assert response.status_code == 422
        assert "<title>Error: Register" in page
        assert message in page.partition("data-error-summary")[2].partition("</ul>")[0]

    def test_a_known_address_is_told_by_mail_not_on_the_page(self, client: Any, person: User) -> None:
        sent = {"name": "Somebody", "email": person.email, "password1": "a sentence to remember"}
        assert client.post(reverse("account_signup"), sent).url == "/en/account/confirm-email/"
        assert [message.subject for message in mail.outbox] == ["You have an account at UrbanLink already"]

    def test_wrong_password_does_not_say_which_was_wrong(self, client: Any, person: User) -> None:
        pages = []
        for login in (person.email, "nobody@city.example"):
            response = client.post(reverse("account_login"), {"login": login, "password": "wrong wrong wrong"})
            assert response.status_code == 422
            pages.append("E-mail address and password do not fit together." in response.content.decode())
        assert pages == [True, True]

    def test_deactivated_account_is_told(self, client: Any, person: User) -> None:
        User.objects.filter(pk=person.pk).update(is_active=False)
        response = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert "_auth_user_id" not in client.session
        assert response.status_code in (302, 422)

    def test_signing_out_asks_once(self, signed_in: Any) -> None:
        assert "Do you want to sign out?" in signed_in.get(reverse("account_logout")).content.decode()
        assert signed_in.post(reverse("account_logout")).url == "/en/"
        assert "_auth_user_id" not in signed_in.session


class TestPassword:
    def test_forgotten_password_is_set_anew_and_told_by_mail(self, client: Any, person: User) -> None:
        assert client.post(reverse("account_reset_password"), {"email": person.email}).url.endswith("/reset/done/")
        link = re.search(r"/en/account/password/reset/key/\S+", mail.outbox[0].body)
        assert link is not None
        page = client.get(link.group(), follow=True)
        sent = {"password1": "another sentence to keep", "password2": "another sentence to keep"}
        client.post(page.redirect_chain[-1][0], sent)
        person.refresh_from_db()
        assert person.check_password("another sentence to keep")
        assert mail.outbox[1].subject == "Your password for UrbanLink was changed"

    def test_unknown_address_gets_the_same_answer(self, client: Any) -> None:
        response = client.post(reverse("account_reset_password"), {"email": "nobody@city.example"})
        assert response.url.endswith("/reset/done/")
        assert mail.outbox[0].subject == "No account with this address at UrbanLink"

    def test_changing_it_needs_the_present_one(self, signed_in: Any) -> None:
        sent = {"oldpassword": "no", "password1": "another sentence to keep", "password2": "another sentence to keep"}
        response = signed_in.post(reverse("account_change_password"), sent)
        assert response.status_code == 422
        assert "This is not your present password." in response.content.decode()

    def test_mails_are_in_the_language_of_the_person(self, client: Any, person: User) -> None:
        User.objects.filter(pk=person.pk).update(language="ko")
        client.post(reverse("account_reset_password"), {"email": person.email})
        assert "/account/password/reset/key/" in mail.outbox[0].body
        assert "{{" not in mail.outbox[0].body


class TestSecondFactor:
    def enrol(self, client: Any, person: User) -> Any:
        page = client.get(reverse("mfa_activate_totp"))
        secret = page.context["form"].secret
        assert 'src="data:image/svg+xml;base64,' in page.content.decode()
        value = hotp_value(secret, next(iter(yield_hotp_counters_from_time())))
        return client.post(reverse("mfa_activate_totp"), {"code": format_hotp_value(value)}, follow=True)

    def test_enrolment_shows_recovery_codes(self, signed_in: Any, person: User) -> None:
        page = self.enrol(signed_in, person)
        codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
        assert all(code in page.content.decode() for code in codes)
        download = signed_in.get(reverse("mfa_download_recovery_codes")).content.decode()
        assert all(code in download for code in codes)

    def test_it_is_asked_who_one_is_before_anything_is_set_up(self, client: Any, person: User) -> None:
        client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert client.get(reverse("mfa_activate_totp")).url.startswith("/en/account/reauthenticate/?next=")

    def test_a_wrong_code_says_what_to_do(self, signed_in: Any) -> None:
        signed_in.get(reverse("mfa_activate_totp"))
        response = signed_in.post(reverse("mfa_activate_totp"), {"code": "000000"})
        assert response.status_code == 422
        assert "Wait for the next one and try again." in response.content.decode()

    def test_signing_in_takes_a_second_step_and_a_recovery_code_will_do(self, signed_in: Any, person: User) -> None:
        self.enrol(signed_in, person)
        code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
        signed_in.post(reverse("account_logout"))
        response = signed_in.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert response.url == "/en/account/2fa/authenticate/"
        assert "_auth_user_id" not in signed_in.session
        signed_in.post(response.url, {"code": code})
        assert signed_in.session["_auth_user_id"] == str(person.pk)

    def test_staff_cannot_remove_what_they_must_have(self, client_of: Any, world: Any, settings: Any) -> None:
        moderator = world.moderator
        moderator.set_password(PASSWORD)
        moderator.save(update_fields=["password"])
        client = sign_in(client_of(world.visitor), moderator)
        self.enrol(client, moderator)
        settings.STAFF_SECOND_FACTOR = True
        page = client.post(reverse("mfa_deactivate_totp"))
        assert "ICLEI staff cannot work without a second factor." in page.content.decode()
        assert Authenticator.objects.filter(user=moderator, type="totp").count() == 1

    def test_others_may_remove_it_and_are_told_by_mail(self, signed_in: Any, person: User) -> None:
        self.enrol(signed_in, person)
        signed_in.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=person).count() == 0
        assert mail.outbox[-1].subject == "The second factor of your account at UrbanLink was removed"
        assert "Dear Kim," in mail.outbox[-1].body
