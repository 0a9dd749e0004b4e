"""A provider comes to the portal: who it is, what it does, and what happens then."""

from typing import Any

import pytest

from catalog.models import Provider
from portal.accounts.models import Organisation

pytestmark = pytest.mark.django_db
REGISTER = "/en/register/provider/"
FACTS = {"name": "Lumen GmbH", "country": "DE", "kind": "sme", "website": "lumen.example", "registry_number": "HRB 1"}


def profile(provider: Provider) -> str:
    return f"/en/providers/{provider.organisation.public_id}/edit/"


class TestRegister:
    def test_two_steps_end_on_the_page_that_says_what_happens_next(self, client_of: Any, world: Any) -> None:
        client = client_of(world.newcomer)
        response = client.post(REGISTER, FACTS)
        provider = Provider.objects.get(organisation__name="Lumen GmbH")
        assert response.url == f"{profile(provider)}?step=2"
        sent = {
            "description": "We make lamps.",
            "language": "en",
            "regions": ["150"],
            "countries": "Chile",
            "languages": ["en"],
        }
        response = client.post(response.url, sent)
        assert response.url == f"/en/organisations/{provider.organisation.public_id}/"
        assert "ICLEI checks that you may speak for this organisation." in client.get(response.url).content.decode()
        provider.refresh_from_db()
        assert (provider.description_en, provider.regions, provider.kind) == ("We make lamps.", ["150", "CL"], "sme")

    def test_who_registers_becomes_administrator_and_waits(self, client_of: Any, world: Any) -> None:
        client_of(world.newcomer).post(REGISTER, FACTS)
        organisation = Organisation.objects.get(name="Lumen GmbH")
        assert (organisation.state, organisation.website) == ("pending", "https://lumen.example")
        assert [item.role for item in organisation.membership_set.filter(user=world.newcomer)] == ["admin"]

    def test_who_has_no_account_is_sent_to_sign_up_and_back(self, client: Any) -> None:
        assert client.get(REGISTER).url == "/en/account/signup/?next=%2Fen%2Fregister%2Fprovider%2F"

    @pytest.mark.parametrize("role", ["moderator", "neutrality"])
    def test_who_decides_on_matches_is_refused_politely(self, client_of: Any, world: Any, role: str) -> None:
        response = client_of(world.users[role]).post(REGISTER, FACTS)
        assert response.status_code == 422
        assert "A moderator cannot register a provider." in response.content.decode()
        assert response.context["form"]["name"].value() == "Lumen GmbH"
        assert Organisation.objects.filter(name="Lumen GmbH").count() == 0

    def test_missing_answers_are_named(self, client_of: Any, world: Any) -> None:
        page = client_of(world.newcomer).post(REGISTER, {}).content.decode()
        for message in ("Fill in: Name of your organisation", "Choose an answer: Country"):
            assert message in page

    def test_answers_sent_signed_out_come_back(self, client_of: Any, world: Any) -> None:
        client = client_of(world.visitor)
        assert client.post(REGISTER, FACTS).url == f"/en/account/login/?next={REGISTER}"
        client.force_login(world.newcomer, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "Lumen GmbH" in client.get(REGISTER).content.decode()


class TestProfile:
    def test_a_new_language_takes_the_old_text_away(self, client_of: Any, world: Any) -> None:
        sent = {"description": "램프를 만듭니다.", "language": "ko", "regions": ["001"], "languages": ["ko"]}
        client_of(world.provider_approver).post(profile(world.provider), sent)
        world.provider.refresh_from_db()
        found = world.provider.original_language, world.provider.description_ko, world.provider.description_en
        assert found == ("ko", "램프를 만듭니다.", None)

    @pytest.mark.parametrize("name", ["provider_editor", "other_provider_admin", "city_admin", "moderator"])
    def test_others_have_no_such_page(self, client_of: Any, world: Any, name: str) -> None:
        assert client_of(world.users[name]).get(profile(world.provider)).status_code == 404
