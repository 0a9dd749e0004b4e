"""Who is told of a complaint: whoever complained, and whoever owns it. Nobody else learns that there is one."""

from matching.complaints.models import Complaint, Flag
from matching.models import Match
from portal.accounts.models import User
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import members_of, notify, path_of

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


@handles("notices.match_paused", queue="default")
def match_paused(job: Job) -> None:
    match = (
        Match.objects.select_related("demand", "solution__provider")
        .filter(pk=int(job.subject.partition(":")[2]))
        .first()
    )
    if match is None:
        return
    params = {"demand": original(match.demand, "title"), "solution": original(match.solution, "name")}
    sides = (match.demand.organisation_id, match.solution.provider.organisation_id)
    people = {user.pk: user for side in sides for user in members_of(side)}
    notify(
        recipients=people.values(), kind="match_paused", event=f"job:{job.pk}", params=params, path="/introductions/"
    )


@handles("notices.flag_settled", queue="default")
def flag_settled(job: Job) -> None:
    flag = Flag.objects.select_related("by").filter(pk=int(job.subject.partition(":")[2])).first()
    if flag is not None:
        params = {"name": flag.item}
        notify(recipients=[flag.by], kind="flag_settled", event=f"flag:{flag.pk}", params=params, path="/complaints/")
