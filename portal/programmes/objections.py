"""Objecting to what a call decided about an application. Whoever judged it, or runs programmes, examines nothing."""

from matching.complaints.subjects import SUBJECTS, Subject
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import User
from portal.common.translated import original
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import notify, path_of
from portal.programmes.enums import ApplicationState
from portal.programmes.models import Application
from portal.programmes.rules import told_state

CONTESTED = frozenset({ApplicationState.SCREENED_OUT, ApplicationState.DECLINED})


def record_of(item: str) -> Application | None:
    rows = Application.objects.select_related("call__programme", "organisation", "demand", "solution")
    found: Application | None = rows.filter(public_id=item).first()
    return found


def is_contestable(application: Application) -> bool:
    """Nobody objects to what they cannot know yet."""
    return told_state(application) in CONTESTED


def involved(application: Application) -> frozenset[int]:
    """The jurors of the call, those who left too, and everybody who runs programmes."""
    jurors = application.call.jurors.values_list("user_id", flat=True)
    managers = User.objects.filter(staffrole__role=StaffRoleKind.PROGRAMME).values_list("pk", flat=True)
    return frozenset(jurors) | frozenset(managers)


def upheld(application: Application) -> None:
    enqueue(kind="programmes.objection_upheld", subject=f"application:{application.pk}")


@handles("programmes.objection_upheld", queue="default")
def tell_managers(job: Job) -> None:
    """They learn that the complaint was right, so that they open the decision again; not what was written in it."""
    application = Application.objects.select_related("call").filter(pk=int(job.subject.partition(":")[2])).first()
    if application is None:
        return
    managers = User.objects.filter(staffrole__role=StaffRoleKind.PROGRAMME, is_active=True)
    params = {"name": application.public_id, "call": original(application.call, "title")}
    notify(
        recipients=managers, kind="objection_upheld", event=f"job:{job.pk}", params=params, path=path_of(application)
    )


SUBJECTS["application"] = Subject(record_of, lambda row: row.organisation_id, is_contestable, involved, upheld)
