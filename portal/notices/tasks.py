"""Jobs that tell people what happened to organisations, demands and solutions, and the job that mails."""

import logging
from datetime import timedelta

from celery import shared_task
from django.urls import reverse
from django.utils import timezone, translation

from catalog.models import Solution
from cities.models import Demand
from portal.accounts.models import Invitation, Membership, Organisation, User
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import PATIENTLY, handles
from portal.notices.actions import mail_due, mark_mailed, members_of, moderators, notify, owe_mail, path_of
from portal.notices.digest_actions import make_due_digests, mark_digest_mailed
from portal.notices.gathering import is_counted, unmailed
from portal.notices.mail import compose, compose_digest, compose_invitation
from portal.notices.models import Digest, Notice

logger = logging.getLogger(__name__)


def _pk(job: Job) -> int:
    return int(job.subject.partition(":")[2])


def _queue_path() -> str:
    with translation.override("en"):
        return reverse("matching:queue").removeprefix("/en")


def _organisation_path(organisation: Organisation) -> str:
    with translation.override("en"):
        return reverse("accounts:organisation-detail", args=[organisation.public_id]).removeprefix("/en")


def _about_organisation(job: Job, kind: str) -> None:
    organisation = Organisation.objects.filter(pk=_pk(job)).first()
    if organisation is None:
        logger.info("%s: gone", job)
        return
    to_moderators = kind == "organisation_registered"
    notify(
        recipients=moderators() if to_moderators else members_of(organisation.pk),
        kind=kind,
        event=f"job:{job.pk}",
        params={"name": organisation.name},
        path=_queue_path() if to_moderators else _organisation_path(organisation),
    )


@handles("notices.organisation_registered", queue="default")
def organisation_registered(job: Job) -> None:
    _about_organisation(job, "organisation_registered")


@handles("notices.organisation_verified", queue="default")
def organisation_verified(job: Job) -> None:
    _about_organisation(job, "organisation_verified")


@handles("notices.organisation_refused", queue="default")
def organisation_refused(job: Job) -> None:
    _about_organisation(job, "organisation_refused")


@handles("notices.organisation_suspended", queue="default")
def organisation_suspended(job: Job) -> None:
    _about_organisation(job, "organisation_suspended")


def _about_demand(job: Job, kind: str) -> None:
    demand = Demand.objects.filter(pk=_pk(job)).first()
    if demand is None:
        logger.info("%s: gone", job)
        return
    to_moderators = kind == "demand_submitted"
    notify(
        recipients=moderators() if to_moderators else members_of(demand.organisation_id),
        kind=kind,
        event=f"job:{job.pk}",
        params={"demand": original(demand, "title")},
        path=_queue_path() if to_moderators else path_of(demand),
    )


@handles("notices.member_joined", queue="default")
def member_joined(job: Job) -> None:
    """Administrators learn who used an invitation."""
    membership = Membership.objects.select_related("organisation", "user").filter(pk=_pk(job)).first()
    if membership is None:
        return
    organisation = membership.organisation
    admins = User.objects.filter(membership__organisation=organisation, membership__role="admin", is_active=True)
    notify(
        recipients=admins.exclude(pk=membership.user_id).order_by("pk"),
        kind="member_joined",
        event=f"job:{job.pk}",
        params={"name": organisation.name, "person": membership.user.name},
        path=_organisation_path(organisation),
    )


@handles("notices.role_changed", queue="default")
def role_changed(job: Job) -> None:
    membership = Membership.objects.select_related("organisation", "user").filter(pk=_pk(job)).first()
    if membership is not None:
        params = {"name": membership.organisation.name}
        path = _organisation_path(membership.organisation)
        notify(recipients=[membership.user], kind="role_changed", event=f"job:{job.pk}", params=params, path=path)


@handles("notices.member_removed", queue="default")
def member_removed(job: Job) -> None:
    organisation = Organisation.objects.filter(pk=_pk(job)).first()
    people = User.objects.filter(pk=job.payload["user"], is_active=True)
    if organisation is not None:
        params = {"name": organisation.name}
        notify(recipients=people, kind="member_removed", event=f"job:{job.pk}", params=params, path="/account/")


def _send_invitation(job: Job) -> None:
    """To an address that may have no account yet; withdrawn or accepted meanwhile, it is not sent any more."""
    invitation = Invitation.objects.select_related("organisation", "invited_by").filter(pk=_pk(job)).first()
    if invitation is not None and invitation.is_open:
        compose_invitation(invitation).send()


@handles("notices.invitation_sent", queue="mail", prepare=_send_invitation, waits=PATIENTLY)
def invitation_sent(job: Job) -> None:
    """The mail went out in ``prepare``; there is nothing to keep of it."""


@handles("notices.demand_submitted", queue="default")
def demand_submitted(job: Job) -> None:
    _about_demand(job, "demand_submitted")


@handles("notices.demand_published", queue="default")
def demand_published(job: Job) -> None:
    _about_demand(job, "demand_published")


@handles("notices.demand_changes_requested", queue="default")
def demand_changes_requested(job: Job) -> None:
    _about_demand(job, "demand_changes_requested")


@handles("notices.demand_rejected", queue="default")
def demand_rejected(job: Job) -> None:
    _about_demand(job, "demand_rejected")


@handles("notices.solution_submitted", queue="default")
def solution_submitted(job: Job) -> None:
    solution = Solution.objects.filter(pk=_pk(job)).first()
    if solution is not None:
        notify(
            recipients=moderators(),
            kind="solution_submitted",
            event=f"job:{job.pk}",
            params={"solution": original(solution, "name")},
            path=_queue_path(),
        )


@handles("notices.solution_reviewed", queue="default")
def solution_reviewed(job: Job) -> None:
    solution = Solution.objects.select_related("provider").filter(pk=_pk(job)).first()
    if solution is None:
        return
    review = solution.reviews.first()
    kind = "solution_listed" if review is not None and review.approved else "solution_changes_requested"
    notify(
        recipients=members_of(solution.provider.organisation_id),
        kind=kind,
        event=f"job:{job.pk}",
        params={"solution": original(solution, "name")},
        # A revision ends when it is approved; the listed solution's page leads to it as long as it is there.
        path=path_of(solution.revises or solution),
    )


def _send(job: Job) -> None:
    """Outside any transaction: a mail server may take its time. Sent twice at worst, under the same Message-ID."""
    notice = Notice.objects.select_related("recipient").filter(pk=_pk(job), mailed_at=None).first()
    if notice is None or not notice.recipient.is_active:
        return
    if mail_due(notice) > timezone.now():
        # Quiet hours were chosen after the mail was owed, or a failed mail is tried again in the middle of the night.
        job.payload["too_early"] = True
    else:
        job.payload["until"] = _newest(notice)  # read before the mail is written: what comes later is not in it
        compose(notice).send()


def _newest(notice: Notice) -> int:
    if not is_counted(notice):
        return notice.pk
    return max(unmailed(notice).told().values_list("pk", flat=True), default=notice.pk)


@handles("notices.send_mail", queue="mail", prepare=_send, waits=PATIENTLY)
def send_mail(job: Job) -> None:
    notice = Notice.objects.filter(pk=_pk(job)).first()
    if notice is not None and job.payload.get("too_early"):
        owe_mail(notice, at_least=timedelta(seconds=1))
    elif notice is not None:
        mark_mailed(notice=notice, until=job.payload.get("until", notice.pk))


def _send_digest(job: Job) -> None:
    digest = Digest.objects.select_related("recipient").filter(pk=_pk(job), mailed_at=None).first()
    mail = compose_digest(digest) if digest is not None and digest.recipient.is_active else None
    if mail is not None:
        mail.send()


@handles("notices.send_digest", queue="mail", prepare=_send_digest, waits=PATIENTLY)
def send_digest(job: Job) -> None:
    mark_digest_mailed(digest_id=_pk(job))


@shared_task
def send_digests() -> None:
    logger.info("%s digests are due", make_due_digests())
