"""The pages of programmes: a whole life by forms alone, lists that ask no more for more rows, the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.programmes.models import Application, Call, Event, Juror, Programme
from tests.conftest import World
from tests.factories import StaffRoleFactory
from tests.factories.programmes import ApplicationFactory, CallFactory, EventFactory, JurorFactory, ProgrammeFactory
from tests.queries import assert_queries_constant

pytestmark = pytest.mark.django_db


def post(client: Any, path: str, **data: Any) -> Any:
    answer = client.post(path, data)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    return answer


def rules(**more: Any) -> dict[str, Any]:
    return {"criterion_0": "Need", "weight_0": "60", "criterion_1": "Readiness", "weight_1": "40", **more}


def call_form(**more: Any) -> dict[str, Any]:
    day = (timezone.now() + timedelta(days=9)).date().isoformat()
    return {"side": "demand", "title": "Hot classrooms", "about": "Cities.", "day": day, "at": "23:59", "zone": "AoE",
            "jurors_needed": "1", **more}  # fmt: skip


def test_programme_lives_from_draft_to_results_by_its_pages(world: World, client_of: Any) -> None:
    area = world.demand.focus_area
    client = client_of(world.programme)
    draft = {
        "kind": "programme",
        "language": "en",
        "title": "Cool schools",
        "summary": "Shade.",
        "about": "Twelve cities.",
    }
    post(client, "/en/workspace/new/", **draft, areas=[area.pk])
    programme = Programme.objects.get()
    desk = f"/en/workspace/programmes/{programme.public_id}/"
    post(client, f"{desk}calls/", **call_form())
    call = Call.objects.get()
    workspace = f"/en/workspace/calls/{call.public_id}/"
    post(client, f"{workspace}rules/", **rules(question_0="Why now?"))
    for move in ("announce", "open"):
        post(client, f"{desk}move/", move=move)
    client = client_of(world.city_admin)
    post(client, f"/en/calls/{call.public_id}/apply/", subject=world.demand.pk)
    application = Application.objects.get()
    question = call.questions.get()
    page = f"/en/applications/{application.public_id}/"
    post(client, f"{page}edit/", language="en", version=1, **{f"question_{question.pk}": "Hotter summers."})
    post(client, f"{page}move/", move="submit")
    Call.objects.update(deadline=timezone.now() - timedelta(days=1))
    client = client_of(world.programme)
    for move in ("close", "start_screening"):
        post(client, f"{desk}move/", move=move)
    check = f"/en/workspace/applications/{application.public_id}/"
    post(client, f"{check}check/", move="admit")
    post(client, f"{workspace}jurors/", user=world.expert.pk)
    post(client, f"{desk}move/", move="start_jury")
    client = client_of(world.expert)
    post(client, f"/en/jury/{call.public_id}/ties/", sure="on")
    sheet = {f"points_{criterion.pk}": "4" for criterion in call.criteria.all()}
    post(client, f"/en/jury/{call.public_id}/{application.number}/", **sheet)
    client = client_of(world.programme)
    post(client, f"{check}verdict/", verdict="accept")
    post(client, f"{desk}move/", move="publish_results")
    assert (
        "4.00 of 5 points"
        in client_of(world.visitor).get(f"/en/programmes/{programme.public_id}/results/").content.decode()
    )
    assert Juror.objects.get().declared_at is not None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"weight_1": "39"}, "they have to add up to 100"),
        ({"weight_1": ""}, "needs its words and its weight"),
        ({"criterion_1": ""}, "needs its words and its weight"),
    ],
)
def test_rules_that_do_not_add_up_stay_typed(world: World, client_of: Any, data: dict[str, str], said: str) -> None:
    call = CallFactory(programme__state="draft")
    answer = client_of(world.programme).post(f"/en/workspace/calls/{call.public_id}/rules/", rules(**data))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Need"' in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"zone": "Mars/Olympus"}, "do not know this time zone"),
        ({"day": "2027-03-28", "at": "02:30", "zone": "Europe/Berlin"}, "clocks skip this hour"),
        ({"title": ""}, "Fill in: Title"),
    ],
)
def test_call_with_a_wrong_deadline_is_refused_at_its_field(
    world: World, client_of: Any, data: dict[str, str], said: str
) -> None:
    programme = ProgrammeFactory(state="draft")
    path = f"/en/workspace/programmes/{programme.public_id}/calls/"
    answer = client_of(world.programme).post(path, call_form(**data))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_answers_of_a_closed_call_stay_typed_and_the_page_says_why(world: World, client_of: Any) -> None:
    call = CallFactory()
    application = ApplicationFactory(call=call, subject=world.demand)
    Call.objects.update(deadline=timezone.now() - timedelta(hours=1))
    question = call.questions.get()
    data = {"language": "en", "version": 1, f"question_{question.pk}": "A new sentence."}
    answer = client_of(world.city_admin).post(f"/en/applications/{application.public_id}/edit/", data)
    assert answer.status_code == 422
    assert "A new sentence." in answer.content.decode()
    assert "The call is closed" in answer.content.decode()


def test_deadline_is_shown_as_written_and_on_the_readers_clock(world: World, client_of: Any) -> None:
    world.city_admin.time_zone = "Asia/Seoul"
    world.city_admin.save(update_fields=["time_zone"])
    call = CallFactory(zone="America/Sao_Paulo")
    page = client_of(world.city_admin).get(call.get_absolute_url()).content.decode()
    assert "(America/Sao Paulo)" in page
    assert "(Asia/Seoul)" in page


def test_applicant_reads_submitted_while_the_check_is_secret(world: World, client_of: Any) -> None:
    call = CallFactory(programme__state="screening")
    application = ApplicationFactory(call=call, subject=world.demand, state="screened_out", note="Off topic.")
    page = client_of(world.city_admin).get(application.get_absolute_url()).content.decode()
    assert "Submitted" in page
    assert "Off topic." not in page
    assert "Not admitted" not in page


def test_open_call_stands_on_the_home_page(client: Any) -> None:
    call = CallFactory()
    assert call.get_absolute_url() in client.get("/en/").content.decode()


def test_juror_finds_the_jury_among_what_needs_them(client_of: Any) -> None:
    juror = JurorFactory(call=CallFactory(programme__state="jury"))
    assert f"/en/jury/{juror.call.public_id}/" in client_of(juror.user).get("/en/my/").content.decode()


def test_api_gives_announced_programmes_and_no_application(world: World, client: Any) -> None:
    ProgrammeFactory(state="draft")
    call = CallFactory()
    ApplicationFactory(call=call, subject=world.demand, answers={"1": "CanaryAnswer"})
    listed = client.get("/api/v1/programmes/").json()
    one = client.get(f"/api/v1/programmes/{call.programme.public_id}/")
    assert [row["reference"] for row in listed["results"]] == [call.programme.public_id]
    assert [row["weight"] for row in one.json()["calls"][0]["criteria"]] == [60, 40]
    assert "CanaryAnswer" not in one.content.decode()


def _more_programmes() -> None:
    CallFactory(programme__title_en="More")


@pytest.mark.parametrize("path", ["/en/programmes/", "/en/workspace/", "/api/v1/programmes/"])
def test_lists_ask_the_database_no_more_for_more_rows(world: World, client_of: Any, path: str) -> None:
    client = client_of(world.programme)
    _more_programmes()
    assert_queries_constant(lambda: client.get(path), _more_programmes)


def test_judging_asks_the_database_no_more_for_more_rows(world: World, client_of: Any) -> None:
    call = CallFactory(programme__state="jury")
    client = client_of(world.programme)

    def more() -> None:
        ApplicationFactory(call=call, state="admitted")
        JurorFactory(call=call, user=StaffRoleFactory(role="expert").user)

    more()
    assert_queries_constant(lambda: client.get(f"/en/workspace/calls/{call.public_id}/"), more)


def test_programme_page_asks_no_more_for_more_events(client: Any) -> None:
    event = EventFactory()

    def more() -> None:
        EventFactory(programme=event.programme)

    assert_queries_constant(lambda: client.get(event.programme.get_absolute_url()), more)
    assert Event.objects.count() == 3
