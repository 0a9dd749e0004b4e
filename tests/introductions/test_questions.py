"""Questions and answers: by one, through ICLEI, to everybody at the same moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from matching.introductions.enums import Act, Shown
from matching.introductions.forms import QuestionDateForm
from matching.introductions.models import Question, Showing
from matching.introductions.pack_actions import add_pack_document, give_pack, remove_document, set_question_date
from matching.introductions.question_actions import (
    answer_question,
    ask_question,
    redact_question,
    refuse_question,
    release_answer,
    send_answer_back,
)
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.factories import SolutionFactory
from tests.introductions.conftest import Invited, invite, upload

pytestmark = pytest.mark.django_db
ZONE = "America/Sao_Paulo"


def ask(invited: Invited, body: str = "Which poles may be used?") -> Question:
    return ask_question(by=invited.provider_editor, demand=invited.demand, body=body, language="en")


def answered(invited: Invited) -> Question:
    return answer_question(by=invited.city_editor, question=ask(invited), answer="All of them.", language="pt")


def given(what: str) -> dict[int, list[tuple[str, object]]]:
    found: dict[int, list[tuple[str, object]]] = {}
    for line in Showing.objects.filter(act=Act.GIVEN, what=what):
        found.setdefault(line.organisation_id, []).append((line.digest, line.at))
    return found


def test_an_invitation_gives_every_provider_the_same_facts(invited: Invited) -> None:
    found = given(Shown.FACTS)
    assert set(found) == {invited.provider.organisation_id, invited.other_provider.organisation_id}
    assert len({digest for lines in found.values() for digest, _at in lines}) == 1


def test_a_document_of_the_pack_is_given_to_all_at_the_same_moment(invited: Invited) -> None:
    add_pack_document(by=invited.city_editor, demand=invited.demand, file=upload())
    first, second = given(Shown.DOCUMENT).values()
    assert first == second


def test_who_is_invited_later_is_given_all_that_was_there(invited: Invited) -> None:
    add_pack_document(by=invited.city_editor, demand=invited.demand, file=upload())
    third = invite(invited.world, SolutionFactory())
    run_due()
    assert third.solution.provider.organisation_id in given(Shown.DOCUMENT)


def test_giving_twice_adds_no_line(invited: Invited) -> None:
    assert give_pack(demand=invited.demand) == 0


@pytest.mark.parametrize(
    "statement", ["UPDATE introductions_showing SET digest = 'x'", "DELETE FROM introductions_showing"]
)
def test_the_log_takes_no_change(invited: Invited, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_question_loses_the_names_of_who_asks(invited: Invited) -> None:
    name = invited.provider.organisation.name
    question = ask(invited, f"We at {name} wonder: which poles may be used by {invited.solution.name}?")
    assert question.text == "We at […] wonder: which poles may be used by […]?"


@pytest.mark.parametrize("body", ["Write to me: ana@example.org", "Call +34 600 123 456", "See www.example.org/me"])
def test_a_question_with_a_contact_is_refused_in_words(invited: Invited, body: str) -> None:
    with pytest.raises(Incomplete, match="Take this out") as refused:
        ask(invited, body)
    assert refused.value.missing == ("body",)


def test_an_answer_that_names_a_person_of_the_city_is_refused(invited: Invited) -> None:
    question = ask(invited)
    with pytest.raises(Incomplete, match=invited.city_admin.name):
        answer_question(
            by=invited.city_editor, question=question, answer=f"Ask {invited.city_admin.name}.", language="en"
        )


def test_questions_close_at_the_date_of_the_demand(invited: Invited, monkeypatch: pytest.MonkeyPatch) -> None:
    until = timezone.now() + timedelta(days=3)
    set_question_date(by=invited.city_approver, demand=invited.demand, until=until, zone=ZONE)
    ask(invited)
    monkeypatch.setattr(timezone, "now", lambda: until + timedelta(seconds=1))
    with pytest.raises(DomainError) as refused:
        ask(invited)
    assert refused.value.code == "questions_closed"


# The night before, the clocks go forward in Madrid: the wall time that was named holds.
@pytest.mark.parametrize(
    ("zone", "closes"),
    [
        ("Asia/Seoul", datetime(2027, 3, 28, 9, 0, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2027, 3, 28, 21, 0, tzinfo=UTC)),
        ("Europe/Madrid", datetime(2027, 3, 28, 16, 0, tzinfo=UTC)),
    ],
)
def test_questions_close_at_the_wall_time_that_was_named(
    invited: Invited, monkeypatch: pytest.MonkeyPatch, zone: str, closes: datetime
) -> None:
    form = QuestionDateForm({"until": "2027-03-28T18:00", "zone": zone})
    assert form.is_valid()
    set_question_date(by=invited.city_approver, demand=invited.demand, **form.cleaned_data)
    monkeypatch.setattr(timezone, "now", lambda: closes)
    ask(invited)
    monkeypatch.setattr(timezone, "now", lambda: closes + timedelta(seconds=1))
    with pytest.raises(DomainError):
        ask(invited)


@pytest.mark.parametrize(("typed", "meant"), [("seoul", "Asia/Seoul"), ("Mars/Base", None)])
def test_zone_is_known_by_its_city_and_another_word_is_refused(typed: str, meant: str | None) -> None:
    form = QuestionDateForm({"until": "2027-03-28T18:00", "zone": typed})
    form.is_valid()
    assert (form.cleaned_data.get("zone"), "zone" in form.errors) == (meant or "UTC", meant is None)


def test_only_invited_providers_ask(invited: Invited) -> None:
    for person in ("city_editor", "other_city_admin", "newcomer", "moderator"):
        with pytest.raises(NotAllowed):
            ask_question(by=invited.world.users[person], demand=invited.demand, body="May I?", language="en")


def test_an_answer_reaches_nobody_before_it_is_released(invited: Invited) -> None:
    question = answered(invited)
    assert list(Question.objects.to_release()) == [question]
    assert not Question.objects.visible_to(invited.other_provider_admin).exists()


def test_a_release_reaches_everybody_invited_at_once(invited: Invited) -> None:
    question = release_answer(by=invited.moderator, question=answered(invited))
    run_due()
    first, second = given(Shown.ANSWER).values()
    assert first == second
    assert list(Question.objects.visible_to(invited.other_provider_editor)) == [question]
    told = Notice.objects.filter(kind="answer_released").values_list("recipient__membership__organisation", flat=True)
    parties = {invited.provider.organisation_id, invited.other_provider.organisation_id, invited.city.organisation_id}
    assert set(told) == parties


def test_a_second_release_is_refused(invited: Invited) -> None:
    question = answered(invited)
    release_answer(by=invited.moderator, question=question)
    with pytest.raises(Conflict):
        release_answer(by=invited.moderator, question=question)


def test_a_moderator_sends_an_answer_back_with_words(invited: Invited) -> None:
    question = send_answer_back(by=invited.moderator, question=answered(invited), note="Too vague.")
    assert (question.answer, question.note, list(Question.objects.waiting_for_city())) == ("", "Too vague.", [question])


def test_a_refused_question_tells_the_asker_only(invited: Invited) -> None:
    refuse_question(by=invited.moderator, question=ask(invited), reason="off_topic")
    run_due()
    told = Notice.objects.filter(kind="question_refused").values_list("recipient__membership__organisation", flat=True)
    assert set(told) == {invited.provider.organisation_id}


def test_a_redaction_keeps_what_was_typed(invited: Invited) -> None:
    question = redact_question(by=invited.moderator, question=ask(invited, "Ours or theirs?"), text="Which?")
    assert (question.text, question.body) == ("Which?", "Ours or theirs?")


def test_what_was_released_is_not_rewritten(invited: Invited) -> None:
    question = release_answer(by=invited.moderator, question=answered(invited))
    with pytest.raises(DomainError, match="closed"):
        redact_question(by=invited.moderator, question=question, text="Other")


def test_a_document_taken_back_stays_in_the_log(invited: Invited) -> None:
    document = add_pack_document(by=invited.city_editor, demand=invited.demand, file=upload())
    remove_document(by=invited.city_editor, document=document)
    assert not document.__class__.objects.visible_to(invited.provider_editor).exists()
    assert given(Shown.DOCUMENT)
