"""Programmes, applications, those who take part, events and their seats."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.programmes.application_actions import screen_application, submit_application, withdraw_application
from portal.programmes.call_actions import ask_about_call, extend_deadline
from portal.programmes.cohort_actions import move_member
from portal.programmes.event_actions import cancel_event, give_up_seat, register_for_event
from portal.programmes.jury_actions import Points, give_points
from portal.programmes.models import Application, Call, Programme
from portal.programmes.programme_actions import move_programme
from portal.programmes.reopening_actions import reopen_application
from portal.programmes.states import COHORT
from tests.conftest import World
from tests.factories.programmes import (
    ApplicationFactory,
    CallFactory,
    CohortMemberFactory,
    EventFactory,
    JurorFactory,
    ProgrammeFactory,
    SeatFactory,
)
from tests.proofs.doings import CITY, Doing

DAY = timedelta(days=1)
DESK = "on the desk of the programme's managers; it is public from the next step on"
LATER = "applicants learn it when the jury begins, all in the same minute"


def put(row: Any, state: str) -> Any:
    type(row).objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    return row


def call_in(state: str, *, days: int = 9) -> Any:
    programme = ProgrammeFactory(state=state, report_en="Ten schools are cooler.")
    return CallFactory(programme=programme, deadline=timezone.now() + days * DAY)


def application(state: str, programme: str, **fields: Any) -> Callable[[World], Application]:
    def stage(world: World) -> Application:
        call = call_in("open", days=9 if programme == "open" else -1)
        row = ApplicationFactory(call=call, subject=world.demand, state=state, started_by=world.city_admin, **fields)
        put(call.programme, programme)
        return Application.objects.get(pk=row.pk)

    return stage


def judged(world: World) -> Programme:
    """In the jury, with all points given and a verdict proposed."""
    row = application("admitted", "jury", verdict="accept")(world)
    juror = JurorFactory(call=row.call, user=world.expert, declared_at=timezone.now())
    sheet = {criterion.pk: Points(4, "") for criterion in row.call.criteria.all()}
    give_points(by=world.expert, juror=juror, application=row, points=sheet)
    return row.call.programme


def screened(world: World) -> Programme:
    row = application("admitted", "screening")(world)
    JurorFactory(call=row.call, user=world.expert)
    return row.call.programme


def enquired(state: str) -> Callable[[World], Programme]:
    def stage(world: World) -> Programme:
        call = call_in("announced")
        ask_about_call(by=world.city_editor, call=call, text="Which schools?", language="en")
        if state == "open":
            Call.objects.filter(pk=call.pk).update(deadline=timezone.now() - DAY)
        return put(call.programme, state)

    return stage


def cohort(programme: str) -> Callable[[World], Programme]:
    def stage(world: World) -> Programme:
        member = member_in("active")(world)
        return put(member.application.call.programme, programme)

    return stage


def member_in(state: str) -> Callable[[World], Any]:
    def stage(world: World) -> Any:
        row = application("accepted", "running")(world)
        Programme.objects.filter(pk=row.call.programme_id).update(report_en="Ten schools are cooler.")
        return put(CohortMemberFactory(application=row), state)

    return stage


def step(move: str, stage: Any, tells: dict[str, Any] | None = None, by: str = "programme") -> Doing:
    return Doing(f"programme.{move}", by, stage,
                 lambda w, p: move_programme(by=w.users.get(by, by), programme=p, move=move), tells or {},
                 "" if tells else DESK)  # fmt: skip


def extend(world: World, programme: Programme) -> None:
    call = programme.calls.get()
    extend_deadline(by=world.programme, call=call, deadline=timezone.now() + 20 * DAY, reason="Holidays.")


PROGRAMMES = [
    step("announce", lambda w: ProgrammeFactory(state="draft")),
    step("open", enquired("announced"), {"call_opened": ["city_editor"]}),
    step("close", enquired("open"), {"call_closed": ["programme"]}, by="system"),
    Doing("programme.reopen", "programme", enquired("closed"), extend, {"deadline_extended": ["city_editor"]}),
    step("start_screening", lambda w: call_in("closed", days=-1).programme),
    step("start_jury", screened, {"application_admitted": CITY, "jury_begins": ["expert"]}),
    step("publish_results", judged, {"application_accepted": CITY}),
    step("start_running", cohort("results"), {"programme_begins": CITY}),
    step("publish_report", cohort("running"), {"programme_reported": CITY}),
]


def declined(world: World) -> Application:
    return application("declined", "results", reason="score", verdict="decline", verdict_reason="score")(world)


def settled(verdict: str) -> Callable[[World], Any]:
    def stage(world: World) -> Any:
        programme = judged(world)
        reason = "score" if verdict == "decline" else ""
        row = Application.objects.filter(call__programme=programme)
        row.update(verdict=verdict, verdict_reason=reason, verdict_note="Others scored higher.")
        return row.get()

    return stage


def publish(world: World, row: Application) -> None:
    move_programme(by=world.programme, programme=row.call.programme, move="publish_results")


def screen(move: str, state: str, **values: str) -> Doing:
    return Doing(
        f"application.{move}",
        "programme",
        application(state, "screening"),
        lambda w, a: screen_application(by=w.programme, application=a, move=move, **values),
        quiet=LATER,
    )


RECEIPT = "it stands in the mail of everybody of the organisation that it is in, or out"
APPLICATIONS = [
    Doing("application.submit", "city_admin", application("draft", "open"),
          lambda w, a: submit_application(by=w.city_admin, application=a), {"application_submitted": CITY},
          receipt=RECEIPT),
    Doing("application.withdraw", "city_admin", application("submitted", "open"),
          lambda w, a: withdraw_application(by=w.city_admin, application=a), {"application_withdrawn": CITY},
          receipt=RECEIPT),
    screen("admit", "submitted"),
    screen("screen_out", "submitted", reason="incomplete", note="Two answers are missing."),
    screen("check_again", "admitted"),
    Doing("application.accept", "programme", settled("accept"), publish, {"application_accepted": CITY}),
    Doing("application.decline", "programme", settled("decline"), publish, {"application_declined": CITY}),
    Doing("application.reopen", "programme", declined,
          lambda w, a: reopen_application(by=w.programme, application=a, note="The complaint was upheld."),
          {"application_reopened": CITY}),
]  # fmt: skip


def cohort_move(move: str) -> Doing:
    reason = next(iter(COHORT.moves[move].reasons), "")
    return Doing(f"cohortmember.{move}", "programme", member_in(min(COHORT.moves[move].sources)),
                 lambda w, m: move_member(by=w.programme, member=m, move=move, reason=reason, note="Words."),
                 {"cohort_changed": CITY})  # fmt: skip


COHORTS = [cohort_move(move) for move in COHORT.moves]


def event(world: World, **fields: Any) -> Any:
    return EventFactory(programme=ProgrammeFactory(state="running"), **fields)


def seat(state: str, **fields: Any) -> Callable[[World], Any]:
    return lambda world: SeatFactory(event=event(world, **fields), user=world.city_editor, state=state)


def full_seat(world: World) -> Any:
    """Cancelled, at an event whose only place somebody else has taken."""
    row = seat("cancelled", capacity=1)(world)
    SeatFactory(event=row.event, user=world.city_admin)
    return row


def attended(world: World) -> Any:
    found = event(world)
    SeatFactory(event=found, user=world.city_editor)
    return found


REGISTERS = "whoever registers gets the calendar file, and the way to cancel, by mail"
SEATS = [
    Doing("event.cancel", "programme", attended, lambda w, e: cancel_event(by=w.programme, event=e),
          {"event_cancelled": ["city_editor"]}),
    Doing("seat.take", "city_editor", seat("cancelled"),
          lambda w, s: register_for_event(by=w.city_editor, event=s.event), {"seat_registered": ["city_editor"]},
          receipt=REGISTERS),
    Doing("seat.wait", "city_editor", full_seat, lambda w, s: register_for_event(by=w.city_editor, event=s.event),
          {"seat_waiting": ["city_editor"]}, receipt=REGISTERS),
    Doing("seat.give_up", "city_editor", seat("registered"),
          lambda w, s: give_up_seat(by=w.city_editor, event=s.event), {"seat_given_up": ["city_editor"]},
          receipt=REGISTERS),
]  # fmt: skip
