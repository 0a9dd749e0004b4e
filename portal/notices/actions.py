"""Tell people, each thing once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils import timezone, translation

from portal.accounts.enums import MemberRole, StaffRoleKind
from portal.accounts.models import User
from portal.jobs.actions import enqueue
from portal.notices.kinds import KINDS
from portal.notices.models import Notice


@transaction.atomic
def notify(*, recipients: Iterable[User], kind: str, event: str, params: Mapping[str, str], path: str) -> int:
    """Store a notice for each recipient who has none of this ``event`` yet, owe the mails, return how many are new."""
    new = 0
    for user in recipients:
        notice, created = Notice.objects.get_or_create(
            recipient=user, event=event, defaults={"kind": kind, "params": dict(params), "path": path}
        )
        new += created
        if created and KINDS[kind].is_mailed:
            enqueue(kind="notices.send_mail", subject=f"notice:{notice.pk}")
    return new


@transaction.atomic
def mark_all_read(*, user: User) -> int:
    return Notice.objects.filter(recipient=user, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def mark_read(*, notice: Notice) -> None:
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])


def mark_mailed(*, notice_id: int) -> None:
    Notice.objects.filter(pk=notice_id, mailed_at=None).update(mailed_at=timezone.now())


def members_of(organisation_id: int | None, *, deciding: bool = False) -> list[User]:
    """Active members of an organisation; only those who may speak for it where ``deciding``."""
    people = User.objects.filter(membership__organisation=organisation_id, is_active=True)
    if deciding:
        people = people.filter(membership__role__in=[MemberRole.APPROVER, MemberRole.ADMIN])
    return list(people.distinct().order_by("pk"))


def moderators() -> list[User]:
    return list(User.objects.filter(staffrole__role=StaffRoleKind.MODERATOR, is_active=True).order_by("pk"))


def path_of(record: models.Model) -> str:
    """The record's address without a language, which each reader's own is put before."""
    with translation.override("en"):
        return record.get_absolute_url().removeprefix("/en")  # type: ignore[attr-defined]


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    """The notice's line in the active language."""
    return str(KINDS[kind].subject) % params
