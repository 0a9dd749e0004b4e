"""What becomes of a decision that was found wrong: it is judged again, and told again."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.transitions import transition
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.actions import enqueue
from portal.programmes.enums import ApplicationState
from portal.programmes.jury_actions import settle_application
from portal.programmes.models import Application
from portal.programmes.results import standings
from portal.programmes.rules import can_judge
from portal.programmes.states import APPLICATION, DECIDED, JUDGING


@transaction.atomic
def reopen_application(*, by: User, application: Application, note: str) -> Application:
    """Back to the jury, with the reason in words; the applicant is told.

    Of an application that was declined the points stand, and a new verdict is proposed. One that was screened out has
    none yet: jurors sign the conflict form again, because its name was not on it, and score it.
    """
    row = _judged_by(by, application)
    if row.call.programme.state not in JUDGING:
        raise Conflict(_("A decision can be reopened between the start of the jury and the report, not now."))
    if not note.strip():
        raise Incomplete(_("Say why the decision is reopened: it stays in the trace."), ("note",))
    is_new_to_jury = row.state == ApplicationState.SCREENED_OUT
    moved = transition(row, "reopen", table=APPLICATION, by=by, note=note.strip(), changes={"verdict": ""})
    if is_new_to_jury:
        row.call.jurors.filter(is_active=True).update(declared_at=None)
    payload = {"version": moved.version, "is_new_to_jury": is_new_to_jury}
    enqueue(kind="programmes.application_reopened", subject=f"application:{moved.pk}", payload=payload)
    return moved


@transaction.atomic
def settle_reopened(*, by: User, application: Application) -> Application:
    """Publish the new verdict. The places of the call do not stand against somebody who was wronged."""
    row = _judged_by(by, application)
    if row.call.programme.state not in DECIDED or row.state != ApplicationState.ADMITTED:
        raise Conflict(_("This decision becomes known with all others when the results are published."))
    if not row.verdict:
        raise Incomplete(_("Propose a verdict first."), ("verdict",))
    result = next(one.result for one in standings(row.call) if one.application.pk == row.pk)
    if len(result.by_juror) < row.call.jurors_needed:
        raise Incomplete(_("The jury has not scored it fully yet."))
    moved = settle_application(by=by, application=row)
    enqueue(kind="programmes.application_settled", subject=f"application:{moved.pk}")
    return moved


def _judged_by(by: User, application: Application) -> Application:
    if not can_judge(by, application):
        raise NotAllowed
    found: Application = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("call__programme")
        .get(pk=application.pk)
    )
    return found
