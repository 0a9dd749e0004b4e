"""Who is told of a complaint: whoever complained, and whoever owns it. Nobody else learns that there is one."""

from matching.complaints.models import Complaint, Flag
from portal.accounts.models import User
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import notify, path_of

KINDS = {"filed": "complaint_filed", "answered": "complaint_answered", "appealed": "complaint_appealed",
         "closed": "complaint_closed"}  # fmt: skip


def _complaint(job: Job) -> Complaint | None:
    found: Complaint | None = (
        Complaint.objects.select_related("complainant").filter(pk=int(job.subject.partition(":")[2])).first()
    )
    return found


@handles("notices.complaint_moved", queue="default")
def complaint_moved(job: Job) -> None:
    complaint = _complaint(job)
    if complaint is None:
        return
    what = job.payload["what"]
    params = {"name": complaint.public_id, "date": f"{complaint.due_on:%Y-%m-%d}"}
    event = f"complaint:{complaint.pk}/{what}"
    notify(recipients=[complaint.complainant], kind=KINDS[what], event=event, params=params, path=path_of(complaint))


@handles("notices.complaint_assigned", queue="default")
def complaint_assigned(job: Job) -> None:
    complaint = _complaint(job)
    owner = User.objects.filter(pk=job.payload["owner"], is_active=True)
    if complaint is not None:
        params = {"name": complaint.public_id, "date": f"{complaint.due_on:%Y-%m-%d}"}
        event = f"complaint:{complaint.pk}/owner/{job.pk}"
        notify(recipients=owner, kind="complaint_assigned", event=event, params=params, path=path_of(complaint))


@handles("notices.complaint_withdrawn", queue="default")
def complaint_withdrawn(job: Job) -> None:
    """Whoever examined it need not go on."""
    complaint = _complaint(job)
    if complaint is not None and complaint.owner_id is not None:
        owner = User.objects.filter(pk=complaint.owner_id, is_active=True)
        params, event = {"name": complaint.public_id}, f"complaint:{complaint.pk}/withdrawn"
        notify(recipients=owner, kind="complaint_withdrawn", event=event, params=params, path=path_of(complaint))


@handles("notices.flag_settled", queue="default")
def flag_settled(job: Job) -> None:
    flag = Flag.objects.select_related("by").filter(pk=int(job.subject.partition(":")[2])).first()
    if flag is not None:
        params = {"name": flag.item}
        notify(recipients=[flag.by], kind="flag_settled", event=f"flag:{flag.pk}", params=params, path="/complaints/")
