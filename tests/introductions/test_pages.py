"""The pages around an introduction, as each side opens them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries  # type: ignore[attr-defined]

from matching.introductions.meeting_actions import propose_meeting
from matching.introductions.models import Document, Interest, Meeting, Pack, Question, Showing
from matching.introductions.pack_actions import add_pack_document, add_shared_document
from matching.introductions.question_actions import answer_question, ask_question, release_answer
from matching.models import Introduction
from portal.audit.models import AuditEvent
from portal.common.languages import CODES
from portal.jobs.tasks import run_due
from tests.factories import SolutionFactory
from tests.introductions.conftest import Invited, upload

pytestmark = pytest.mark.django_db


def page_of(client: Any, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content.decode())


def pack(invited: Invited, more: str = "") -> str:
    return f"/en/demands/{invited.demand.public_id}/pack/{more}"


def question(invited: Invited, *, answered: bool = True) -> Question:
    found = ask_question(by=invited.provider_editor, demand=invited.demand, body="Which poles?", language="en")
    if answered:
        found = answer_question(by=invited.city_editor, question=found, answer="All poles.", language="en")
    return found


@pytest.mark.parametrize(
    "person", ["city_editor", "provider_editor", "other_provider_admin", "moderator", "neutrality"]
)
def test_the_pack_opens_for_all_who_take_part(invited: Invited, client_of: Any, person: str) -> None:
    add_pack_document(by=invited.city_editor, demand=invited.demand, file=upload("plan.txt"))
    release_answer(by=invited.moderator, question=question(invited))
    text = page_of(client_of(invited.world.users[person]), pack(invited))
    assert "plan.txt" in text
    assert "All poles." in text


@pytest.mark.parametrize("person", ["other_city_admin", "newcomer", "programme"])
def test_the_pack_is_not_there_for_anybody_else(invited: Invited, client_of: Any, person: str) -> None:
    assert client_of(invited.world.users[person]).get(pack(invited)).status_code == 404


def test_a_question_is_asked_and_kept_when_it_is_refused(invited: Invited, client_of: Any) -> None:
    client = client_of(invited.provider_editor)
    refused = client.post(pack(invited, "ask/"), {"body": "Mail me at a@b.org", "language": "en"})
    assert refused.status_code == 422
    assert "Mail me at a@b.org" in refused.content.decode()
    assert client.post(pack(invited, "ask/"), {"body": "Which poles?", "language": "en"}).status_code == 302
    assert Question.objects.get().text == "Which poles?"


def test_the_city_answers_and_a_moderator_releases_on_the_question_s_page(invited: Invited, client_of: Any) -> None:
    found = question(invited, answered=False)
    path = f"/en/questions/{found.public_id}/"
    values = {"decision": "answer", "answer-answer": "All poles.", "answer-language": "en"}
    assert client_of(invited.city_editor).post(path, values).status_code == 302
    values = {"decision": "release", "release-text": "Which poles?", "release-answer": "All poles, indeed."}
    assert client_of(invited.moderator).post(path, values).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.answer) == ("released", "All poles, indeed.")


def test_the_city_does_not_read_who_asked(invited: Invited, client_of: Any) -> None:
    found = question(invited)
    text = page_of(client_of(invited.city_admin), f"/en/questions/{found.public_id}/")
    assert invited.provider.organisation.name not in text


def test_the_other_provider_does_not_find_an_open_question(invited: Invited, client_of: Any) -> None:
    found = question(invited)
    assert client_of(invited.other_provider_admin).get(f"/en/questions/{found.public_id}/").status_code == 404


def test_the_list_of_answers_to_release(invited: Invited, client_of: Any) -> None:
    question(invited)
    assert "Which poles?" in page_of(client_of(invited.moderator), "/en/questions/")


def test_a_document_is_handed_in_and_downloaded_as_an_attachment(invited: Invited, client_of: Any) -> None:
    file = SimpleUploadedFile("Plan <1>.txt", b"Words.")
    sent = client_of(invited.city_editor).post(pack(invited, "documents/"), {"file": file, "note": "The plan"})
    assert sent.status_code == 302
    document = Document.objects.get()
    response = client_of(invited.other_provider_editor).get(document.get_absolute_url())
    assert response.content == b"Words."
    assert response["Content-Disposition"].startswith("attachment;")
    opened = Showing.objects.get(act="opened", subject=f"document:{document.public_id}")
    assert opened.organisation_id == invited.other_provider.organisation_id


def test_a_file_that_runs_is_refused_on_the_page(invited: Invited, client_of: Any) -> None:
    file = SimpleUploadedFile("run.exe", b"MZ")
    sent = client_of(invited.city_editor).post(pack(invited, "documents/"), {"file": file})
    assert sent.status_code == 422
    assert not Document.objects.exists()


def test_the_date_for_questions_is_set_in_a_named_zone(invited: Invited, client_of: Any) -> None:
    values = {"until": "2031-07-01T18:00", "zone": "Asia/Seoul"}
    assert client_of(invited.city_approver).post(pack(invited, "date/"), values).status_code == 302
    found = Pack.objects.get(demand=invited.demand)
    assert found.questions_until is not None
    assert found.questions_until.isoformat() == "2031-07-01T09:00:00+00:00"


def test_both_sides_share_documents_in_an_introduction(
    introduction: Introduction, invited: Invited, client_of: Any
) -> None:
    path = f"/en/introductions/{introduction.match.public_id}/documents/"
    values = {"file": SimpleUploadedFile("offer.txt", b"Offer")}
    assert client_of(invited.provider_editor).post(path, values).status_code == 302
    document = Document.objects.get()
    assert client_of(invited.city_editor).get(document.get_absolute_url()).content == b"Offer"
    assert client_of(invited.other_provider_admin).get(document.get_absolute_url()).status_code == 404
    assert client_of(invited.city_editor).post(f"{document.get_absolute_url()}remove/").status_code == 403
    assert client_of(invited.provider_admin).post(f"{document.get_absolute_url()}remove/").status_code == 302


def test_a_meeting_is_proposed_agreed_moved_and_cancelled(
    introduction: Introduction, invited: Invited, client_of: Any
) -> None:
    public_id = introduction.match.public_id
    values = {
        "subject": "Talk",
        "place": "Town hall",
        "minutes": "60",
        "zone": "Asia/Seoul",
        "time1": "2031-07-01T09:00",
    }
    client = client_of(invited.provider_editor)
    assert client.post(f"/en/introductions/{public_id}/meetings/", values).status_code == 302
    meeting = Meeting.objects.get()
    path = meeting.get_absolute_url()
    assert "2031" in page_of(client, path)
    client = client_of(invited.city_editor)
    assert client.post(path, {"starts_at": meeting.times.get().starts_at.isoformat()}).status_code == 302
    assert b"METHOD:REQUEST" in client.get(f"{path}meeting.ics").content
    assert client.post(f"{path}move/", {"zone": "UTC", "time1": "2031-07-02T09:00"}).status_code == 302
    assert client.post(f"{path}cancel/", {"note": "Ill"}).status_code == 302
    assert "Cancelled" in page_of(client, path)


def test_a_time_that_does_not_exist_is_refused_on_its_field(
    introduction: Introduction, invited: Invited, client_of: Any
) -> None:
    values = {"subject": "Talk", "place": "x", "minutes": "60", "zone": "Europe/Madrid", "time1": "2031-03-30T02:30"}
    path = f"/en/introductions/{introduction.match.public_id}/meetings/"
    response = client_of(invited.city_editor).post(path, values)
    assert response.status_code == 422
    assert "does not exist in Europe/Madrid" in response.content.decode()


@pytest.mark.parametrize("language", CODES)
def test_the_introduction_shows_meetings_documents_and_follow_ups(
    introduction: Introduction, invited: Invited, client_of: Any, language: str
) -> None:
    add_shared_document(by=invited.city_editor, introduction=introduction, file=upload("shared.txt"))
    soon = timezone.now() + timedelta(days=3)
    propose_meeting(
        by=invited.city_editor, introduction=introduction, subject="First talk", place="x", minutes=30, zone="UTC",
        times=[soon],
    )  # fmt: skip
    client = client_of(invited.provider_editor)
    text = page_of(client, f"/{language}/introductions/{introduction.match.public_id}/")
    assert "First talk" in text
    assert "shared.txt" in text


def interest(invited: Invited) -> str:
    return f"/en/demands/{invited.demand.public_id}/interest/"


def test_interest_is_counted_and_limited(world: Any, client_of: Any, settings: Any) -> None:
    settings.INTERESTS_PER_MONTH = 1
    first, second = (SolutionFactory(provider=world.provider) for _number in range(2))
    client, path = client_of(world.provider_editor), f"/en/demands/{world.demand.public_id}/interest/"
    assert "1 of 1 left this month" in page_of(client, path)
    assert client.post(path, {"solution": first.public_id, "note": "It fits."}).status_code == 302
    refused = client.post(path, {"solution": second.public_id, "note": "This, too."})
    assert refused.status_code == 422
    assert "begins anew on" in refused.content.decode()
    found = Interest.objects.get()
    assert (found.match.origin, found.match.state) == ("provider_interest", "suggested")


def test_interest_in_another_s_solution_is_not_offered(world: Any, client_of: Any) -> None:
    foreign = SolutionFactory(provider=world.other_provider)
    path = f"/en/demands/{world.demand.public_id}/interest/"
    values = {"solution": foreign.public_id, "note": "Mine now."}
    assert client_of(world.provider_editor).post(path, values).status_code == 422
    assert not Interest.objects.exists()


def test_the_clean_file_opens_in_every_language_and_form(
    introduction: Introduction, invited: Invited, client_of: Any
) -> None:
    client, path = client_of(invited.city_approver), f"demands/{invited.demand.public_id}/clean-file"
    release_answer(by=invited.moderator, question=question(invited))
    run_due()
    for language in CODES:
        assert "SHA-256" in page_of(client, f"/{language}/{path}/")
        assert client.get(f"/{language}/{path}.pdf").content.startswith(b"%PDF-")
    found = client.get(f"/en/{path}.json").json()
    last = AuditEvent.objects.filter(action="demand.clean_file").latest("pk")
    assert last.after == {"kind": "json", "sha256": found["sha256"]}


@pytest.mark.parametrize("person", ["city_editor", "provider_admin", "other_city_admin", "newcomer"])
def test_the_clean_file_is_for_those_who_speak_for_the_city(invited: Invited, client_of: Any, person: str) -> None:
    path = f"/en/demands/{invited.demand.public_id}/clean-file/"
    assert client_of(invited.world.users[person]).get(path).status_code == 404


def test_follow_ups_are_listed_for_staff(introduction: Introduction, invited: Invited, client_of: Any) -> None:
    assert "Follow-ups" in page_of(client_of(invited.moderator), "/en/follow-ups/")


def test_a_demand_leads_to_its_pack_and_to_the_form_of_interest(invited: Invited, client_of: Any) -> None:
    path = f"/en/demands/{invited.demand.public_id}/"
    assert pack(invited) in page_of(client_of(invited.city_editor), path)
    assert pack(invited) in page_of(client_of(invited.provider_editor), path)
    assert "/interest/" not in page_of(client_of(invited.newcomer), path)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_pack_do_not_grow(
    invited: Invited, client_of: Any, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        add_pack_document(by=invited.city_editor, demand=invited.demand, file=upload(f"plan {number}.txt"))
        release_answer(by=invited.moderator, question=question(invited))
    client = client_of(invited.neutrality)
    with django_assert_num_queries(14):
        client.get(pack(invited))
