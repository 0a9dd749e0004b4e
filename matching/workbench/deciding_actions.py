"""The road of every decision in the queue: who is kept out, who else has to look, and how it is taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.workbench.actions import note_recusal, release_item
from matching.workbench.models import Confirmation, Decided, Override, Snooze
from matching.workbench.records import parties_of_record, record_of
from matching.workbench.reversing_actions import take_back_at_once
from matching.workbench.rules import can_confirm, is_kept_out, override_of, rules_for
from matching.workbench.states import CONFIRMATION
from portal.accounts.models import User
from portal.accounts.rules import is_moderator
from portal.audit.actions import record as note_event
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.actions import cancel, enqueue
from portal.jobs.held import held, unsaid

# What can be taken back at once. Whatever is missing here has a decision of its own that undoes it, with a reason.
UNDOABLE = {
    "organisation": {"verify", "refuse"},
    "demand": {"publish", "ask", "reject"},
    "solution": {"list", "ask"},
    "match": {"offer", "shortlist", "reject"},
    "flag": {"act", "dismiss"},
}
NOTES = ("note", "comment")
OVERRIDES = {
    "near_miss": gettext_lazy("It fails a condition of the city. Say in words why it is offered all the same."),
    "weak": gettext_lazy("The engine finds this pair weak. Say in words why it is offered all the same."),
    "strong": gettext_lazy("The engine finds this pair strong. Say in words why it is rejected all the same."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One decision somebody wants to take. ``act`` is the action behind it, ``sent`` the form as it was sent."""

    kind: str
    record: Any
    decision: str
    act: Callable[..., Any]
    values: Mapping[str, Any]
    sent: Mapping[str, Any] = field(default_factory=dict)
    batch: str = ""

    @property
    def item(self) -> str:
        reference: str = self.record.public_id
        return reference

    @property
    def words(self) -> str:
        return next((str(self.values[name]) for name in NOTES if self.values.get(name)), "").strip()


@transaction.atomic
def decide(*, by: User, step: Step) -> Any:
    """Take the decision, or ask for a second moderator where a rule wants one; then a Confirmation is returned.

    Raises NotAllowed for whoever is tied to a party (which is kept), Incomplete where words are owed, and whatever
    the action behind the decision refuses.
    """
    guard(by=by, kind=step.kind, record=step.record)
    override = override_of(step.kind, step.record, step.decision)
    if override and not step.words:
        raise Incomplete(str(OVERRIDES[override]), ("note",))
    rules = rules_for(step.kind, step.record, step.decision)
    if rules:
        return _ask(by, step, rules)
    return carry_out(by=by, step=step, override=override)


def guard(*, by: User, kind: str, record: Any) -> None:
    if not is_moderator(by):
        raise NotAllowed
    if is_kept_out(by, kind, record.public_id, parties_of_record(kind, record)):
        raise NotAllowed(_("You are tied to one of the two parties, so another moderator has to decide."))


@transaction.atomic
def carry_out(*, by: User, step: Step, override: str = "") -> Any:
    """Act; what goes out waits for as long as the decision can be taken back."""
    before = getattr(step.record, "revises_id", None)
    with held(timedelta(seconds=settings.WORKBENCH_UNDO_WITHIN)) as holding:
        outcome = step.act(by=by, **step.values)
    # An approved revision is part of what is listed: there is nothing left to go back to.
    if step.decision in UNDOABLE.get(step.kind, ()) and not (before and step.decision == "list"):
        until = timezone.now() + timedelta(seconds=settings.WORKBENCH_UNDO_WITHIN)
        Decided(
            kind=step.kind, item=step.item, by=by, until=until, decision=step.decision, held=holding.jobs,
            batch=step.batch,
        ).save(force_insert=True)  # fmt: skip
    if override:
        Override(
            kind=step.kind, item=step.item, by=by, decision=step.decision, what=override, note=step.words,
            points=getattr(step.record, "points", None),
        ).save(force_insert=True)  # fmt: skip
    release_item(by=by, kind=step.kind, item=step.item)
    Snooze.objects.filter(kind=step.kind, item=step.item).delete()
    for row in Confirmation.objects.filter(kind=step.kind, item=step.item, state="open"):
        transition(row, "overtake", table=CONFIRMATION, by=by, changes=_answered(by))
    return outcome


def _answered(by: User, note: str = "") -> dict[str, Any]:
    return {"answered_by": by, "answered_at": timezone.now(), **({"note": note} if note else {})}


@transaction.atomic
def undo_decision(*, by: User, decided: Decided) -> Any:
    """Take one's own decision back before anybody is told. Raises Conflict when it is too late, or things moved on."""
    row = Decided.objects.select_for_update(no_key=True).filter(pk=decided.pk, by=by).first()
    if row is None:
        raise NotAllowed
    late = _("It is too late to undo this: people have been told. Take the decision back with a reason instead.")
    if row.undone_at is not None or timezone.now() > row.until or not cancel(row.held):
        raise Conflict(late)
    record = record_of(row.kind, row.item)
    if record is None:
        raise Conflict(_("This does not exist any more. Somebody else, or the matcher, removed it meanwhile."))
    with unsaid():
        outcome = take_back_at_once(by=by, kind=row.kind, record=record, decision=row.decision)
    row.undone_at = timezone.now()
    row.save(update_fields=["undone_at"])
    Override.objects.filter(kind=row.kind, item=row.item, by=by, decision=row.decision, at__gte=row.at).delete()
    return outcome


# --- Two pairs of eyes -----------------------------------------------------------------------------------------------


def _ask(by: User, step: Step, rules: list[str]) -> Confirmation:
    row = Confirmation(
        kind=step.kind, item=step.item, decision=step.decision, values=dict(step.sent), rules=rules, asked_by=by
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        other = Confirmation.objects.select_related("asked_by").filter(
            kind=step.kind, item=step.item, state="open"
        ).first()  # fmt: skip
        who, when = (f"user:{other.asked_by_id}", other.asked_at) if other else ("", None)
        message = _("A decision on this waits for a second moderator already. Confirm it, or wait for the answer.")
        raise Conflict(message, who=who, when=when) from error
    note_event(
        by=by, action="confirmation.ask", subject=row, note=step.words,
        after={"item": f"{step.kind}:{step.item}", "decision": step.decision, "rules": rules},
    )  # fmt: skip
    release_item(by=by, kind=step.kind, item=step.item)
    return row


@transaction.atomic
def confirm_decision(*, by: User, confirmation: Confirmation, step: Step, note: str = "") -> Any:
    """The second moderator agrees: the decision is taken in the name of whoever asked, with both in the trace.

    ``step`` is the decision read again from what was sent. Where the record has moved on meanwhile nothing happens
    but that the request is closed; then the Conflict is raised after all.
    """
    _may_answer(by, confirmation, step.record)
    row = transition(confirmation, "confirm", table=CONFIRMATION, by=by, note=note, changes=_answered(by, note))
    override = override_of(step.kind, step.record, step.decision)
    outcome = carry_out(by=row.asked_by, step=step, override=override)
    enqueue(kind="notices.confirmation_answered", subject=f"confirmation:{row.pk}")
    return outcome


@transaction.atomic
def refuse_decision(*, by: User, confirmation: Confirmation, note: str) -> Confirmation:
    _may_answer(by, confirmation, record_of(confirmation.kind, confirmation.item))
    if not note.strip():
        raise Incomplete(_("Say why you do not confirm it: your colleague reads this."), ("note",))
    row = transition(confirmation, "refuse", table=CONFIRMATION, by=by, note=note, changes=_answered(by, note))
    enqueue(kind="notices.confirmation_answered", subject=f"confirmation:{row.pk}")
    return row


@transaction.atomic
def withdraw_request(*, by: User, confirmation: Confirmation) -> Confirmation:
    """Whoever asked takes the question back."""
    if confirmation.asked_by_id != by.pk:
        raise NotAllowed
    return transition(confirmation, "withdraw", table=CONFIRMATION, by=by, changes=_answered(by))


@transaction.atomic
def close_overtaken(*, by: User, confirmation: Confirmation) -> None:
    """The record moved on: the question has no object any more. Quiet where somebody closed it already."""
    try:
        transition(confirmation, "overtake", table=CONFIRMATION, by=by, changes=_answered(by))
    except DomainError:
        return


def _may_answer(by: User, confirmation: Confirmation, record: Any) -> None:
    if not is_moderator(by):
        raise NotAllowed
    if confirmation.asked_by_id == by.pk:
        raise NotAllowed(_("You asked for this yourself, so another moderator has to confirm it."))
    if confirmation.state != "open" or not can_confirm(by, confirmation):
        raise Conflict(_("Somebody answered this already. Reload the page to see what was said."))
    if record is not None:
        guard(by=by, kind=confirmation.kind, record=record)


def keep_recusal(*, user: User, kind: str, record: Any) -> bool:
    """Whether the portal keeps this person out of the item; if so, that it did is kept."""
    if not is_kept_out(user, kind, record.public_id, parties_of_record(kind, record)):
        return False
    note_recusal(user=user, kind=kind, item=record.public_id)
    return True
