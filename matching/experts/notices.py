"""Who is told of a request for advice: the expert of the question, whoever asked of what became of it."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from matching.experts.actions import token_of
from matching.experts.models import Advice, ExpertInvitation
from portal.accounts.models import User
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import PATIENTLY, handles
from portal.notices.actions import members_of, notify, path_of
from portal.notices.mail import letter

TO_EXPERT = {"asked": "advice_asked", "due": "advice_asked", "withdrawn": "advice_withdrawn"}
TO_ASKER = {"accepted": "advice_accepted", "declined": "advice_declined", "answered": "advice_answered"}


@handles("notices.advice_moved", queue="default")
def advice_moved(job: Job) -> None:
    found = Advice.objects.with_records().filter(pk=int(job.subject.partition(":")[2]))
    advice = found.first()
    if advice is None:
        return
    what = job.payload["what"]
    about = advice.demand or advice.match.demand
    params = {
        "demand": original(about, "title"),
        "person": advice.expert.user.name,
        "date": f"{advice.due_on:%Y-%m-%d}",
    }
    people = {advice.expert.user.pk: advice.expert.user} if what in TO_EXPERT else _askers(advice)
    people.pop(job.payload.get("by"), None)  # a moderator who takes an expert off the list may be the asker
    notify(
        recipients=people.values(),
        kind={**TO_EXPERT, **TO_ASKER}[what],
        event=f"advice:{advice.pk}/{what}",
        params=params,
        path=path_of(advice),
    )


def _askers(advice: Advice) -> dict[int, User]:
    people = {advice.asked_by_id: advice.asked_by}
    if advice.asked_for_id:
        people |= {user.pk: user for user in members_of(advice.asked_for_id, deciding=True)}
    return people


def _send(job: Job) -> None:
    """To an address that may have no account yet; accepted meanwhile, it is not sent any more."""
    invitation = (
        ExpertInvitation.objects.select_related("invited_by").filter(pk=int(job.subject.partition(":")[2])).first()
    )
    if invitation is None or not invitation.is_open:
        return
    with translation.override(invitation.language):
        subject = gettext("ICLEI asks you to advise cities on %(site)s") % {"site": settings.SITE_NAME}
        url = settings.SITE_URL + reverse("matching:expert-join", args=[token_of(invitation)])
        letter(
            identity=f"expertinvitation-{invitation.pk}-{int(invitation.expires_at.timestamp())}",
            template="expert_invitation",
            language=invitation.language,
            to=invitation.email,
            subject=subject,
            context={"invitation": invitation, "url": url, "expires_at": invitation.expires_at},
        ).send()


@handles("notices.expert_invited", queue="mail", prepare=_send, waits=PATIENTLY)
def expert_invited(job: Job) -> None:
    """The mail went out in ``prepare``; there is nothing to keep of it."""
