"""Applying: until the minute named, by those who may, and never a word lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.tasks import run_due
from portal.programmes.application_actions import (
    screen_application,
    start_application,
    submit_application,
    withdraw_application,
    write_application,
)
from portal.programmes.call_actions import answer_enquiry, ask_about_call, edit_call, extend_deadline, set_rules
from portal.programmes.enums import ApplicationState
from portal.programmes.models import Application, Enquiry, Programme
from portal.programmes.states import APPLICATION
from tests.concurrency import at_once, committed
from tests.conftest import World, make_world
from tests.factories import DemandFactory, SolutionFactory
from tests.factories.programmes import ApplicationFactory, CallFactory, manager

__all__ = ["committed"]


@pytest.fixture
def draft(world: World) -> Application:
    call = CallFactory()
    return start_application(
        by=world.city_editor, call=call, organisation=world.city.organisation, subject=world.demand, language="en"
    )


def answers(application: Application, text: str = "The summers are hotter.") -> dict[str, str]:
    return {str(question.pk): text for question in application.call.questions.all()}


def write(by: User, application: Application, text: str = "The summers are hotter.") -> Application:
    return write_application(
        by=by, application=application, answers=answers(application, text), language="en", version=application.version
    )


@pytest.mark.django_db
def test_application_begun_twice_for_one_demand_is_one(world: World, draft: Application) -> None:
    again = start_application(
        by=world.city_admin, call=draft.call, organisation=world.city.organisation, subject=world.demand, language="ko"
    )
    assert again == draft


@pytest.mark.django_db
def test_provider_cannot_apply_to_a_call_for_cities(world: World) -> None:
    with pytest.raises(DomainError, match="another kind"):
        start_application(
            by=world.provider_editor, call=CallFactory(), organisation=world.provider.organisation,
            subject=world.solution, language="en",
        )  # fmt: skip


@pytest.mark.django_db
def test_demand_of_another_city_cannot_be_applied_with(world: World) -> None:
    with pytest.raises(NotAllowed):
        start_application(
            by=world.city_editor, call=CallFactory(), organisation=world.city.organisation,
            subject=DemandFactory(body=world.other_city), language="en",
        )  # fmt: skip


@pytest.mark.django_db
def test_application_without_an_answer_is_kept_and_not_submitted(world: World, draft: Application) -> None:
    with pytest.raises(Incomplete, match="Why now"):
        submit_application(by=world.city_admin, application=draft)
    assert Application.objects.get().state == "draft"


@pytest.mark.django_db
def test_submitted_application_is_told_to_its_organisation(world: World, draft: Application) -> None:
    write(world.city_editor, draft)
    submit_application(by=world.city_approver, application=draft)
    run_due()
    assert world.city_editor.notices.filter(kind="application_submitted").count() == 1


@pytest.mark.django_db
def test_editor_writes_and_does_not_submit(world: World, draft: Application) -> None:
    write(world.city_editor, draft)
    with pytest.raises(NotAllowed):
        submit_application(by=world.city_editor, application=draft)


@pytest.mark.django_db
def test_submitted_application_is_changed_until_the_deadline(world: World, draft: Application) -> None:
    write(world.city_editor, draft)
    submitted = submit_application(by=world.city_admin, application=Application.objects.get())
    changed = write(world.city_editor, submitted, "Because of May.")
    assert (changed.state, list(changed.answers.values())) == ("submitted", ["Because of May."])


@pytest.mark.django_db
def test_colleague_who_saved_first_is_not_overwritten(world: World, draft: Application) -> None:
    write(world.city_admin, draft, "First.")
    with pytest.raises(Conflict):
        write(world.city_editor, draft, "Second.")
    assert list(Application.objects.get().answers.values()) == ["First."]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Sao_Paulo"])
def test_last_second_counts_and_the_next_does_not(clock: Any, world: World, zone: str) -> None:
    deadline = clock("2026-06-30 23:59", zone)
    application = ApplicationFactory(
        call=CallFactory(deadline=deadline, zone=zone), subject=world.demand, state="draft"
    )
    clock("2026-06-30 23:59:59", zone)
    assert submit_application(by=world.city_admin, application=application).state == "submitted"
    withdraw_application(by=world.city_admin, application=application)
    clock("2026-07-01 00:00", zone)
    for late in (lambda: submit_application(by=world.city_admin, application=application),
                 lambda: write(world.city_editor, Application.objects.get())):  # fmt: skip
        with pytest.raises(Conflict, match="closed"):
            late()


PEOPLE = ("city_editor", "city_approver", "other_city_admin", "provider_admin", "moderator", "programme", "newcomer")


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", ApplicationState.values)
@pytest.mark.parametrize("move", ["submit", "withdraw"])
def test_applicants_move_by_everybody_from_every_state(world: World, who: str, state: str, move: str) -> None:
    application = ApplicationFactory(call=CallFactory(), subject=world.demand, state=state)
    act = submit_application if move == "submit" else withdraw_application
    by, table = world.users[who], APPLICATION.moves[move]
    if who != "city_approver":
        with pytest.raises(NotAllowed):
            act(by=by, application=application)
    elif state in table.sources:
        assert act(by=by, application=application).state == table.target
    else:
        with pytest.raises(Conflict, match=r"[a-z] .*\."):
            act(by=by, application=application)


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", ApplicationState.values)
@pytest.mark.parametrize("move", ["admit", "screen_out", "check_again"])
def test_check_by_everybody_from_every_state(world: World, who: str, state: str, move: str) -> None:
    call = CallFactory(programme__state="screening")
    application = ApplicationFactory(call=call, subject=world.demand, state=state)
    values = {"reason": "off_topic", "note": "Not about schools."} if move == "screen_out" else {}
    by, table = world.users[who], APPLICATION.moves[move]
    if who != "programme":
        with pytest.raises(NotAllowed):
            screen_application(by=by, application=application, move=move, **values)
    elif state in table.sources:
        assert screen_application(by=by, application=application, move=move, **values).state == table.target
    else:
        with pytest.raises(Conflict):
            screen_application(by=by, application=application, move=move, **values)


@pytest.mark.django_db
def test_manager_tied_to_an_applicant_leaves_the_check_to_a_colleague(world: World) -> None:
    by = manager()
    world.city.organisation.membership_set.create(user=by, role="editor")
    application = ApplicationFactory(call=CallFactory(programme__state="screening"), subject=world.demand)
    with pytest.raises(NotAllowed, match="tied"):
        screen_application(by=by, application=application, move="admit")


# --- The call ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_extension_holds_for_everybody_and_is_told_to_who_started_or_asked(world: World, draft: Application) -> None:
    ask_about_call(by=world.other_city_admin, call=draft.call, text="May utilities apply?", language="en")
    later = draft.call.deadline + timedelta(days=7)
    extend_deadline(by=world.programme, call=draft.call, deadline=later, reason="Holidays in many countries.")
    run_due()
    told = {user for user in ("city_editor", "city_admin", "other_city_admin", "provider_admin")
            if world.users[user].notices.filter(kind="deadline_extended").exists()}  # fmt: skip
    assert told == {"city_editor", "city_admin", "other_city_admin"}


@pytest.mark.django_db
def test_extension_after_the_deadline_opens_the_call_again(world: World) -> None:
    call = CallFactory(programme__state="closed", deadline=timezone.now() - timedelta(days=1))
    later = timezone.now() + timedelta(days=5)
    extend_deadline(by=world.programme, call=call, deadline=later, reason="The portal was away.")
    assert Programme.objects.get().state == "open"


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-1, 0])
def test_deadline_never_moves_to_an_earlier_time(world: World, hours: int) -> None:
    call = CallFactory()
    with pytest.raises(DomainError, match="later time"):
        extend_deadline(
            by=world.programme, call=call, deadline=call.deadline + timedelta(hours=hours), reason="Too slow."
        )


@pytest.mark.django_db
def test_deadline_stands_once_applications_are_judged(world: World) -> None:
    call = CallFactory(programme__state="screening")
    with pytest.raises(Conflict):
        extend_deadline(by=world.programme, call=call, deadline=call.deadline + timedelta(days=1), reason="More.")


@pytest.mark.django_db
def test_rules_of_an_open_call_stand(world: World) -> None:
    call = CallFactory()
    with pytest.raises(Conflict, match="rules stand"):
        set_rules(by=world.programme, call=call, criteria=[], questions=[])
    with pytest.raises(Conflict, match="rules stand"):
        edit_call(by=world.programme, call=call, texts={"about": "Other."}, facts={})


@pytest.mark.django_db
def test_answer_is_public_without_who_asked(world: World, client: Any) -> None:
    call = CallFactory()
    enquiry = ask_about_call(by=world.city_admin, call=call, text="May utilities apply?", language="en")
    before = client.get(f"/en/calls/{call.public_id}/").content.decode()
    answer_enquiry(by=world.programme, enquiry=enquiry, answer="Yes, if a city owns them.")
    after = client.get(f"/en/calls/{call.public_id}/").content.decode()
    assert "May utilities apply?" not in before
    assert "Yes, if a city owns them." in after
    assert world.city_admin.name not in after


@pytest.mark.django_db
def test_question_is_answered_once(world: World) -> None:
    enquiry = ask_about_call(by=world.city_admin, call=CallFactory(), text="When?", language="en")
    answer_enquiry(by=world.programme, enquiry=enquiry, answer="Soon.")
    with pytest.raises(Conflict):
        answer_enquiry(by=world.programme, enquiry=Enquiry.objects.get(), answer="Later.")


def test_last_application_and_extension_at_once_both_hold(committed: None) -> None:
    world = make_world()
    call = CallFactory()
    application = ApplicationFactory(call=call, subject=world.demand, state="draft")
    later = call.deadline + timedelta(days=1)
    done = at_once([
        lambda: submit_application(by=world.city_admin, application=application),
        lambda: extend_deadline(by=world.programme, call=call, deadline=later, reason="Holidays."),
    ])  # fmt: skip
    assert not [one for one in done if isinstance(one, Exception)]
    assert Application.objects.get(pk=application.pk).state == "submitted"


def test_two_applications_begun_at_once_have_numbers_of_their_own(committed: None) -> None:
    world = make_world()
    call = CallFactory(side="solution")
    sides = [(world.provider_editor, world.provider), (world.other_provider_editor, world.other_provider)]
    works = [
        lambda by=by, side=side: start_application(
            by=by, call=call, organisation=side.organisation, subject=SolutionFactory(provider=side), language="en"
        )
        for by, side in sides
    ]
    numbers = sorted(application.number for application in at_once(works))
    assert numbers == [1, 2]
