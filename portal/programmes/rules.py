"""Who may do what in programmes."""

from typing import TYPE_CHECKING

from portal.accounts.enums import OrganisationKind, StaffRoleKind
from portal.accounts.rules import can_approve_for, has_staff_role, is_member, is_staff_reader, is_tied
from portal.programmes.deadlines import is_over
from portal.programmes.enums import ApplicationState, ProgrammeState, Side
from portal.programmes.states import DECIDED, JUDGING, SECRET_WHILE

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import Organisation
    from portal.accounts.rules import Reader
    from portal.programmes.models import Application, Call, Juror

JURORS = (StaffRoleKind.EXPERT, StaffRoleKind.MODERATOR)
EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN})


def is_manager(user: "Reader") -> bool:
    return has_staff_role(user, StaffRoleKind.PROGRAMME)


def is_officer(user: "Reader") -> bool:
    return has_staff_role(user, StaffRoleKind.NEUTRALITY)


def reads_drafts(user: "Reader") -> bool:
    """Programmes, calls and events that are not announced yet."""
    return is_manager(user) or is_staff_reader(user)


def reads_applications(user: "Reader") -> bool:
    return is_manager(user) or is_officer(user)


def reads_workspace(user: "Reader") -> bool:
    return is_manager(user) or is_officer(user)


def is_open(call: "Call", now: "datetime") -> bool:
    """The server's clock decides, and nothing else."""
    has_begun = call.opens_at is None or call.opens_at <= now
    return call.programme.state == ProgrammeState.OPEN and has_begun and not is_over(call.deadline, now)


def can_ask(call: "Call", now: "datetime") -> bool:
    """From the announcement until the deadline: also while it is not open yet."""
    asked_in = (ProgrammeState.ANNOUNCED, ProgrammeState.OPEN)
    return call.programme.state in asked_in and not is_over(call.deadline, now)


def may_apply_for(call: "Call", organisation: "Organisation") -> bool:
    kind = OrganisationKind.CITY if call.side == Side.DEMAND else OrganisationKind.PROVIDER
    return organisation.kind == kind and organisation.is_verified


def can_write_application(user: "Reader", application: "Application") -> bool:
    return is_member(user, application.organisation_id) and application.state in EDITABLE


def told_state(application: "Application") -> ApplicationState:
    """What the applicant is told: what a stage finds stays secret until all learn it."""
    secret = SECRET_WHILE.get(ProgrammeState(application.call.programme.state), frozenset())
    return ApplicationState.SUBMITTED if application.state in secret else ApplicationState(application.state)


def is_decided(application: "Application") -> bool:
    """Whether score, reasons and points are told to the applicant."""
    is_settled = application.state in (ApplicationState.ACCEPTED, ApplicationState.DECLINED)
    return is_settled and application.call.programme.state in DECIDED


def state_for(user: "Reader", application: "Application") -> ApplicationState:
    """Members of the organisation read what is told, whatever else they are; managers what is so."""
    is_mine = is_member(user, application.organisation_id)
    return told_state(application) if is_mine else ApplicationState(application.state)


def can_hand_in(user: "Reader", application: "Application") -> bool:
    """Approvers speak for their organisation: they submit and withdraw."""
    return can_approve_for(user, application.organisation_id)


def can_judge(user: "Reader", application: "Application") -> bool:
    """Screening and verdicts: a manager who is tied to the applicant leaves it to a colleague."""
    return is_manager(user) and not is_tied(user, application.organisation_id)


def can_sit_on_jury(user: "Reader") -> bool:
    return has_staff_role(user, *JURORS)


def jury_is_at_work(call: "Call") -> bool:
    """Also on one application whose decision was reopened after the results."""
    state = call.programme.state
    if state == ProgrammeState.JURY:
        return True
    return state in JUDGING and call.applications.filter(state=ApplicationState.ADMITTED).exists()


def can_score(juror: "Juror", application: "Application") -> bool:
    """After the conflict form, and never where there is a tie, declared or found."""
    return (
        juror.is_active
        and juror.declared_at is not None
        and application.call_id == juror.call_id
        and application.state == ApplicationState.ADMITTED
        and application.call.programme.state in JUDGING
        and application.organisation_id not in juror.conflicted
        and not is_tied(juror.user, application.organisation_id)
    )
