"""Packs, questions, meetings and introductions as JSON: the rights and the actions of the pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from matching.introductions.meeting_actions import choose_time, propose_meeting
from matching.introductions.models import Meeting, Question, Showing
from matching.introductions.pack_actions import add_pack_document
from matching.introductions.question_actions import answer_question, ask_question, release_answer, send_answer_back
from matching.models import Introduction, Message
from portal.accounts.models import User
from tests.introductions.conftest import Invited, upload

pytestmark = pytest.mark.django_db
API = "/api/v1"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def get(user: User, path: str) -> Any:
    return as_(user).get(f"{API}{path}").json()


def post(user: User, path: str, **data: Any) -> Any:
    return as_(user).post(f"{API}{path}", data, content_type="application/json")


def ask(invited: Invited, body: str = "Who owns the poles?") -> Question:
    return ask_question(by=invited.provider_editor, demand=invited.demand, body=body, language="en")


def answered(invited: Invited) -> Question:
    question = ask(invited)
    return answer_question(by=invited.city_editor, question=question, answer="The city.", language="en")


def test_pack_gives_documents_and_released_answers(invited: Invited) -> None:
    add_pack_document(by=invited.city_editor, demand=invited.demand, file=upload(), note="Plan")
    release_answer(by=invited.moderator, question=answered(invited))
    found = get(invited.other_provider_editor, f"/packs/{invited.demand.public_id}/")
    assert [(one["name"], one["note"]) for one in found["documents"]] == [("plan.txt", "Plan")]
    assert [(one["text"], one["answer"], one["asker"]) for one in found["questions"]] == [
        ("Who owns the poles?", "The city.", None)
    ]
    assert found["clean_file"] is None


def test_reading_a_pack_stands_in_the_log_once_with_every_answer(invited: Invited) -> None:
    release_answer(by=invited.moderator, question=answered(invited))
    for _time in range(2):
        get(invited.other_provider_editor, f"/packs/{invited.demand.public_id}/")
    opened = Showing.objects.filter(act="opened").values_list("organisation__name", "what")
    name = invited.other_provider.organisation.name
    assert list(opened) == [(name, "facts"), (name, "answer")]


def test_asker_reads_the_answer_only_with_all_others(invited: Invited) -> None:
    question = answered(invited)
    assert get(invited.provider_editor, f"/questions/{question.public_id}/")["answer"] == ""
    release_answer(by=invited.moderator, question=question)
    assert get(invited.provider_editor, f"/questions/{question.public_id}/")["answer"] == "The city."


def test_words_to_the_city_are_not_the_askers(invited: Invited) -> None:
    question = answered(invited)
    send_answer_back(by=invited.moderator, question=question, note="Too vague.")
    path = f"/questions/{question.public_id}/"
    assert [get(user, path)["note"] for user in (invited.city_editor, invited.provider_editor)] == ["Too vague.", ""]
    page = as_(invited.provider_editor).get(f"/en{path}").content.decode()
    assert "Too vague." not in page


def test_question_is_asked_and_its_contacts_are_refused(invited: Invited) -> None:
    path = f"/packs/{invited.demand.public_id}/questions/"
    refused = post(invited.provider_editor, path, body="Write to ana@example.org", language="en")
    assert (refused.status_code, refused.json()["code"]) == (422, "incomplete")
    made = post(invited.provider_editor, path, body="Who owns the poles?", language="en")
    assert (made.status_code, made.json()["state"]) == (201, "asked")
    assert Question.objects.count() == 1


def test_question_without_a_language_is_refused_by_its_field(invited: Invited) -> None:
    answer = post(invited.provider_editor, f"/packs/{invited.demand.public_id}/questions/", body="Who?")
    assert (answer.status_code, list(answer.json())) == (400, ["language"])


def test_message_is_posted_and_read_without_a_name(introduction: Introduction, invited: Invited) -> None:
    path = f"/introductions/{introduction.match.public_id}/messages/"
    assert post(invited.city_editor, path, body="When do we begin?", language="en").status_code == 201
    (message,) = get(invited.provider_editor, path)["results"]
    assert message["body"] == "When do we begin?"
    assert message["organisation"] == invited.city.organisation.name
    assert Message.objects.get().author == invited.city_editor


def test_meeting_is_proposed_and_picked(introduction: Introduction, invited: Invited) -> None:
    soon = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
    facts = {"subject": "First talk", "place": "City hall", "minutes": 45, "zone": "Asia/Seoul"}
    path = f"/introductions/{introduction.match.public_id}/meetings/"
    made = post(invited.provider_editor, path, times=[soon.isoformat()], **facts)
    assert made.status_code == 201
    chosen = post(invited.city_editor, f"/meetings/{made.json()['reference']}/choose/", starts_at=soon.isoformat())
    assert (chosen.status_code, chosen.json()["state"]) == (200, "agreed")
    assert Meeting.objects.get().starts_at == soon


def test_unknown_zone_is_refused(introduction: Introduction, invited: Invited) -> None:
    facts = {"subject": "x", "place": "y", "minutes": 45, "zone": "Mars/Base", "times": ["2030-01-01T10:00:00Z"]}
    answer = post(invited.city_editor, f"/introductions/{introduction.match.public_id}/meetings/", **facts)
    assert (answer.status_code, list(answer.json())) == (400, ["zone"])


def test_introduction_gives_what_its_page_shows_and_no_person(introduction: Introduction, invited: Invited) -> None:
    found = as_(invited.city_editor).get(f"{API}/introductions/{introduction.match.public_id}/")
    assert found.json()["reference"] == introduction.match.public_id
    assert (found.json()["documents"], found.json()["meetings"], found.json()["follow_ups"]) == ([], [], [])
    text = found.content.decode()
    assert not [user for user in (invited.city_approver, invited.provider_approver) if user.email in text]


def test_whoever_is_not_a_party_finds_nothing(introduction: Introduction, invited: Invited) -> None:
    path = f"/introductions/{introduction.match.public_id}/"
    assert as_(invited.other_provider_editor).get(f"{API}{path}").status_code == 404
    assert post(invited.other_provider_editor, f"{path}messages/", body="Hello", language="en").status_code == 404


@pytest.mark.parametrize("list_name", ["packs", "questions", "meetings", "introductions"])
def test_list_asks_the_database_as_often_for_three_rows_as_for_one(
    list_name: str, introduction: Introduction, invited: Invited, django_assert_max_num_queries: Any
) -> None:
    client = as_(invited.city_editor)

    def add(number: int) -> None:
        ask(invited, f"Question {number}?")
        soon = timezone.now() + timedelta(days=number + 1)
        made = propose_meeting(
            by=invited.provider_editor, introduction=introduction, subject="x", place="y", minutes=30, zone="UTC",
            times=[soon],
        )  # fmt: skip
        choose_time(by=invited.city_editor, meeting=made, starts_at=soon)

    add(1)
    client.get(f"{API}/{list_name}/")
    with django_assert_max_num_queries(100) as one:
        client.get(f"{API}/{list_name}/")
    add(2)
    add(3)
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(f"{API}/{list_name}/")
