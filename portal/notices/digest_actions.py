"""Many notices in one mail, once a day or a week, when the reader's own morning has come."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from portal.jobs.actions import enqueue
from portal.notices.clock import is_quiet, last_morning, zone_of
from portal.notices.models import Digest, Notice, QuietHours


def make_due_digests(*, now: datetime | None = None) -> int:
    """For everybody whose morning has come since their last digest; returns how many were made. Late is no harm."""
    moment = now or timezone.now()
    waiting = Notice.objects.for_digest().filter(recipient__is_active=True)
    pairs = sorted(set(waiting.order_by().values_list("recipient_id", "cadence")))
    people = User.objects.in_bulk([pk for pk, _cadence in pairs])
    hours = QuietHours.objects.in_bulk(list(people))
    return sum(
        make_digest(user=people[pk], cadence=cadence, quiet=hours.get(pk), now=moment) is not None
        for pk, cadence in pairs
    )


@transaction.atomic
def make_digest(*, user: User, cadence: str, quiet: QuietHours | None, now: datetime) -> Digest | None:
    """Gather what was told before this morning; None before it, in quiet hours, or where there is nothing."""
    zone = zone_of(user.time_zone)
    morning = last_morning(now, zone, cadence)
    if morning is None or (quiet and is_quiet(now.astimezone(zone).time(), quiet.starts, quiet.ends)):
        return None
    waiting = Notice.objects.for_digest().filter(
        Q(held_until=None) | Q(held_until__lt=morning), recipient=user, cadence=cadence, created_at__lt=morning
    )
    if not waiting.exists():
        return None
    digest, created = Digest.objects.get_or_create(recipient=user, cadence=cadence, day=morning.date())
    if not created:  # somebody whose clock stood elsewhere this morning; the rest comes with the next one
        return None
    waiting.update(digest=digest)
    enqueue(kind="notices.send_digest", subject=f"digest:{digest.pk}")
    return digest


@transaction.atomic
def mark_digest_mailed(*, digest_id: int) -> None:
    now = timezone.now()
    Digest.objects.filter(pk=digest_id, mailed_at=None).update(mailed_at=now)
    Notice.objects.filter(digest=digest_id, mailed_at=None).update(mailed_at=now)
