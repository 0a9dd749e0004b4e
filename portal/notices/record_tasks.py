"""Jobs that tell people of what runs out, and of what was said about their evidence. Each thing once: the job's own
key names the event, so that a timer may owe it every day."""

from collections.abc import Iterable

from django.db.models import Max

from portal.accounts.enums import MemberRole
from portal.accounts.models import Organisation, User
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import notify, path_of


def key_of(job: Job) -> int:
    return int(job.subject.partition(":")[2])


def admins_of(organisation_id: int) -> Iterable[User]:
    own = User.objects.filter(membership__organisation=organisation_id, membership__role=MemberRole.ADMIN)
    return own.filter(is_active=True).order_by("pk")


def _about_proof(job: Job, kind: str) -> None:
    """The day on which the last proof ends is read again: a new one may have come since the job was owed."""
    organisation = Organisation.objects.annotate(ends=Max("evidence__expires_on")).filter(pk=key_of(job)).first()
    if organisation is not None:
        params = {"name": organisation.name, "date": str(organisation.ends or "")}
        people, path = admins_of(organisation.pk), path_of(organisation)
        notify(recipients=people, kind=kind, event=job.dedupe, params=params, path=path)


@handles("notices.verification_ending", queue="default")
def verification_ending(job: Job) -> None:
    _about_proof(job, "verification_ending")


@handles("notices.verification_lapsed", queue="default")
def verification_lapsed(job: Job) -> None:
    _about_proof(job, "verification_lapsed")
