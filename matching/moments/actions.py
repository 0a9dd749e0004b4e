"""Counting the gap again and storing what was found. A figure is no record: nothing of it goes into the trace."""

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from matching.gap import count_now, open_demands, stamp
from matching.moments.models import GapMoment, content_of


def refresh_gap() -> bool:
    """Store the gap of this moment if something changed since; returns whether it did.

    Of a small portal nothing is stored: its pages count for themselves, and so are never a minute old.
    """
    if open_demands()[: settings.GAP_STORED_FROM].count() < settings.GAP_STORED_FROM:
        GapMoment.objects.all().delete()
        return False
    with transaction.atomic():
        # All queries of one moment, so that the figures agree with each other and with a recount of it.
        return _store()


def _store() -> bool:
    now = timezone.now()
    found = hashlib.sha256(repr(stamp()).encode()).hexdigest()
    if GapMoment.objects.filter(stamp=found).exists():
        return False
    moment = count_now()
    older = list(GapMoment.objects.values_list("pk", flat=True))
    content = content_of(moment.needs, moment.offers, moment.steps)
    GapMoment.objects.create(counted_at=now, rankings_of=moment.rankings_of, stamp=found, content=content)
    GapMoment.objects.filter(pk__in=older).delete()
    return True
