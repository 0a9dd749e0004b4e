"""Who is told what about programmes. What concerns all applicants is told to all of them in one transaction."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import User
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import members_of, notify, path_of, staff_of
from portal.programmes.application_actions import title_of
from portal.programmes.deadlines import ANYWHERE
from portal.programmes.enums import ApplicationState
from portal.programmes.models import (
    Application,
    Call,
    Enquiry,
    Extension,
    Juror,
    Programme,
)
from portal.programmes.neutrality import open_flags

RESULTS = {ApplicationState.ACCEPTED: "application_accepted", ApplicationState.DECLINED: "application_declined"}


def pk_of(job: Job) -> int:
    return int(job.subject.partition(":")[2])


def wall_text(call: Call) -> str:
    """The deadline as it is written, the same for every reader: sentences are stored before their language is known."""
    zone = "UTC−12" if call.zone == ANYWHERE else call.zone
    return f"{call.wall:%Y-%m-%d %H:%M} ({zone})"


def page_of(name: str, *args: str) -> str:
    with translation.override("en"):
        return reverse(f"programmes:{name}", args=args).removeprefix("/en")


def _about(application: Application) -> dict[str, str]:
    return {"call": original(application.call, "title"), "title": title_of(application)}


def _tell_applicant(application: Application, kind: str, event: str) -> None:
    people = members_of(application.organisation_id)
    notify(recipients=people, kind=kind, event=event, params=_about(application), path=path_of(application))


@handles("programmes.application_submitted", queue="default")
def application_submitted(job: Job) -> None:
    application = Application.objects.with_records().filter(pk=pk_of(job)).first()
    if application is not None:
        _tell_applicant(application, "application_submitted", f"job:{job.pk}")


@handles("programmes.application_withdrawn", queue="default")
def application_withdrawn(job: Job) -> None:
    application = Application.objects.with_records().filter(pk=pk_of(job), state=ApplicationState.WITHDRAWN).first()
    if application is not None:
        _tell_applicant(application, "application_withdrawn", f"job:{job.pk}")


@handles("programmes.application_reopened", queue="default")
def application_reopened(job: Job) -> None:
    """The applicant; and the jury, where the application is new to it."""
    application = Application.objects.with_records().filter(pk=pk_of(job)).first()
    if application is None:
        return
    _tell_applicant(application, "application_reopened", f"job:{job.pk}")
    if job.payload["is_new_to_jury"]:
        _tell_jury(application.call.jurors.all(), job)


@handles("programmes.application_settled", queue="default")
def application_settled(job: Job) -> None:
    application = Application.objects.with_records().filter(pk=pk_of(job)).first()
    if application is not None and application.state in RESULTS:
        _tell_applicant(application, RESULTS[ApplicationState(application.state)], f"job:{job.pk}")


def interested_in(call: Call) -> list[User]:
    """Members of organisations that started an application, and whoever asked something."""
    started = call.applications.exclude(state=ApplicationState.WITHDRAWN).values("organisation")
    people = User.objects.filter(
        Q(membership__organisation__in=started) | Q(pk__in=call.enquiries.values("asked_by")), is_active=True
    )
    return list(people.distinct().order_by("pk"))


@handles("programmes.open", queue="default")
def opened(job: Job) -> None:
    """Whoever asked about a call before it opened learns that it takes applications, each call once."""
    for call in Call.objects.open().filter(programme=pk_of(job)):
        params = {"call": original(call, "title"), "date": wall_text(call)}
        people = interested_in(call)
        notify(recipients=people, kind="call_opened", event=f"opened:{call.pk}", params=params, path=path_of(call))


@handles("programmes.flags", queue="default")
def flagged(job: Job) -> None:
    """Every double part that waits for the neutrality officer, once an organisation and programme."""
    programme = Programme.objects.filter(pk=pk_of(job)).first()
    for flag in open_flags(programme) if programme is not None else ():
        notify(
            recipients=staff_of(StaffRoleKind.NEUTRALITY), kind="neutrality_needed",
            event=f"flag:{job.subject}:{flag.organisation.pk}", params={"title": original(programme, "title")},
            path=page_of("workspace-detail", programme.public_id),  # type: ignore[union-attr]
        )  # fmt: skip


@handles("programmes.deadline_extended", queue="default")
def deadline_extended(job: Job) -> None:
    extension = Extension.objects.select_related("call__programme").filter(pk=pk_of(job)).first()
    if extension is not None:
        call = extension.call
        params = {"call": original(call, "title"), "date": wall_text(call)}
        event = f"extension:{extension.pk}"
        notify(recipients=interested_in(call), kind="deadline_extended", event=event, params=params, path=path_of(call))


@handles("programmes.deadline_near", queue="default")
def deadline_near(job: Job) -> None:
    """To those whose draft would miss it."""
    call = Call.objects.select_related("programme").filter(pk=pk_of(job)).first()
    if call is None:
        return
    params = {"call": original(call, "title"), "date": wall_text(call)}
    for application in call.applications.filter(state=ApplicationState.DRAFT):
        notify(
            recipients=members_of(application.organisation_id), kind="deadline_near", params=params,
            event=f"near:{application.pk}:{call.deadline:%Y%m%d%H%M}", path=path_of(application),
        )  # fmt: skip


@handles("programmes.enquiry_asked", queue="default")
def enquiry_asked(job: Job) -> None:
    _about_enquiry(job, "enquiry_asked")


@handles("programmes.enquiry_answered", queue="default")
def enquiry_answered(job: Job) -> None:
    _about_enquiry(job, "enquiry_answered")


def _about_enquiry(job: Job, kind: str) -> None:
    enquiry = Enquiry.objects.select_related("call__programme").filter(pk=pk_of(job)).first()
    if enquiry is None:
        return
    asked = kind == "enquiry_asked"
    call = enquiry.call
    people = staff_of(StaffRoleKind.PROGRAMME) if asked else interested_in(call)
    notify(
        recipients=people, kind=kind, event=f"job:{job.pk}",
        params={"call": original(call, "title")},
        path=page_of("workspace-enquiries", call.public_id) if asked else path_of(call),
    )  # fmt: skip


@handles("programmes.close", queue="default")
def closed(job: Job) -> None:
    programme = Programme.objects.filter(pk=pk_of(job)).first()
    if programme is not None:
        notify(
            recipients=staff_of(StaffRoleKind.PROGRAMME), kind="call_closed", event=f"job:{job.pk}",
            params={"title": original(programme, "title")}, path=page_of("workspace-detail", programme.public_id),
        )  # fmt: skip


@handles("programmes.start_jury", queue="default")
def jury_started(job: Job) -> None:
    """What the check found, told to all at once; and the jurors begin."""
    kinds = {
        ApplicationState.ADMITTED: "application_admitted",
        ApplicationState.SCREENED_OUT: "application_screened_out",
    }
    _tell_all(job, kinds)
    _tell_jury(Juror.objects.filter(call__programme=pk_of(job)), job)


def _tell_jury(jurors: Any, job: Job) -> None:
    for juror in jurors.filter(is_active=True).select_related("call__programme", "user"):
        _tell_juror(juror, "jury_begins", f"job:{job.pk}:{juror.pk}")


@handles("programmes.publish_results", queue="default")
def results_published(job: Job) -> None:
    _tell_all(job, RESULTS)


def _tell_all(job: Job, kinds: dict[Any, str]) -> None:
    found = Application.objects.filter(call__programme=pk_of(job), state__in=list(kinds)).with_records()
    for application in found.order_by("pk"):
        _tell_applicant(application, kinds[ApplicationState(application.state)], f"job:{job.pk}:{application.pk}")


@handles("programmes.juror_asked", queue="default")
def juror_asked(job: Job) -> None:
    juror = Juror.objects.select_related("call__programme", "user").filter(pk=pk_of(job), is_active=True).first()
    if juror is not None:
        _tell_juror(juror, "juror_asked", f"juror:{juror.pk}")


@handles("programmes.juror_gone", queue="default")
def juror_gone(job: Job) -> None:
    """The other side: the juror whom a manager released, or the managers when a juror drops out."""
    juror = Juror.objects.select_related("call__programme", "user").filter(pk=pk_of(job), is_active=False).first()
    if juror is None:
        return
    call, has_left = juror.call, job.payload["kind"] == "juror_left"
    notify(
        recipients=staff_of(StaffRoleKind.PROGRAMME) if has_left else [juror.user],
        kind=job.payload["kind"], event=f"job:{job.pk}",
        params={"call": original(call, "title"), "person": juror.user.name},
        path=page_of("workspace-judging", call.public_id) if has_left else path_of(call),
    )  # fmt: skip


def _tell_juror(juror: Juror, kind: str, event: str) -> None:
    params = {"call": original(juror.call, "title")}
    path = page_of("jury-detail", juror.call.public_id)
    notify(recipients=[juror.user], kind=kind, event=event, params=params, path=path)
