"""The catalogue as JSON: listed solutions with the filters of the page, the vocabulary, and nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Capability, Claim, Criterion, FocusArea, Reference, Topic
from portal.common.languages import CODES
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db
SOLUTIONS = "/api/v1/solutions/"


def proven(**fields: Any) -> Any:
    """A solution with something in every table that the API reads."""
    solution = SolutionFactory(topics=[Topic.objects.get(code="street_lighting")], **fields)
    Claim.objects.create(solution=solution, dimension="efficient", statement_en="Saves half.", grade="documented")
    Capability.objects.create(solution=solution, criterion=Criterion.objects.get(code="warranty_years"), number=10)
    Reference.objects.create(
        solution=solution, city_name="Galway", country="IE", confirmed_by="mayor@city.example",
        confirmed_at=timezone.now(), grade="city_confirmed",
    )  # fmt: skip
    return solution


def found(client: Any, query: str = "") -> list[str]:
    return [row["reference"] for row in client.get(f"{SOLUTIONS}{query}").json()["results"]]


class TestList:
    def test_listed_solutions_only_even_to_those_who_may_read_more(self, client_of: Any, world: Any) -> None:
        SolutionFactory(state="draft", provider=world.provider)
        for name in ("visitor", "provider_admin", "moderator"):
            assert found(client_of(world.users[name])) == [world.solution.public_id], name

    def test_filters_are_those_of_the_page(self, client: Any) -> None:
        wanted = SolutionFactory(regions=["CL"], business_models=["lease"])
        SolutionFactory(regions=["KR"], business_models=["lease"])
        assert found(client, "?place=CL&model=lease") == [wanted.public_id]

    def test_a_wrong_filter_is_an_error_not_everything(self, client: Any) -> None:
        response = client.get(f"{SOLUTIONS}?place=Atlantis")
        assert (response.status_code, response.json()["code"]) == (400, "invalid_filter")
        assert list(response.json()["detail"]) == ["place"]

    def test_pages_name_their_neighbours(self, client: Any) -> None:
        SolutionFactory.create_batch(3)
        page = client.get(f"{SOLUTIONS}?page_size=2").json()
        assert (page["count"], len(page["results"]), "page=2" in page["next"]) == (3, 2, True)

    def test_query_count_does_not_grow_with_the_rows(self, client: Any) -> None:
        proven()
        with CaptureQueriesContext(connection) as one:
            client.get(SOLUTIONS)
        proven()
        proven()
        with CaptureQueriesContext(connection) as three:
            client.get(SOLUTIONS)
        assert len(three) == len(one)


class TestDetail:
    def test_record_is_complete_and_names_no_person(self, client: Any, world: Any) -> None:
        solution = proven(provider=world.provider)
        response = client.get(f"{SOLUTIONS}{solution.public_id}/")
        row = response.json()
        assert row["claims"][0]["statement"] == [{"language": "en", "status": "original", "text": "Saves half."}]
        assert (row["capabilities"][0]["criterion"], row["capabilities"][0]["number"]) == ("warranty_years", "10.000")
        assert (row["references"][0]["city_name"], row["references"][0]["confirmed_at"] is None) == ("Galway", False)
        assert (row["best_evidence"], row["provider"]["name"]) == ("city_confirmed", str(world.provider))
        body = response.content.decode()
        for secret in ("mayor@city.example", world.provider_admin.email, world.provider_admin.name):
            assert secret not in body

    def test_original_stands_first(self, client: Any) -> None:
        solution = SolutionFactory(language="ko", name="가로등", name_en="Street lights")
        texts = client.get(f"{SOLUTIONS}{solution.public_id}/").json()["name"]
        assert [(text["language"], text["status"]) for text in texts] == [("ko", "original"), ("en", "human")]

    def test_draft_is_not_found(self, client_of: Any, world: Any) -> None:
        draft = SolutionFactory(state="draft", provider=world.provider)
        assert client_of(world.provider_admin).get(f"{SOLUTIONS}{draft.public_id}/").status_code == 404


class TestVocabulary:
    @pytest.mark.parametrize(
        ("path", "model"), [("focus-areas", FocusArea), ("topics", Topic), ("criteria", Criterion)]
    )
    def test_whole_lists_with_labels_in_seven_languages(self, client: Any, path: str, model: Any) -> None:
        rows = client.get(f"/api/v1/{path}/").json()
        assert [row["code"] for row in rows] == [entry.code for entry in model.objects.all()]
        assert {tuple(sorted(row["label"])) for row in rows} == {tuple(sorted(CODES))}

    def test_one_topic_by_its_code(self, client: Any) -> None:
        row = client.get("/api/v1/topics/street_lighting/").json()
        assert (row["focus_area"], row["label"]["es"] != row["label"]["en"]) == ("smart_energy", True)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["solutions", "focus-areas", "topics", "criteria", "demands"])
def test_nothing_can_be_written(client_of: Any, world: Any, method: str, path: str) -> None:
    client = client_of(world.administrator)
    response = getattr(client, method)(f"/api/v1/{path}/", "{}", content_type="application/json")
    assert response.status_code == 403
