"""Programmes as JSON: what everybody reads, what is one's own, and the same refusals as on the pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.programmes.models import Application, Seat
from tests.conftest import World
from tests.factories.programmes import ApplicationFactory, CallFactory, EventFactory, SeatFactory
from tests.queries import assert_queries_constant

pytestmark = pytest.mark.django_db
API = "/api/v1"


def post(client: Any, path: str, data: Any = None) -> Any:
    return client.post(f"{API}/{path}", data or {}, content_type="application/json")


def test_calls_that_are_open_now_stand_alone_when_asked_for(client: Any) -> None:
    open_call = CallFactory(programme__original_language="es", title_es="Aulas")
    CallFactory(opens_at=timezone.now() + timedelta(days=1))
    CallFactory(programme__state="draft")
    rows = client.get(f"{API}/calls/?open=1&side=demand").json()["results"]
    assert [(row["reference"], row["is_open"], row["title"][0]["language"]) for row in rows] == [
        (open_call.public_id, True, "es")
    ]
    assert len(client.get(f"{API}/calls/").json()["results"]) == 2


def test_city_applies_by_the_api_from_draft_to_withdrawal(world: World, client_of: Any) -> None:
    call, client = CallFactory(), client_of(world.city_admin)
    started = {"record": world.demand.public_id, "language": "en"}
    begun = post(client, f"calls/{call.public_id}/applications/", started).json()
    path = f"applications/{begun['reference']}"
    assert post(client, f"{path}/submit/").status_code == 422
    answers = [{"question": call.questions.get().pk, "text": "Hotter summers."}]
    sent = {"answers": answers, "language": "en", "version": begun["version"]}
    assert post(client, f"{path}/answers/", sent).json()["answers"] == answers
    assert post(client, f"{path}/answers/", sent).status_code == 409
    assert post(client, f"{path}/submit/").json()["state"] == "submitted"
    assert post(client, f"{path}/withdraw/").json()["state"] == "withdrawn"


def test_record_of_another_is_not_applied_with(world: World, client_of: Any) -> None:
    call = CallFactory()
    answer = post(
        client_of(world.other_city_admin),
        f"calls/{call.public_id}/applications/",
        {"record": world.demand.public_id, "language": "en"},
    )
    assert (answer.status_code, list(answer.json()), Application.objects.count()) == (400, ["record"], 0)


def test_decision_is_secret_until_all_are_told(world: World, client_of: Any) -> None:
    call = CallFactory(programme__state="screening")
    application = ApplicationFactory(
        call=call, subject=world.demand, state="screened_out", reason="off_topic", note="Off.", verdict="decline"
    )
    found = client_of(world.city_admin).get(f"{API}/applications/{application.public_id}/").json()
    assert (found["state"], found["reason"], found["note"], found["points"]) == ("submitted", "", "", [])
    assert client_of(world.programme).get(f"{API}/applications/{application.public_id}/").json()["note"] == "Off."


def test_results_name_the_accepted_and_nobody_else(world: World, client: Any) -> None:
    call = CallFactory(programme__state="results")
    accepted = ApplicationFactory(call=call, subject=world.demand, state="accepted", score=4.5)
    ApplicationFactory(call=call, state="declined")
    rows = client.get(f"{API}/programmes/{call.programme.public_id}/results/").json()
    assert [(row["record"], row["score"]) for row in rows] == [(accepted.demand.public_id, 4.5)]


def test_results_are_not_there_before_they_are_published(client: Any) -> None:
    call = CallFactory(programme__state="jury")
    assert client.get(f"{API}/programmes/{call.programme.public_id}/results/").status_code == 404


def test_link_of_an_event_is_told_to_those_registered(world: World, client_of: Any) -> None:
    event = EventFactory(link="https://meet.example/x", capacity=1)
    client = client_of(world.city_admin)
    assert client.get(f"{API}/events/{event.public_id}/").json()["link"] == ""
    assert post(client, f"events/{event.public_id}/register/").json() == {"seat": "registered"}
    assert client.get(f"{API}/events/{event.public_id}/").json()["link"] == "https://meet.example/x"
    SeatFactory(event=event, user=world.newcomer, state="waiting")
    assert post(client, f"events/{event.public_id}/leave/").json() == {"seat": "cancelled"}
    assert Seat.objects.get(user=world.newcomer).state == "registered"


@pytest.mark.parametrize("path", ["calls", "events", "applications"])
def test_lists_ask_no_more_for_more_rows(world: World, client_of: Any, path: str) -> None:
    client = client_of(world.programme)

    def more() -> None:
        ApplicationFactory(call=CallFactory())
        EventFactory()

    more()
    assert_queries_constant(lambda: client.get(f"{API}/{path}/"), more)
