"""Notices that come in numbers, for those who chose mails at once: one mail counts what has come, an hour at the least
after the one before it."""

from datetime import timedelta

from django.utils import timezone

from portal.notices.enums import Cadence
from portal.notices.kinds import KINDS
from portal.notices.models import Notice
from portal.notices.querysets import NoticeQuerySet

PAUSE = timedelta(hours=1)
# A mail that is owed for longer than this has failed: the next notice owes one of its own.
OWED = 2 * PAUSE


def is_counted(notice: Notice) -> bool:
    return KINDS[notice.kind].count is not None


def unmailed(notice: Notice) -> NoticeQuerySet:
    """What a mail about this notice stands for: of the same kind, to the same person, and not mailed yet."""
    alike: NoticeQuerySet = Notice.objects.filter(recipient=notice.recipient_id, kind=notice.kind)
    return alike.filter(cadence=Cadence.NOW, mailed_at=None)


def waits_in_a_count(notice: Notice) -> bool:
    """Whether a mail is owed that will count this notice."""
    since = timezone.now() - OWED
    return is_counted(notice) and unmailed(notice).filter(created_at__gt=since).exclude(pk=notice.pk).exists()


def pause_before(notice: Notice) -> timedelta:
    """How long its mail has to wait because one of its kind went out within the hour."""
    if not is_counted(notice):
        return timedelta(0)
    now = timezone.now()
    mailed = Notice.objects.filter(recipient=notice.recipient_id, kind=notice.kind, mailed_at__gt=now - PAUSE)
    last = mailed.order_by("-mailed_at").values_list("mailed_at", flat=True).first()
    return last + PAUSE - now if last else timedelta(0)
