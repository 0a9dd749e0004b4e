"""What a city's answer does, and that nothing but an answer does it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.confirmations.answer_actions import accept_confirmation, answer_question
from catalog.confirmations.facts import fingerprint, token_of
from catalog.confirmations.models import CityConfirmation
from catalog.confirmations.to_check import solutions_to_check
from catalog.enums import EvidenceGrade, ReviewCriterion
from catalog.listing_actions import review_solution
from catalog.models import Reference, Solution
from catalog.writing_actions import begin_revision, set_references, submit_solution
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from tests.confirmations.test_asking import ask, later, reference
from tests.conftest import World

pytestmark = pytest.mark.django_db


def say(question: CityConfirmation, answer: str = "confirm", comment: str = "", seen: str = "") -> CityConfirmation:
    seen = seen or fingerprint(Reference.objects.get(pk=question.reference_id))
    return answer_question(question=question, answer=answer, comment=comment, seen=seen)


def page_of(question: CityConfirmation) -> str:
    return f"/en/confirm/{token_of(question)}/"


def answers(question: CityConfirmation, **values: str) -> dict[str, str]:
    return {"answer": "confirm", "comment": "", "seen": fingerprint(question.reference), **values}


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_the_link_confirms_nothing(world: World, client: Any, method: str) -> None:
    """Mail scanners open every link."""
    question = ask(world)
    for _time in range(3):
        getattr(client, method)(page_of(question))
    question.refresh_from_db()
    assert (question.answer, Reference.objects.get().grade) == ("", EvidenceGrade.DECLARED)


def test_sent_answer_raises_the_grade_and_deletes_the_address(world: World, client: Any) -> None:
    question = ask(world)
    assert client.post(page_of(question), answers(question)).status_code == 302
    question.refresh_from_db()
    item = Reference.objects.get()
    assert (question.answer, question.email, question.domain) == ("confirm", "", "curitiba.pr.gov.br")
    assert (item.grade, item.confirmed_by, item.confirmed_at) == (
        EvidenceGrade.CITY_CONFIRMED, "curitiba.pr.gov.br", question.answered_at,
    )  # fmt: skip
    assert question.facts["results"] == "40 % less electricity"
    assert Solution.objects.get(pk=world.solution.pk).proven == EvidenceGrade.CITY_CONFIRMED.rank
    assert Job.objects.filter(kind="matching.match_solution", subject=f"solution:{world.solution.pk}").exists()


def test_grade_of_a_third_party_stays_above_the_citys(world: World) -> None:
    item = reference(world, grade="third_party_verified", evidence_url="https://example.org/a")
    say(ask(world, item=item))
    item.refresh_from_db()
    assert (item.grade, item.confirmed_at is None) == ("third_party_verified", False)


def test_refusal_leaves_the_providers_word_alone(world: World) -> None:
    item = reference(world, grade="documented", evidence_url="https://example.org/a")
    say(ask(world, item=item), "refuse", "It never ran here.")
    item.refresh_from_db()
    assert (item.grade, item.confirmed_at) == ("declared", None)


@pytest.mark.parametrize("answer", ["correct", "cannot_say"])
def test_other_answers_leave_the_grade(world: World, answer: str) -> None:
    item = reference(world, grade="documented", evidence_url="https://example.org/a")
    say(ask(world, item=item), answer, "The figure is 30 %.")
    item.refresh_from_db()
    assert item.grade == "documented"


@pytest.mark.parametrize("answer", ["correct", "refuse"])
def test_answer_that_needs_words_is_refused_without_and_nothing_is_lost(world: World, client: Any, answer: str) -> None:
    question = ask(world)
    with pytest.raises(Incomplete):
        say(question, answer)
    response = client.post(page_of(question), answers(question, answer=answer))
    assert (response.status_code, response.context["form"]["answer"].value()) == (422, answer)


def test_facts_that_changed_meanwhile_are_shown_again_with_what_was_typed(world: World, client: Any) -> None:
    question = ask(world)
    old = answers(question, answer="correct", comment="It is 30 %.")
    Reference.objects.update(results="90 % less electricity")
    response = client.post(page_of(question), old)
    html = response.content.decode()
    assert response.status_code == 409
    assert "90 % less" in html
    assert "It is 30 %." in html
    question.refresh_from_db()
    assert question.answer == ""


def test_answer_is_given_once(world: World, client: Any) -> None:
    question = ask(world)
    say(question)
    with pytest.raises(Conflict):
        say(question, "refuse", "No")
    page = client.get(page_of(question))
    assert (page.status_code, "Thank you" in page.content.decode()) == (200, True)


def test_link_that_ran_out_takes_no_answer(world: World, client: Any) -> None:
    question = later(ask(world), days=30, seconds=1)
    with pytest.raises(Conflict):
        say(question)
    assert "run out" in client.get(page_of(question)).content.decode()


@pytest.mark.parametrize(("before", "is_open"), [(timedelta(minutes=-1), True), (timedelta(minutes=1), False)])
def test_link_works_to_the_minute_across_the_change_of_clocks(
    world: World, monkeypatch: pytest.MonkeyPatch, before: timedelta, is_open: bool
) -> None:
    """Thirty days are 720 hours, whatever the clocks of São Paulo or Seoul did meanwhile."""
    question = ask(world)
    moment = question.expires_at + before
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert question.is_waiting is is_open


def test_confirmation_from_an_unknown_address_waits_for_a_moderator(world: World) -> None:
    question = say(ask(world, email="bau@ulm.de"))
    assert Reference.objects.get().grade == EvidenceGrade.DECLARED
    assert list(solutions_to_check()) == [world.solution]
    accept_confirmation(by=world.moderator, question=question, accept=True, note="ulm.de is the city's site.")
    assert Reference.objects.get().grade == EvidenceGrade.CITY_CONFIRMED
    assert not solutions_to_check().exists()


def test_moderator_who_does_not_accept_leaves_the_grade(world: World) -> None:
    question = say(ask(world, email="bau@ulm-shop.de"))
    accept_confirmation(by=world.moderator, question=question, accept=False, note="A shop.")
    assert Reference.objects.get().grade == EvidenceGrade.DECLARED
    with pytest.raises(Conflict):
        accept_confirmation(by=world.moderator, question=question, accept=True, note="Or is it?")


def test_accepted_confirmation_of_facts_that_changed_since_raises_nothing(world: World) -> None:
    question = say(ask(world, email="bau@ulm.de"))
    Reference.objects.update(results="90 % less electricity")
    accept_confirmation(by=world.moderator, question=question, accept=True, note="ulm.de is the city's site.")
    assert Reference.objects.get().grade == EvidenceGrade.DECLARED


def test_tied_moderator_accepts_nothing(world: World) -> None:
    question = say(ask(world, email="bau@ulm.de"))
    world.moderator.former_memberships.create(
        organisation=world.provider.organisation, role="editor", since=timezone.now()
    )
    with pytest.raises(NotAllowed):
        accept_confirmation(by=world.moderator, question=question, accept=True, note="Sure.")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("confirm", "reference_confirmed"), ("correct", "reference_corrected"),
        ("refuse", "reference_refused"), ("cannot_say", "reference_wrong_person"),
    ],
)  # fmt: skip
def test_provider_is_told_of_every_answer(world: World, answer: str, kind: str) -> None:
    say(ask(world), answer, "Words.")
    run_due()
    [told] = world.provider_editor.notices.all()
    assert (told.kind, told.params["city"]) == (kind, "Curitiba")


def test_confirmation_outlives_a_new_version_that_leaves_the_facts(world: World) -> None:
    say(ask(world))
    draft = begin_revision(by=world.provider_admin, solution=world.solution)
    for dimension in ("efficient", "resilient", "sustainable"):
        draft.claims.create(dimension=dimension, statement="Better.")
    submit_solution(by=world.provider_admin, solution=draft)
    marks = dict.fromkeys(ReviewCriterion.values, 3)
    review_solution(by=world.moderator, solution=draft, marks=marks, comment="", approve=True)
    item = Reference.objects.get()
    assert (item.grade, item.confirmations.count()) == (EvidenceGrade.CITY_CONFIRMED, 1)


def test_confirmation_falls_with_a_change_of_the_facts(world: World) -> None:
    world.solution.state = "draft"
    world.solution.save(update_fields=["state"])
    say(ask(world))
    item = Reference.objects.get()
    names = ("city_name", "country", "status", "started_on", "ended_on", "lessons", "evidence_url", "geonames_id")
    row = {"id": item.pk, "results": "90 %", **{name: getattr(item, name) for name in names}}
    set_references(by=world.provider_admin, solution=world.solution, rows=[row])
    item.refresh_from_db()
    assert (item.grade, item.confirmed_by) == (EvidenceGrade.DECLARED, "")
