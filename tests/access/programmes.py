"""A programme in each stage that shows something else, with words of its own: who reads which is in the policy."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.programmes.models import CohortFollowUp, CohortMember, Enquiry, Milestone, Partner
from tests.factories import DemandFactory
from tests.factories.programmes import (
    ApplicationFactory,
    CallFactory,
    EventFactory,
    JurorFactory,
    ProgrammeFactory,
    SeatFactory,
)

if TYPE_CHECKING:
    from tests.access.world import AccessWorld

CITY = frozenset({"city_editor", "city_approver", "city_admin", "tied_moderator"})
DESK = frozenset({"programme", "neutrality"})


def make_programmes(world: "AccessWorld") -> None:
    draft = ProgrammeFactory(state="draft", title_en=world.secret("ProgrammeDraft", _draft_readers()))
    running = ProgrammeFactory(state="open")
    call = CallFactory(programme=running)
    Enquiry.objects.create(
        call=call,
        asked_by=world.city_editor,
        language="en",
        text=world.secret("Enquiry", frozenset({"programme"}) | {"neutrality"}),
    )
    partner = Partner.objects.create(programme=running, role="funder", name="Fund")
    event = EventFactory(programme=running, link="https://meet.example/canaryeventlinkzq7")
    world.secrets["canaryeventlinkzq7"] = frozenset({"city_admin"}) | {"programme"}
    SeatFactory(event=event, user=world.city_admin)
    world.keep(
        programme_draft=draft, call_draft=CallFactory(programme=draft), event_draft=EventFactory(programme=draft),
        programme_open=running, call_open=call, partner=partner, event=event,
        application=_application(world, call, "submitted"),
        application_draft=_application(world, CallFactory(programme=running), "draft"),
    )  # fmt: skip
    _judged(world)


def _draft_readers() -> frozenset[str]:
    return DESK | {"moderator", "tied_moderator", "administrator", "back_office"}


def _application(world: "AccessWorld", call: Any, state: str) -> Any:
    readers = CITY | (DESK if state != "draft" else frozenset())
    words = world.secret(f"Application{state.title().replace('_', '')}", readers)
    questions = call.questions.all()
    more = {} if state != "draft" else {"submitted_by": None, "submitted_at": None}
    return ApplicationFactory(
        call=call, subject=DemandFactory(body=world.city), state=state, started_by=world.city_editor,
        answers={str(question.pk): words for question in questions}, **more,
    )  # fmt: skip


def _judged(world: "AccessWorld") -> None:
    screening = CallFactory(programme__state="screening")
    jury = CallFactory(programme__state="jury")
    done = CallFactory(programme__state="running")
    juror = JurorFactory(call=jury, user=world.expert, declared_at=timezone.now())
    accepted = _application(world, done, "accepted")
    member = CohortMember.objects.create(application=accepted)
    CohortFollowUp.objects.create(member=member, months=6, asked_at=timezone.now())
    admitted = ApplicationFactory(call=jury, state="admitted")
    world.keep(
        call_screening=screening, application_screening=ApplicationFactory(call=screening), call_jury=jury,
        application_jury=admitted, juror=juror, programme_done=done.programme, application_accepted=accepted,
        member=member, milestone=Milestone.objects.create(programme=done.programme, title_en="Begin"),
    )  # fmt: skip
