"""Every write to calls: their rules, their deadline, and what is asked about them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.translated import original
from portal.jobs.actions import enqueue
from portal.programmes.enums import ProgrammeState
from portal.programmes.models import Call, CallCriterion, CallQuestion, Enquiry, Extension, Programme
from portal.programmes.programme_actions import FIXED, require_manager
from portal.programmes.rules import can_ask, is_manager
from portal.programmes.states import PROGRAMME, PUBLIC
from portal.programmes.texts import put_changes, put_texts

FACTS = frozenset({"side", "opens_at", "deadline", "zone", "places", "jurors_needed"})


class Weighted(NamedTuple):
    """A criterion as the form gives it."""

    title: str
    weight: int


class Asked(NamedTuple):
    """A question to applicants as the form gives it."""

    text: str
    is_required: bool


@transaction.atomic
def create_call(*, by: User, programme: Programme, texts: dict[str, str], facts: dict[str, Any]) -> Call:
    require_manager(by)
    _require_changeable(programme)
    call = Call(programme=programme, **facts)
    put_texts(call, texts)
    call.save(force_insert=True)
    record(by=by, action="call.create", subject=call, after={"programme": programme.pk})
    return call


@transaction.atomic
def edit_call(*, by: User, call: Call, texts: dict[str, str], facts: dict[str, Any]) -> Call:
    """Everything until it opens. Then the rules stand, and the deadline moves by ``extend_deadline`` alone."""
    require_manager(by)
    row = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    _require_changeable(row.programme)
    before, changed = put_changes(row, {name: facts[name] for name in FACTS & facts.keys()}, texts)
    row.save(update_fields=[*changed, "translations", "updated_at"])
    record(by=by, action="call.edit", subject=row, before=before, after=changed)
    return row


@transaction.atomic
def set_rules(*, by: User, call: Call, criteria: Iterable[Weighted], questions: Iterable[Asked]) -> None:
    """Replace criteria and questions, in the order given. Raises Conflict once anybody may have applied under them."""
    require_manager(by)
    row = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    _require_changeable(row.programme)
    criteria, questions = list(criteria), list(questions)
    for said in ([c.title for c in criteria], [q.text for q in questions]):
        if len(set(said)) < len(said):
            raise DomainError(_("Two lines say the same. Keep one of them."), code="twice")
    _replace(row, CallCriterion, "title", [(c.title, {"weight": c.weight}) for c in criteria])
    _replace(row, CallQuestion, "text", [(q.text, {"is_required": q.is_required}) for q in questions])
    record(
        by=by,
        action="call.set_rules",
        subject=row,
        after={"criteria": {c.title: c.weight for c in criteria}, "questions": [q.text for q in questions]},
    )


def _replace(call: Call, model: Any, name: str, lines: list[tuple[str, dict[str, Any]]]) -> None:
    """New rows in the order given. A line that stood there before keeps its translations, and their marks."""
    known = {original(row, name): row for row in model.objects.filter(call=call)}
    model.objects.filter(call=call).delete()
    for place, (text, facts) in enumerate(lines):
        row = known.get(text) or model(call=call)
        row.pk, row.order = None, place
        for field, value in facts.items():
            setattr(row, field, value)
        put_texts(row, {name: text})
        row.save(force_insert=True)


def _require_changeable(programme: Programme) -> None:
    if programme.state in FIXED:
        raise Conflict(
            _("The call is open: its rules stand as applicants have read them. Only the deadline can be extended.")
        )


@transaction.atomic
def extend_deadline(*, by: User, call: Call, deadline: datetime, reason: str) -> Call:
    """Later, and for everybody, with the reason; whoever started an application or asked something is told.

    Possible until applications are being checked: one that was closed opens again.
    """
    require_manager(by)
    row = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    programme = Programme.objects.select_for_update(no_key=True).get(pk=row.programme_id)
    if programme.state not in (ProgrammeState.OPEN, ProgrammeState.CLOSED):
        raise Conflict(_("Applications are being judged already, so the deadline cannot be extended any more."))
    if deadline <= row.deadline or deadline <= timezone.now():
        raise DomainError(_("A deadline can only be moved to a later time that is still to come."), code="not_later")
    if not reason.strip():
        raise Incomplete(_("Say why: everybody who applies reads it."), ("reason",))
    extension = Extension(call=row, old=row.deadline, new=deadline, reason=reason.strip(), by=by)
    extension.save(force_insert=True)
    row.deadline = deadline
    row.save(update_fields=["deadline", "updated_at"])
    record(
        by=by,
        action="call.extend",
        subject=row,
        before={"deadline": extension.old},
        after={"deadline": deadline},
        note=reason,
    )
    if programme.state == ProgrammeState.CLOSED:
        transition(programme, "reopen", table=PROGRAMME, by=by)
    enqueue(kind="programmes.deadline_extended", subject=f"extension:{extension.pk}")
    return row


@transaction.atomic
def ask_about_call(*, by: User, call: Call, text: str, language: str) -> Enquiry:
    if call.programme.state not in PUBLIC:
        raise NotAllowed
    if not can_ask(call, timezone.now()):
        raise Conflict(_("The call is closed, so questions about it are not answered any more."))
    if not text.strip():
        raise Incomplete(_("Write your question first."), ("text",))
    enquiry = Enquiry(call=call, asked_by=by, text=text.strip(), language=language)
    enquiry.save(force_insert=True)
    record(by=by, action="call.ask", subject=call, after={"enquiry": enquiry.pk})
    enqueue(kind="programmes.enquiry_asked", subject=f"enquiry:{enquiry.pk}")
    return enquiry


@transaction.atomic
def answer_enquiry(*, by: User, enquiry: Enquiry, answer: str) -> Enquiry:
    """Question and answer appear on the call's page for everybody at once, without who asked."""
    if not is_manager(by):
        raise NotAllowed
    if not answer.strip():
        raise Incomplete(_("Write an answer first."), ("answer",))
    row = Enquiry.objects.select_for_update(no_key=True).get(pk=enquiry.pk)
    if row.answer:
        raise Conflict(_("A colleague has answered this already."), when=row.answered_at)
    row.answer, row.answered_by, row.answered_at = answer.strip(), by, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    record(by=by, action="call.answer", subject=row.call, after={"enquiry": row.pk})
    enqueue(kind="programmes.enquiry_answered", subject=f"enquiry:{row.pk}")
    return row
