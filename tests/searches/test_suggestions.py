"""What is suggested while somebody types, to whom, and what never is."""

from typing import Any

import pytest

from catalog.writing_actions import refresh_search as index_solution
from cities.actions import refresh_search
from portal.common.throttling import Suggestions
from tests.factories import CityFactory, DemandFactory, SolutionFactory
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


def suggested(client: Any, words: str, of: str = "demands", language: str = "en") -> list[tuple[str, str]]:
    response = client.get(f"/{language}/suggestions/", {"q": words, "of": of})
    return [(option["kind"], option["text"]) for option in response.json()["options"]]


def demand(**fields: Any) -> Any:
    made = DemandFactory(**fields)
    refresh_search(made)
    return made


def test_topic_is_suggested_in_the_readers_language(client: Any) -> None:
    assert suggested(client, "street li")[0] == ("Topic", "Street lighting")
    assert any("가로등" in text or "조명" in text for _kind, text in suggested(client, "가로", language="ko"))


def test_label_that_begins_so_comes_before_synonyms_which_are_shown(client: Any) -> None:
    found = suggested(client, "light")
    assert found[0] == ("Topic", "Street lighting")
    assert ("Topic", "Rail, metro and tram (light rail)") in found


def test_topic_leads_to_the_list_narrowed_to_it(client: Any) -> None:
    option = client.get("/en/suggestions/?q=street+li&of=solutions").json()["options"][0]
    assert option["url"] == "/en/solutions/?focus=smart_energy&topic=street_lighting"


def test_title_leads_to_its_record_and_says_its_language(client: Any) -> None:
    made = demand(language="ko", title="하수관 정비")
    option = client.get("/en/suggestions/?q=하수&of=demands").json()["options"][-1]
    assert option == {"text": "하수관 정비", "kind": "Demand", "url": made.get_absolute_url(), "lang": "ko"}


def test_city_and_provider_are_suggested_where_there_is_something_of_theirs(client: Any) -> None:
    DemandFactory(city=CityFactory(name_en="Quillota", search="quillota"))
    CityFactory(name_en="Quilpue", search="quilpue")
    index_solution(solution := SolutionFactory())
    name = solution.provider.organisation.name
    assert suggested(client, "quil") == [("City", "Quillota")]
    assert ("Provider", name) in suggested(client, name, of="solutions")


@pytest.mark.parametrize("hidden", [{"state": "draft"}, {"state": "submitted"}, {"visibility": "members"}])
def test_what_a_visitor_may_not_read_is_not_suggested(client: Any, hidden: dict[str, str]) -> None:
    demand(title="Zeppelin hangar", city=CityFactory(name_en="Zeppelinburg", search="zeppelinburg"), **hidden)
    assert suggested(client, "zeppelin") == []


@pytest.mark.parametrize("words", ["", "a", "!!", "%%%", "'", "\\"])
def test_too_little_suggests_nothing(client: Any, words: str) -> None:
    demand(title="Lamps")
    assert suggested(client, words) == []


def test_unknown_list_suggests_nothing(client: Any) -> None:
    assert suggested(client, "street", of="users") == []


def test_queries_are_few_and_do_not_grow(client: Any) -> None:
    for number in range(6):
        demand(title=f"Lamp {number}")
        suggested(client, "lamp")
        assert len(queries_of(lambda: suggested(client, "lamp"))) == 2


def test_who_asks_too_often_waits(client: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(Suggestions, "allow_request", lambda *_args: False)
    assert client.get("/en/suggestions/?q=street&of=demands").status_code == 429
