"""Counting again and storing what was found. A figure is no record: nothing of it goes into the trace."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import Solution
from matching import exposures, gap
from matching.moments.models import Counted, ExposureMoment, GapMoment, content_of


def refresh_gap() -> bool:
    """Store the gap of this moment if something changed since; returns whether it did."""
    return _refresh(GapMoment, gap.open_demands(), gap.stamp, _gap)


def refresh_exposures() -> bool:
    """The same of whose solutions are listed and shown."""
    listed = Solution.objects.listed()
    return _refresh(ExposureMoment, listed, exposures.stamp, lambda: {"content": exposures.listed_now()})


def _gap() -> dict[str, Any]:
    moment = gap.count_now()
    content = content_of(moment.needs, moment.offers, moment.steps)
    return {"rankings_of": moment.rankings_of, "content": content}


def _refresh(
    model: type[Counted], records: QuerySet, stamp: Callable[[], Any], count: Callable[[], dict[str, Any]]
) -> bool:
    """Of a small portal nothing is stored: its pages count for themselves, and so are never a minute old."""
    if records[: settings.COUNTED_BY_WORKERS_FROM].count() < settings.COUNTED_BY_WORKERS_FROM:
        model._default_manager.all().delete()
        return False
    with transaction.atomic():
        # All queries of one moment, so that the figures agree with each other and with a recount of it.
        return _store(model, hashlib.sha256(repr(stamp()).encode()).hexdigest(), count)


def _store(model: type[Counted], stamp: str, count: Callable[[], dict[str, Any]]) -> bool:
    now, stored = timezone.now(), model._default_manager
    if stored.filter(stamp=stamp).exists():
        return False
    older = list(stored.values_list("pk", flat=True))
    stored.create(counted_at=now, stamp=stamp, **count())
    stored.filter(pk__in=older).delete()
    return True
