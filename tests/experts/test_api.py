"""The directory and advice as JSON: the rights and the actions of the pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Topic
from matching.experts.models import Advice
from tests.factories import AdviceFactory, ExpertFactory, MatchFactory

pytestmark = pytest.mark.django_db
API = "/api/v1"
SOON = (timezone.localdate() + timedelta(days=7)).isoformat()


def post(client: Any, path: str, **data: Any) -> Any:
    return client.post(f"{API}{path}", data, content_type="application/json")


def test_directory_is_narrowed_as_on_the_page(client: Any, db: None) -> None:
    topic = Topic.objects.get(code="cycling")
    wanted = ExpertFactory(topics=[topic], languages=["ko"])
    ExpertFactory(topics=[topic], languages=["en"])
    ExpertFactory(topics=[topic], languages=["ko"], consented_at=None)
    found = client.get(f"{API}/experts/?topic=cycling&language=ko").json()["results"]
    assert [(one["reference"], one["topics"], one["takes_requests"]) for one in found] == [
        (wanted.public_id, ["cycling"], True)
    ]
    assert client.get(f"{API}/experts/?topic=unknown").status_code == 400


def test_city_asks_the_expert_answers_and_the_city_reads_it(world: Any, client_of: Any) -> None:
    expert = ExpertFactory()
    question = {"expert": expert.public_id, "question": "Is LED right?", "language": "en", "due_on": SOON}
    made = post(client_of(world.city_editor), "/advice/", demand=world.demand.public_id, **question)
    assert made.status_code == 201
    path = f"/advice/{made.json()['reference']}/"
    theirs = client_of(expert.user)
    assert post(theirs, f"{path}accept/").json()["state"] == "accepted"
    assert post(theirs, f"{path}answer/", answer="Yes.", language="en", has_interests=False).status_code == 200
    found = client_of(world.city_editor).get(f"{API}{path}").json()
    assert (found["answer"], found["has_interests"], found["asked_for"]) == (
        "Yes.", False, world.city.organisation.name,
    )  # fmt: skip


def test_question_names_one_record_that_the_caller_sees(world: Any, client_of: Any) -> None:
    expert, client = ExpertFactory(), client_of(world.provider_editor)
    question = {"expert": expert.public_id, "question": "Is LED right?", "language": "en", "due_on": SOON}
    assert post(client, "/advice/", **question).json().keys() == {"demand"}
    assert post(client, "/advice/", match="MUNKNOWN", **question).status_code == 400
    assert post(client, "/advice/", demand=world.demand.public_id, **question).status_code == 403
    assert not Advice.objects.exists()


def test_advice_of_others_is_not_there(world: Any, client_of: Any) -> None:
    advice = AdviceFactory(asked_for=world.city.organisation)
    assert client_of(world.other_city_admin).get(f"{API}/advice/{advice.public_id}/").status_code == 404
    assert client_of(world.city_editor).get(f"{API}/advice/{advice.public_id}/").status_code == 200


def test_interests_have_to_be_named(world: Any, client_of: Any) -> None:
    advice = AdviceFactory(state="accepted")
    answer = {"answer": "Yes.", "language": "en", "has_interests": True}
    assert post(client_of(advice.expert.user), f"/advice/{advice.public_id}/answer/", **answer).status_code in (
        400,
        422,
    )
    advice.refresh_from_db()
    assert advice.state == "accepted"


def test_expert_reads_what_it_is_about_where_the_record_itself_is_not_theirs(world: Any, client_of: Any) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution, state="offered")
    advice = AdviceFactory(demand=None, match=match)
    client = client_of(advice.expert.user)
    found = client.get(f"{API}/advice/{advice.public_id}/").json()
    assert found["about_demand"]["problem"][0]["text"] == world.demand.problem
    assert found["about_solution"]["name"][0]["text"] == world.solution.name
    assert client.get(f"{API}/matches/{match.public_id}/").status_code == 404
