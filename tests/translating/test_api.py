"""The translations of a record for programs: the same rights and marks as in the editor."""

from typing import Any

import pytest

from cities.models import Demand
from tests.conftest import World
from tests.factories.programmes import CallFactory
from tests.translating.played import Server

pytestmark = pytest.mark.django_db


def address(world: World, language: str = "ko", more: str = "") -> str:
    return f"/api/v1/translations/demand/{world.demand.public_id}/{language}/{more}"


def put(client: Any, world: World, **body: Any) -> Any:
    return client.put(address(world), body, content_type="application/json")


def test_some_texts_are_written_and_others_stay(client_of: Any, world: World) -> None:
    answer = put(client_of(world.moderator), world, texts={"title": "가로등 교체"})
    found = {row["key"]: (row["text"], row["status"]) for row in answer.json()["texts"]}
    assert (answer.status_code, found["title"], found["summary"]) == (200, ("가로등 교체", "human"), ("", "missing"))


def test_text_found_right_is_checked(client_of: Any, world: World) -> None:
    Demand.objects.filter(pk=world.demand.pk).update(title_ko="가로등", translations={"title": {"ko": "machine"}})
    put(client_of(world.moderator), world, right=["title"])
    assert Demand.objects.get(pk=world.demand.pk).translations["title"]["ko"] == "checked"


def test_calls_are_translated_by_managers_of_programmes(client_of: Any, world: World) -> None:
    call = CallFactory()
    address, question = f"/api/v1/translations/call/{call.public_id}/ko/", call.questions.get()
    texts = {"title": "시원한 학교", f"callquestion-{question.pk}": "학교는 몇 곳입니까?"}
    answer = client_of(world.users["programme"]).put(address, {"texts": texts}, content_type="application/json")
    found = {row["key"]: row["status"] for row in answer.json()["texts"]}
    question.refresh_from_db()
    assert (answer.status_code, found["title"], found["about"]) == (200, "human", "missing")
    assert question.text_ko == "학교는 몇 곳입니까?"
    assert client_of(world.city_admin).get(address).status_code == 404


@pytest.mark.parametrize("texts", [{"title": "긴" * 300}, {"nonsense": "x"}, {"title": "a\u202eb"}])
def test_what_the_editor_refuses_is_refused(client_of: Any, world: World, texts: dict[str, str]) -> None:
    answer = put(client_of(world.moderator), world, texts=texts)
    assert (answer.status_code, list(answer.json())) == (400, list(texts))


def test_draft_is_owed_and_its_state_told(client_of: Any, world: World, machine: Server) -> None:
    client = client_of(world.moderator)
    answer = client.post(address(world, more="draft/"))
    assert (answer.status_code, answer.json()["machine"]) == (202, "working")


def test_draft_without_a_machine_is_refused_in_words(client_of: Any, world: World) -> None:
    answer = client_of(world.moderator).post(address(world, more="draft/"))
    assert (answer.status_code, answer.json()["code"]) == (400, "no_machine")
