"""Second looks, complaints, reports and experts' advice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cities.actions import publish_demand, reject_demand
from matching.complaints.actions import (
    answer_complaint,
    appeal_complaint,
    assign_complaint,
    close_complaints,
    withdraw_complaint,
)
from matching.complaints.flag_actions import reopen_flag, report_record, settle_flag
from matching.experts.actions import (
    accept_advice,
    answer_advice,
    ask_for_advice,
    decline_advice,
    leave_experts,
    withdraw_advice,
)
from matching.workbench.deciding_actions import (
    Step,
    close_overtaken,
    confirm_decision,
    refuse_decision,
    withdraw_request,
)
from tests.conftest import World
from tests.factories import ComplaintFactory, ConfirmationFactory, DemandFactory, ExpertFactory, StaffRoleFactory
from tests.proofs.doings import CITY, FOR_CITY, Doing


def second_look(world: World) -> Any:
    world.users["colleague"] = StaffRoleFactory(role="moderator", user__name="colleague").user
    row = DemandFactory(body=world.city, state="submitted")
    return ConfirmationFactory(item=row.public_id, asked_by=world.moderator, state="open", answered_by=None,
                               answered_at=None)  # fmt: skip


def step_of(confirmation: Any) -> Step:
    from cities.models import Demand

    row = Demand.objects.get(public_id=confirmation.item)
    return Step("demand", row, "publish", lambda by, demand=row: publish_demand(by=by, demand=demand), {})


CONFIRMATIONS = [
    Doing("confirmation.confirm", "colleague", second_look,
          lambda w, c: confirm_decision(by=w.colleague, confirmation=c, step=step_of(c)) and c,
          {"confirmation_given": ["moderator"], "demand_published": CITY}),
    Doing("confirmation.refuse", "colleague", second_look,
          lambda w, c: refuse_decision(by=w.colleague, confirmation=c, note="Not yet."),
          {"confirmation_refused": ["moderator"]}),
    Doing("confirmation.overtake", "colleague", second_look,
          lambda w, c: close_overtaken(by=w.colleague, confirmation=c),
          quiet="the record was decided on otherwise, and that is told"),
    Doing("confirmation.withdraw", "moderator", second_look,
          lambda w, c: withdraw_request(by=w.moderator, confirmation=c), quiet="one's own question, taken back"),
]  # fmt: skip


def complaint(**fields: Any) -> Callable[[World], Any]:
    """About a demand that the moderator rejected; the neutrality officer has it, unless said otherwise."""

    def stage(world: World) -> Any:
        world.users["officer"] = StaffRoleFactory(role="neutrality", user__name="officer").user
        row = reject_demand(by=world.moderator, demand=DemandFactory(body=world.city, state="submitted"),
                            reason="duplicate")  # fmt: skip
        owner = world.neutrality if fields.get("state") != "filed" else None
        return ComplaintFactory(
            item=row.public_id,
            complainant=world.city_editor,
            organisation=world.city.organisation,
            contested="reject",
            contested_by=world.moderator,
            **{"owner": owner, **fields},
        )

    return stage


def answered(world: World, *, days: int = 1) -> Any:
    at = timezone.now() - timedelta(days=days)
    return complaint(state="answered", finding="not_upheld", answer="No.", answered_by=world.neutrality,
                     answered_at=at)(world)  # fmt: skip


def appealed(world: World) -> Any:
    world.users["officer"] = StaffRoleFactory(role="neutrality", user__name="officer").user
    return appeal_complaint(by=world.city_editor, complaint=answered(world), words="Read again.")


COMPLAINTS = [
    Doing("complaint.assign", "neutrality", complaint(state="filed"),
          lambda w, c: assign_complaint(by=w.neutrality, complaint=c, owner=w.officer),
          {"complaint_assigned": ["officer"]}),
    Doing("complaint.answer", "neutrality", complaint(state="in_hand"),
          lambda w, c: answer_complaint(by=w.neutrality, complaint=c, finding="not_upheld", answer="It stands."),
          {"complaint_answered": ["city_editor"]}),
    Doing("complaint.appeal", "city_editor", answered,
          lambda w, c: appeal_complaint(by=w.city_editor, complaint=c, words="Read again."),
          {"complaint_appealed": ["city_editor"], "complaint_assigned": ["officer"]},
          receipt="it says by when the answer comes"),
    Doing("complaint.answer_appeal", "officer", appealed,
          lambda w, c: answer_complaint(by=w.officer, complaint=c, finding="not_upheld", answer="It stands."),
          {"complaint_closed": ["city_editor"]}),
    Doing("complaint.close", "system", lambda w: answered(w, days=31), lambda w, c: close_complaints() and c,
          quiet="the answer said until when an appeal is possible"),
    Doing("complaint.withdraw", "city_editor", complaint(state="in_hand"),
          lambda w, c: withdraw_complaint(by=w.city_editor, complaint=c), {"complaint_withdrawn": ["neutrality"]}),
]  # fmt: skip


def report(world: World) -> Any:
    return report_record(by=world.city_editor, kind="solution", item=world.solution.public_id, reason="outdated")


FLAGS = [
    Doing("flag.act", "moderator", report, lambda w, f: settle_flag(by=w.moderator, flag=f, acted=True, answer="Done."),
          {"flag_settled": ["city_editor"]}),
    Doing("flag.dismiss", "moderator", report,
          lambda w, f: settle_flag(by=w.moderator, flag=f, acted=False, answer="It is right."),
          {"flag_settled": ["city_editor"]}),
    Doing("flag.reopen", "moderator",
          lambda w: settle_flag(by=w.moderator, flag=report(w), acted=True, answer="Done."),
          lambda w, f: reopen_flag(by=w.moderator, flag=f), quiet="undone before anybody was told"),
]  # fmt: skip


def advice(*, accepted: bool = False, asker: str = "city_approver") -> Callable[[World], Any]:
    def stage(world: World) -> Any:
        expert = ExpertFactory(user=world.expert)
        due = timezone.localdate() + timedelta(days=14)
        row = ask_for_advice(by=world.users[asker], expert=expert, question="LED?", due_on=due, language="en",
                             demand=world.demand)  # fmt: skip
        return accept_advice(by=world.expert, advice=row) if accepted else row

    return stage


ADVICE = [
    Doing("advice.accept", "expert", advice(), lambda w, a: accept_advice(by=w.expert, advice=a),
          {"advice_accepted": FOR_CITY}),
    Doing("advice.decline", "expert", advice(), lambda w, a: decline_advice(by=w.expert, advice=a, reason="no_time"),
          {"advice_declined": FOR_CITY}),
    Doing("advice.decline", "moderator", advice(asker="moderator"),
          lambda w, a: leave_experts(by=w.moderator, expert=a.expert) and a,
          quiet="the moderator who had asked takes the expert off the list"),
    Doing("advice.answer", "expert", advice(accepted=True),
          lambda w, a: answer_advice(by=w.expert, advice=a, answer="Yes.", language="en", has_interests=False),
          {"advice_answered": FOR_CITY}),
    Doing("advice.withdraw", "city_approver", advice(), lambda w, a: withdraw_advice(by=w.city_approver, advice=a),
          {"advice_withdrawn": ["expert"]}),
]  # fmt: skip
