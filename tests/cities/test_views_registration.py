"""A public body comes to the portal: the city by any of its names, the body, the wait for verification."""

from typing import Any

import pytest

from cities.models import City, PublicBody
from portal.accounts.models import Organisation
from tests.factories import CityFactory, PublicBodyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def suwon() -> City:
    return CityFactory(
        name_en="Suwon", name_ko="수원", country="KR", search="suweon | suwon | 수원 | 수원시", population=1_200_000
    )


@pytest.fixture
def newcomer(client_of: Any, world: Any) -> Any:
    return client_of(world.newcomer)


def found(client: Any, **query: str) -> list[City]:
    return list(client.get("/en/register/city/", query).context["cities"])


class TestFindingTheCity:
    def test_visitor_registers_an_account_first_and_comes_back(self, client: Any) -> None:
        response = client.get("/ko/register/city/?q=suwon")
        assert response.url == "/ko/account/signup/?next=%2Fko%2Fregister%2Fcity%2F%3Fq%3Dsuwon"

    @pytest.mark.parametrize("name", ["Suwon", "SUWON", " suweon ", "수원", "Suw", "won"])
    def test_city_is_found_by_any_spelling(self, newcomer: Any, suwon: City, name: str) -> None:
        assert found(newcomer, q=name) == [suwon]

    def test_whole_names_come_before_beginnings_and_those_before_the_rest(self, newcomer: Any) -> None:
        inside = CityFactory(search="monte san", population=9_000_000)
        longer = CityFactory(search="santiago", population=5_000_000)
        whole = CityFactory(search="san | são", population=100)
        assert found(newcomer, q="san") == [whole, longer, inside]

    def test_larger_city_comes_first_among_equals_and_unknown_size_last(self, newcomer: Any) -> None:
        unknown, small, large = (CityFactory(search="leon", population=size) for size in (None, 1000, 900_000))
        assert found(newcomer, q="León") == [large, small, unknown]

    def test_country_narrows(self, newcomer: Any, suwon: City) -> None:
        assert found(newcomer, q="suwon", country="CL") == []

    def test_signs_that_mean_something_to_sql_find_nothing(self, newcomer: Any, suwon: City) -> None:
        assert [found(newcomer, q=text) for text in ("%", "_", "|", "' OR 1=1 --")] == [[], [], [suwon], []]

    def test_no_city_says_what_to_try(self, newcomer: Any) -> None:
        assert "No city of this name" in newcomer.get("/en/register/city/?q=atlantis").content.decode()

    def test_choice_leads_to_the_page_of_the_city(self, newcomer: Any, suwon: City) -> None:
        url = f"/en/register/city/choose/?city={suwon.geonames_id}"
        assert newcomer.get(url).url == f"/en/register/city/{suwon.geonames_id}/"

    @pytest.mark.parametrize("choice", ["", "x", "9" * 30])
    def test_no_choice_goes_back_to_the_list(self, newcomer: Any, choice: str) -> None:
        response = newcomer.get(f"/en/register/city/choose/?city={choice}&q=su&country=KR", follow=True)
        assert response.request["QUERY_STRING"] == "q=su&country=KR"
        assert "Choose your city from the list." in response.content.decode()


class TestTheBody:
    def send(self, client: Any, city: City, **values: str) -> Any:
        data = {"name": "Suwon City Government", "department": "Roads", "website": "suwon.example", **values}
        return client.post(f"/en/register/city/{city.geonames_id}/", data)

    def test_body_waits_for_verification_with_its_author_as_administrator(
        self, newcomer: Any, world: Any, suwon: City
    ) -> None:
        response = self.send(newcomer, suwon)
        body = PublicBody.objects.get(city=suwon)
        assert (body.organisation.state, body.organisation.country, body.department) == ("pending", "KR", "Roads")
        assert body.organisation.website == "https://suwon.example"
        assert body.organisation.membership_set.get().user == world.newcomer
        assert response.url == body.organisation.get_absolute_url()
        page = newcomer.get(response.url).content.decode()
        assert "Registered. Waiting for verification" in page
        assert "What happens next" in page

    def test_name_is_needed(self, newcomer: Any, suwon: City) -> None:
        response = self.send(newcomer, suwon, name="")
        assert (response.status_code, Organisation.objects.filter(country="KR").count()) == (422, 0)

    def test_unknown_city_is_not_found(self, newcomer: Any) -> None:
        assert newcomer.get("/en/register/city/1/").status_code == 404

    def test_bodies_of_the_city_are_named_once_they_are_verified(self, newcomer: Any, suwon: City) -> None:
        PublicBodyFactory(city=suwon, organisation__name="Suwon Water")
        PublicBodyFactory(city=suwon, organisation__name="Suwon Pending", organisation__state="pending")
        page = newcomer.get(f"/en/register/city/{suwon.geonames_id}/").content.decode()
        assert ("Suwon Water" in page, "Suwon Pending" in page) == (True, False)

    def test_signed_out_while_typing_loses_nothing(self, client: Any, world: Any, suwon: City) -> None:
        self.send(client, suwon, name="Half typed")
        client.force_login(world.newcomer, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "Half typed" in client.get(f"/en/register/city/{suwon.geonames_id}/").content.decode()
