"""Jobs of the matcher: encode what changed, rank what it touches. Envelopes; ranking.py and vectors.py do the work."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import connection
from django.utils import timezone

from catalog.actions import expire_solutions
from catalog.models import Solution
from cities.actions import expire_demands
from cities.models import Demand
from matching.adapters import demand_profiles
from matching.encoder import Wording
from matching.models import Ranking
from matching.ranking import catalogue, rank_demand, store_ranking
from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution
from portal.jobs.actions import enqueue, extend
from portal.jobs.models import Job, JobState
from portal.jobs.registry import handles

logger = logging.getLogger(__name__)

BUCKET = 50  # records of one job in bulk work: seconds of encoding, so that a dead worker loses little
ENCODE_AT_ONCE = 8
BULK_LOCK = 0x55524C42


def _pk(job: Job) -> int:
    return int(job.subject.partition(":")[2])


def _encode_demand(job: Job) -> None:
    demand = Demand.objects.filter(pk=_pk(job)).first()
    if demand is not None and demand.is_live:
        ensure_vectors([wording_of_demand(demand)])
        extend(job)


@handles("matching.match_demand", queue="match", prepare=_encode_demand, lease=timedelta(seconds=30))
def match_demand(job: Job) -> None:
    demand = Demand.objects.filter(pk=_pk(job)).first()
    if demand is None:
        logger.info("%s: no such demand any more", job)
        return
    rank_demand(demand)


def _encode_solution(job: Job) -> None:
    solution = Solution.objects.filter(pk=_pk(job)).first()
    if solution is not None and solution.is_live:
        ensure_vectors([wording_of_solution(solution)])
        extend(job)


@handles("matching.match_solution", queue="match", prepare=_encode_solution, lease=timedelta(seconds=30))
def match_solution(job: Job) -> None:
    """A solution came, changed or went: rank again every demand it can matter to."""
    solution = Solution.objects.for_detail().filter(pk=_pk(job)).first()
    if solution is None:
        logger.info("%s: no such solution any more", job)
        return
    for bucket in sorted({pk // BUCKET for pk in touched_demands(solution)}):
        enqueue(kind="matching.rank_bucket", subject=f"demands:{bucket}")


def touched_demands(solution: Solution) -> set[int]:
    """Live demands that share a focus area with the solution, have none, or list it now (also as a near miss)."""
    areas = [area for area in [solution.focus_area_id, *(a.pk for a in solution.more_focus_areas.all())] if area]
    live = Demand.objects.live()
    touched = set(Ranking.objects.filter(solutions__contains=[solution.pk]).values_list("demand_id", flat=True))
    if not areas or solution.focus_guessed:
        return touched | set(live.values_list("pk", flat=True))
    for condition in (
        {"focus_area__in": areas},
        {"more_focus_areas__in": areas},
        {"focus_area": None},
        {"focus_guessed": True},
    ):
        touched |= set(live.filter(**condition).values_list("pk", flat=True))
    return touched


def _bucket(job: Job, model: type) -> list:
    first = _pk(job) * BUCKET
    return list(model.objects.for_detail().filter(pk__range=(first, first + BUCKET - 1)).order_by("pk"))


def _in_steps(job: Job, wordings: list[Wording]) -> None:
    """Encode a bucket in steps, keeping the lease alive between them."""
    for start in range(0, len(wordings), ENCODE_AT_ONCE):
        if ensure_vectors(wordings[start : start + ENCODE_AT_ONCE]):
            extend(job)


def _encode_bucket_of_demands(job: Job) -> None:
    _in_steps(job, [wording_of_demand(demand) for demand in _bucket(job, Demand) if demand.is_live])
    catalogue()
    extend(job)


@handles("matching.rank_bucket", queue="default", prepare=_encode_bucket_of_demands, lease=timedelta(seconds=45))
def rank_bucket(job: Job) -> None:
    demands = _bucket(job, Demand)
    live = [demand for demand in demands if demand.is_live]
    for demand, profile in zip(live, demand_profiles(live), strict=True):
        store_ranking(demand, profile, catalogue())


def _encode_bucket_of_solutions(job: Job) -> None:
    _in_steps(job, [wording_of_solution(solution) for solution in _bucket(job, Solution) if solution.is_live])


@handles("matching.encode_solutions", queue="encode", prepare=_encode_bucket_of_solutions, lease=timedelta(seconds=45))
def encode_solutions(job: Job) -> None:
    """Part of a full run: when the last bucket is encoded, every demand is ranked."""
    with connection.cursor() as cursor:
        # Two last ones at once must not each think that the other is still at work.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BULK_LOCK])
    others = Job.objects.filter(kind=job.kind).exclude(pk=job.pk).exclude(state__in=[JobState.DONE, JobState.DEAD])
    if not others.exists():
        rank_everything()


@handles("matching.match_everything", queue="default")
def match_everything(job: Job) -> None:
    """Encode all listed solutions, then rank all live demands: after an import, a new encoder or new weights."""
    buckets = {pk // BUCKET for pk in Solution.objects.listed().values_list("pk", flat=True)}
    for bucket in sorted(buckets):
        enqueue(kind="matching.encode_solutions", subject=f"solutions:{bucket}")
    if not buckets:
        rank_everything()


def rank_everything() -> None:
    for bucket in sorted({pk // BUCKET for pk in Demand.objects.live().values_list("pk", flat=True)}):
        enqueue(kind="matching.rank_bucket", subject=f"demands:{bucket}")


@shared_task
def expire_records() -> None:
    today = timezone.localdate()
    logger.info("expired %s demands and %s solutions", expire_demands(today=today), expire_solutions(today=today))
