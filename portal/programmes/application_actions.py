"""Every write to applications: by those who apply until the deadline, by managers while they are checked."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Solution
from cities.models import Demand
from portal.accounts.models import Organisation, User
from portal.accounts.rules import is_member
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.translated import original, shown
from portal.jobs.actions import enqueue
from portal.programmes.enums import ProgrammeState, Side
from portal.programmes.models import Application, Call
from portal.programmes.rules import can_hand_in, can_judge, can_write_application, is_manager, is_open, may_apply_for
from portal.programmes.states import APPLICATION, DECIDED

MOST_CHARACTERS = 6000


def _open_call(call: Call) -> Call:
    """The call, locked against an extension or closing at the same moment. Raises Conflict when it takes nothing."""
    row = Call.objects.select_for_update(of=("self",), no_key=True).select_related("programme").get(pk=call.pk)
    if not is_open(row, timezone.now()):
        raise Conflict(
            _("The call is closed. What you wrote is kept as it was at the deadline; it can be read, not changed.")
        )
    return row


@transaction.atomic
def start_application(
    *, by: User, call: Call, organisation: Organisation, subject: Demand | Solution, language: str
) -> Application:
    """A draft for one of the organisation's records. The one that exists already is returned as it is."""
    if not is_member(by, organisation.pk):
        raise NotAllowed
    row = _open_call(call)
    if not may_apply_for(row, organisation):
        raise DomainError(
            _("This call is for another kind of organisation, or yours is not verified yet."), code="wrong_side"
        )
    side = {"demand": subject} if isinstance(subject, Demand) else {"solution": subject}
    owner = subject.organisation_id if isinstance(subject, Demand) else subject.provider.organisation_id
    if owner != organisation.pk or (row.side == Side.DEMAND) != isinstance(subject, Demand):
        raise NotAllowed
    if not subject.is_live:
        raise DomainError(_("Publish it first: only what everybody can read takes part."), code="not_live")
    existing = Application.objects.filter(call=row, **side).first()
    if existing is not None:
        return existing
    number = (Application.objects.filter(call=row).aggregate(last=Max("number"))["last"] or 0) + 1
    application = Application(
        call=row, organisation=organisation, number=number, started_by=by, language=language, **side
    )
    application.save(force_insert=True)
    record(by=by, action="application.start", subject=application, after={"call": row.pk})
    return application


@transaction.atomic
def write_application(
    *, by: User, application: Application, answers: Mapping[str, str], language: str, version: int
) -> Application:
    """Save the answers; what is submitted stays submitted, with the new text. Conflict where a colleague saved."""
    if not can_write_application(by, application):
        raise NotAllowed
    _open_call(application.call)
    row = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=application.pk)
    if row.version != version:
        raise Conflict(_("A colleague has saved this application meanwhile. Compare both texts before you save yours."))
    known = {str(pk) for pk in row.call.questions.values_list("pk", flat=True)}
    row.answers = {key: text.strip()[:MOST_CHARACTERS] for key, text in answers.items() if key in known}
    if row.submitted_at and row.state == "submitted" and (missing := _unanswered(row)):
        raise Incomplete(missing)
    row.language, row.version = language, row.version + 1
    row.save(update_fields=["answers", "language", "version", "updated_at"])
    record(by=by, action="application.write", subject=row, after={"version": row.version})
    return row


@transaction.atomic
def submit_application(*, by: User, application: Application) -> Application:
    if not can_hand_in(by, application):
        raise NotAllowed
    _open_call(application.call)
    row = Application.objects.select_related("demand", "solution", "call").get(pk=application.pk)
    if missing := _unanswered(row):
        raise Incomplete(missing)
    if not row.record.is_live:
        raise DomainError(
            _("“%(name)s” is not published any more, so it cannot take part.") % {"name": row.record}, code="not_live"
        )
    moved = transition(
        row, "submit", table=APPLICATION, by=by, changes={"submitted_by": by, "submitted_at": timezone.now()}
    )
    enqueue(
        kind="programmes.application_submitted", subject=f"application:{moved.pk}", payload={"version": moved.version}
    )
    enqueue(kind="programmes.flags", subject=f"programme:{row.call.programme_id}")
    return moved


def _unanswered(application: Application) -> str:
    """A sentence that names the questions without an answer, or nothing."""
    needed = application.call.questions.filter(is_required=True)
    empty = [question for question in needed if not application.answers.get(str(question.pk), "").strip()]
    missing = [shown(question, "text").text for question in empty]
    return _("Answer first: %(questions)s") % {"questions": "; ".join(missing)} if missing else ""


@transaction.atomic
def withdraw_application(*, by: User, application: Application) -> Application:
    """Until the results are published; nothing of it is judged any more."""
    if not can_hand_in(by, application):
        raise NotAllowed
    if application.call.programme.state in DECIDED:
        raise Conflict(_("The results are published already."))
    moved = transition(application, "withdraw", table=APPLICATION, by=by)
    enqueue(kind="programmes.application_withdrawn", subject=f"application:{moved.pk}")
    return moved


@transaction.atomic
def screen_application(
    *, by: User, application: Application, move: str, reason: str = "", note: str = ""
) -> Application:
    """Admit, screen out with a reason, or take either back. Applicants learn it when the jury begins, all at once."""
    if not is_manager(by) or move not in ("admit", "screen_out", "check_again"):
        raise NotAllowed
    if not can_judge(by, application):
        raise NotAllowed(_("You are tied to this applicant, so a colleague has to decide."))
    if application.call.programme.state != ProgrammeState.SCREENING:
        raise Conflict(_("Applications are checked between the deadline and the jury, not now."))
    if move == "screen_out" and not note.strip():
        raise Incomplete(_("Say in words what was missing: the applicant reads it."), ("note",))
    changes: dict[str, Any] = {"reason": reason, "note": note.strip()}
    return transition(application, move, table=APPLICATION, by=by, reason=reason, note=note, changes=changes)


def title_of(application: Application) -> str:
    """The original title of what takes part, for notices and lists."""
    return original(application.record, "title" if application.demand_id else "name")
