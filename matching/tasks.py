"""Jobs of the matcher: encode what changed, rank what it touches. Envelopes; encoding.py and ranking.py do the work."""

import logging
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from celery import shared_task
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from catalog.listing_actions import expire_solutions
from catalog.models import Solution
from cities.expiry_actions import expire_demands
from cities.models import Demand
from matching.catalogue import NotReady, catalogue
from matching.encoder import EncoderAway
from matching.encoding import (
    ENCODE,
    ENCODE_BUCKET,
    ENCODING,
    WAITS,
    encode_in_steps,
    encode_with_others,
    owe_ranking,
    waits_for_meaning,
    wordings_of,
)
from matching.models import Ranking
from matching.ranking import check_lists, rank_demands, versions
from matching.reach import nearest_first, reached
from matching.spaces.jobs import owe_wish
from matching.vectors import wording_of_demand, wording_of_solution
from portal.jobs.actions import enqueue, extend, hasten
from portal.jobs.models import Job, JobState
from portal.jobs.registry import handles

logger = logging.getLogger(__name__)

BUCKET = 50  # records of one job in bulk work: seconds of encoding, so that a dead worker loses little
BULK_LOCK = 0x55524C42
# So many lists are made in the job that found them due, so that people see a newcomer where it fits best within the
# second; other lists that it may enter follow, together with what else changes meanwhile.
FIRST = 8
SOON = timedelta(seconds=15)
# Lists in which only a count may differ wait for more changes to come together.
WITH_TIME = timedelta(minutes=1)
LOOK_AFTER = timedelta(minutes=2)
FOR_SNAPSHOT = timedelta(seconds=30)
# Jobs that leave lists as they were for a while.
CHANGING = (
    *("matching.match_demand", "matching.match_solution", "matching.rank_bucket", "matching.rank_without_meaning"),
    *ENCODING,
)


def _pk(job: Job) -> int:
    return int(job.subject.partition(":")[2])


def match_demands(jobs: Sequence[Job]) -> None:
    """Demands came, changed or went: make their lists."""
    found = Demand.objects.in_bulk([_pk(job) for job in jobs])
    ready = []
    for job in sorted(jobs, key=_pk):
        demand = found.get(_pk(job))
        if demand is None:
            logger.info("%s: no such demand any more", job)
        elif not (demand.is_live and waits_for_meaning(job, wording_of_demand(demand))):
            ready.append(demand.pk)
    rank_or_wait(ready)


@handles("matching.match_demand", queue="match", together=match_demands)
def match_demand(job: Job) -> None:
    match_demands([job])


def match_solutions(jobs: Sequence[Job]) -> None:
    """Solutions came, changed or went: rank again every demand they can matter to, each once."""
    found = Solution.objects.for_detail().in_bulk([_pk(job) for job in jobs])
    ready = []
    for job in sorted(jobs, key=_pk):
        solution = found.get(_pk(job))
        if solution is None:
            logger.info("%s: no such solution any more", job)
        elif not (solution.is_live and waits_for_meaning(job, wording_of_solution(solution))):
            ready.append(solution)
    if ready:
        at_once, with_time = reached(ready)
        lists = nearest_first(ready, at_once)
        rank_or_wait(lists[:FIRST])
        rank_buckets(lists[FIRST:], delay=SOON)
        rank_buckets(with_time, delay=WITH_TIME)


@handles("matching.match_solution", queue="match", together=match_solutions)
def match_solution(job: Job) -> None:
    match_solutions([job])


@handles(ENCODE, queue="encode", prepare=encode_with_others, lease=timedelta(seconds=90), waits=WAITS)
def encode(job: Job) -> None:
    """The texts of one record have their vectors: rank what waited for them."""
    owe_ranking(f"matching.match_{job.subject.partition(':')[0]}", job.subject)
    if job.attempts > 1:
        hasten(kinds=ENCODING)
    if _is_last(job) and Ranking.objects.filter(has_meaning=False).exists():
        enqueue(kind="matching.rank_without_meaning", subject="everything", dedupe="rank_without_meaning")


def _keys(job: Job) -> range:
    first = _pk(job) * BUCKET
    return range(first, first + BUCKET)


def _read_catalogue(job: Job) -> None:
    with suppress(NotReady):
        catalogue()
    extend(job)


@handles("matching.rank_without_meaning", queue="default", prepare=_read_catalogue, lease=timedelta(seconds=45))
def rank_without_meaning(job: Job) -> None:
    """Lists made while a text had no vector: again, unless one of the catalogue still has none, for they would stay so.

    Without that question one text that no encoder can read would have every list made again after each change.
    """
    try:
        still_waits = catalogue().without_meaning
    except NotReady:
        enqueue(kind=job.kind, subject=job.subject, dedupe=job.dedupe, delay=FOR_SNAPSHOT)
        return
    if not still_waits:
        rank_buckets(Ranking.objects.filter(has_meaning=False).values_list("demand_id", flat=True))


@handles("matching.rank_bucket", queue="default", prepare=_read_catalogue, lease=timedelta(seconds=45))
def rank_bucket(job: Job) -> None:
    rank_or_wait(_keys(job))


def _encode_bucket(job: Job) -> None:
    name = job.subject.partition("s:")[0]
    encode_in_steps(job, wordings_of(f"{name}:{pk}" for pk in _keys(job)))


@handles(ENCODE_BUCKET, queue="encode", prepare=_encode_bucket, lease=timedelta(seconds=90), waits=WAITS)
def encode_bucket(job: Job) -> None:
    """Part of a full run: when the last bucket is encoded, every demand is ranked."""
    if job.attempts > 1:
        hasten(kinds=ENCODING)
    if _is_last(job):
        rank_everything()


@handles("matching.check_bucket", queue="default", prepare=_read_catalogue, lease=timedelta(minutes=2))
def check_bucket(job: Job) -> None:
    """Part of the nightly run: what changes left behind has to be what a run from nothing gives."""
    try:
        differing = check_lists(_keys(job))
    except NotReady:
        rank_buckets(_keys(job), delay=FOR_SNAPSHOT)
        return
    # What changed while this was at work is owed to a job; those lists are not expected to be right yet.
    if differing and not _is_owed(job, *CHANGING):
        logger.error("lists of %s demands were not what a full run gives and were made again: %s", *_named(differing))


def _named(demands: Sequence[int]) -> tuple[int, str]:
    return len(demands), ", ".join(map(str, demands))


def _is_last(job: Job) -> bool:
    """Whether nothing else of its kind waits or runs."""
    with connection.cursor() as cursor:
        # Two last ones at once must not each think that the other is still at work.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BULK_LOCK])
    return not _is_owed(job, job.kind)


@handles("matching.match_everything", queue="default")
def match_everything(job: Job) -> None:
    """Encode all that is live, then rank all live demands: after an import, a new encoder or new weights."""
    records = [("solutions", Solution.objects.listed()), ("demands", Demand.objects.live())]
    buckets = {(name, pk // BUCKET) for name, found in records for pk in found.values_list("pk", flat=True)}
    for name, bucket in sorted(buckets):
        enqueue(kind=ENCODE_BUCKET, subject=f"{name}:{bucket}")
    since = timezone.now().isoformat()
    enqueue(kind="matching.rank_rest", subject="everything", payload={"since": since}, dedupe="rest", delay=LOOK_AFTER)


@handles("matching.rank_rest", queue="default")
def rank_rest(job: Job) -> None:
    """The net under a full run: ranks what its last bucket did not, because it died or the encoder is away."""
    if _is_owed(job, "matching.rank_bucket") or _is_encoding():
        enqueue(kind=job.kind, subject=job.subject, payload=job.payload, dedupe=job.dedupe, delay=LOOK_AFTER)
    else:
        rank_buckets(unranked(datetime.fromisoformat(job.payload["since"])))


def unranked(since: datetime | None = None) -> list[int]:
    """Live demands that have no list of their present version, encoder and weights, or none made since then."""
    current = Ranking.objects.filter(demand_version=F("demand__version"), **versions())
    if since is not None:
        current = current.filter(computed_at__gte=since)
    missing = Demand.objects.live().exclude(pk__in=current.values("demand_id"))
    return list(missing.order_by("pk").values_list("pk", flat=True))


def _is_owed(job: Job, *kinds: str) -> bool:
    """Whether another job of these kinds waits or runs."""
    open_states = [JobState.QUEUED, JobState.RUN]
    return Job.objects.filter(kind__in=kinds, state__in=open_states).exclude(pk=job.pk).exists()


def _is_encoding() -> bool:
    """Whether a bucket waits or runs that has not failed yet."""
    fresh = Q(state=JobState.QUEUED, attempts=0) | Q(state=JobState.RUN, attempts=1)
    return Job.objects.filter(fresh, kind=ENCODE_BUCKET).exists()


def rank_everything() -> None:
    rank_buckets(Demand.objects.live().values_list("pk", flat=True))


def rank_buckets(demands: Iterable[int], delay: timedelta = timedelta(0)) -> None:
    for bucket in sorted({pk // BUCKET for pk in demands}):
        enqueue(kind="matching.rank_bucket", subject=f"demands:{bucket}", delay=delay)


def rank_or_wait(demands: Collection[int]) -> None:
    """Rank them, or owe it for when this host has its snapshot."""
    try:
        rank_demands(demands)
    except NotReady:
        rank_buckets(demands, delay=FOR_SNAPSHOT)


@shared_task
def expire_records() -> None:
    now = timezone.now()
    logger.info("expired %s demands and %s solutions", expire_demands(now=now), expire_solutions(now=now))


@shared_task
def check_every_night() -> None:
    """A full run, which brings every list to the new day and says where changes had left another than it gives."""
    demands = set(Ranking.objects.values_list("demand_id", flat=True)) | set(unranked())
    with transaction.atomic():
        for bucket in sorted({pk // BUCKET for pk in demands}):
            enqueue(kind="matching.check_bucket", subject=f"demands:{bucket}")


def _has_lost_texts() -> bool:
    """Whether lists wait for texts that nobody owes to the encoder. What it failed at five times is an operator's."""
    owed = Job.objects.filter(kind__in=ENCODING).exclude(state=JobState.DONE)
    return Ranking.objects.filter(has_meaning=False).exists() and not owed.exists()


@shared_task
def rank_missing() -> None:
    """What a dead job, new weights or a new encoder left without a current list gets one."""
    hasten(kinds=ENCODING, failed_with=EncoderAway.__name__)
    with transaction.atomic():
        owe_wish()
        missing = unranked()
        if Ranking.objects.exclude(backend=versions()["backend"]).exists() or _has_lost_texts():
            enqueue(kind="matching.match_everything", subject="everything")
        else:
            rank_buckets(missing)
    if missing:
        logger.warning("%s live demands had no current ranking and are ranked again", len(missing))
