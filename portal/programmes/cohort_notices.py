"""What those who take part in a programme are told."""

from typing import Any

from portal.accounts.enums import StaffRoleKind
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import members_of, notify, path_of, staff_of
from portal.programmes.enums import CohortMemberState
from portal.programmes.models import (
    CohortFollowUp,
    CohortMember,
    Milestone,
)
from portal.programmes.notices import page_of, pk_of


def _tell_member(member: CohortMember, kind: str, event: str, *, but: int | None = None, **more: str) -> None:
    """Everybody of the organisation, without the person who did it."""
    application = member.application
    params = {"title": original(application.call.programme, "title"), **more}
    people = [user for user in members_of(application.organisation_id) if user.pk != but]
    notify(recipients=people, kind=kind, event=event, params=params, path=path_of(application))


def _members(**found: Any) -> Any:
    return (
        CohortMember.objects.filter(**found)
        .select_related("application__call__programme", "application__organisation")
        .order_by("pk")
    )


@handles("programmes.start_running", queue="default")
def running(job: Job) -> None:
    for member in _members(application__call__programme=pk_of(job), state=CohortMemberState.ACTIVE):
        _tell_member(member, "programme_begins", f"job:{job.pk}:{member.pk}")


@handles("programmes.publish_report", queue="default")
def reported(job: Job) -> None:
    for member in _members(application__call__programme=pk_of(job)):
        _tell_member(member, "programme_reported", f"job:{job.pk}:{member.pk}")


@handles("programmes.cohort_changed", queue="default")
def cohort_changed(job: Job) -> None:
    """The colleagues; and the managers, where somebody left on their own."""
    own = job.payload["by"]
    for member in _members(pk=pk_of(job), state=job.payload["state"]):
        _tell_member(member, "cohort_changed", f"job:{job.pk}", but=own)
        if own is not None:
            programme = member.application.call.programme
            params = {"name": member.application.organisation.name, "title": original(programme, "title")}
            path = page_of("workspace-cohort", programme.public_id)
            people = staff_of(StaffRoleKind.PROGRAMME)
            notify(recipients=people, kind="cohort_left", event=f"left:{job.pk}", params=params, path=path)


@handles("programmes.cohort_asked", queue="default")
def cohort_asked(job: Job) -> None:
    asked = CohortFollowUp.objects.filter(pk=pk_of(job), used="").first()
    if asked is not None:
        _tell_member(_members().get(pk=asked.member_id), "cohort_asked", f"followup:{asked.pk}")


@handles("programmes.milestone_near", queue="default")
def milestone_near(job: Job) -> None:
    """To those who have not reached it."""
    milestone = Milestone.objects.select_related("programme").filter(pk=pk_of(job), due_on__isnull=False).first()
    if milestone is None:
        return
    members = _members(application__call__programme=milestone.programme_id, state=CohortMemberState.ACTIVE)
    for member in members.exclude(reached__milestone=milestone):
        more = {"name": original(milestone, "title"), "date": f"{milestone.due_on:%Y-%m-%d}"}
        _tell_member(member, "milestone_near", f"milestone:{milestone.pk}:{member.pk}", **more)
