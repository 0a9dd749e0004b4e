"""The page of an organisation, and one's own account."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def refuse(organisation: Organisation, note: str = "No such company.") -> None:
    organisation.state, organisation.refusal_reason, organisation.refusal_note = "refused", "not_found", note
    organisation.verified_at = organisation.verified_by = None
    organisation.verified_how = ""
    organisation.save()


class TestOrganisation:
    def test_everybody_sees_whether_it_is_verified_and_how(self, client: Any, world: Any) -> None:
        page = client.get(world.provider.organisation.get_absolute_url()).content.decode()
        assert ">Verified</span>" in page
        assert "How: Known to ICLEI." in page

    def test_partnership_is_shown_as_never_scored(self, client: Any, world: Any) -> None:
        world.provider.partnership, world.provider.partner_since = "technical", timezone.localdate()
        world.provider.save(update_fields=["partnership", "partner_since"])
        page = client.get(world.provider.organisation.get_absolute_url()).content.decode()
        assert "Technical partner" in page
        assert "A partnership is shown and never scored." in page

    def test_members_are_listed_for_its_administrators_only(self, client_of: Any, world: Any) -> None:
        url = world.provider.organisation.get_absolute_url()
        sees = {
            name: world.provider_editor.email in client_of(world.users[name]).get(url).content.decode()
            for name in (
                "visitor",
                "city_admin",
                "other_provider_admin",
                "provider_approver",
                "provider_admin",
                "moderator",
            )
        }
        assert [name for name, seen in sees.items() if seen] == ["provider_admin"]

    def test_unverified_is_found_by_members_and_iclei_only(self, client_of: Any, world: Any) -> None:
        refuse(world.provider.organisation)
        url = world.provider.organisation.get_absolute_url()
        statuses = {
            name: client_of(world.users[name]).get(url).status_code
            for name in ("visitor", "city_admin", "provider_editor", "moderator")
        }
        assert statuses == {"visitor": 404, "city_admin": 404, "provider_editor": 200, "moderator": 200}

    def test_city_body_names_its_city(self, client: Any, world: Any) -> None:
        page = client.get(world.city.organisation.get_absolute_url()).content.decode()
        assert f"It speaks for {world.city.city.name}." in page


class TestAskAgain:
    def ask(self, client: Any, organisation: Organisation) -> Any:
        return client.post(f"{organisation.get_absolute_url()}ask/")

    def test_administrator_reads_why_and_asks_again(self, client_of: Any, world: Any) -> None:
        organisation = world.provider.organisation
        refuse(organisation)
        client = client_of(world.provider_admin)
        page = client.get(organisation.get_absolute_url()).content.decode()
        assert "No such company." in page
        assert "Ask for verification again" in page
        assert self.ask(client, organisation).url == organisation.get_absolute_url()
        organisation.refresh_from_db()
        assert organisation.state == OrganisationState.PENDING

    def test_what_is_not_refused_cannot_be_asked_again(self, client_of: Any, world: Any) -> None:
        assert self.ask(client_of(world.provider_admin), world.provider.organisation).status_code == 409

    @pytest.mark.parametrize("name", ["provider_editor", "provider_approver", "moderator"])
    def test_others_do_not_ask(self, client_of: Any, world: Any, name: str) -> None:
        refuse(world.provider.organisation)
        assert self.ask(client_of(world.users[name]), world.provider.organisation).status_code == 404

    def test_a_link_changes_nothing(self, client_of: Any, world: Any) -> None:
        url = f"{world.provider.organisation.get_absolute_url()}ask/"
        assert client_of(world.provider_admin).get(url).status_code == 405


class TestFacts:
    def url(self, organisation: Organisation) -> str:
        return f"{organisation.get_absolute_url()}edit/"

    def test_verified_name_stands_and_the_rest_may_change(self, client_of: Any, world: Any) -> None:
        organisation = world.provider.organisation
        name = organisation.name
        sent = {"name": "Another", "website": "new.example", "registry_number": "HRB 2"}
        client_of(world.provider_admin).post(self.url(organisation), sent)
        organisation.refresh_from_db()
        assert (organisation.name, organisation.website) == (name, "https://new.example")
        assert AuditEvent.objects.get(action="organisation.edit").after == {
            "website": "https://new.example", "registry_number": "HRB 2",
        }  # fmt: skip

    def test_name_may_be_corrected_before_it_is_verified(self, client_of: Any, world: Any) -> None:
        organisation = world.provider.organisation
        refuse(organisation)
        client_of(world.provider_admin).post(self.url(organisation), {"name": "Right name"})
        organisation.refresh_from_db()
        assert organisation.name == "Right name"

    @pytest.mark.parametrize("name", ["provider_approver", "city_admin", "moderator"])
    def test_others_have_no_such_page(self, client_of: Any, world: Any, name: str) -> None:
        assert client_of(world.users[name]).get(self.url(world.provider.organisation)).status_code == 404


class TestAccount:
    def test_language_of_the_next_page_is_the_one_chosen(self, client_of: Any, world: Any) -> None:
        sent = {"name": "Kim", "language": "ko", "time_zone": "seoul"}
        response = client_of(world.newcomer).post("/en/account/", sent)
        world.newcomer.refresh_from_db()
        assert response.url == "/ko/account/"
        assert (world.newcomer.language, world.newcomer.time_zone) == ("ko", "Asia/Seoul")

    def test_unknown_time_zone_is_refused(self, client_of: Any, world: Any) -> None:
        sent = {"name": "Kim", "language": "ko", "time_zone": "Moon/Base"}
        response = client_of(world.newcomer).post("/en/account/", sent)
        assert response.status_code == 422
        assert "We do not know this time zone." in response.content.decode()

    def test_times_are_shown_in_the_zone_of_the_reader(self, client_of: Any, world: Any) -> None:
        organisation = world.provider.organisation
        organisation.verified_at = datetime(2026, 3, 31, 20, 0, tzinfo=UTC)
        organisation.save(update_fields=["verified_at"])
        world.newcomer.time_zone = "Asia/Seoul"
        world.newcomer.save(update_fields=["time_zone"])
        pages = {
            name: client_of(world.users[name]).get(organisation.get_absolute_url()).content.decode()
            for name in ("visitor", "newcomer")
        }
        assert ("31 March 2026" in pages["visitor"], "1 April 2026" in pages["newcomer"]) == (True, True)

    def test_account_is_for_whoever_is_signed_in(self, client: Any) -> None:
        assert client.get("/en/account/").url == "/en/account/login/?next=/en/account/"
