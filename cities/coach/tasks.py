import logging

from celery import shared_task

from cities.coach.models import Pool
from cities.coach.pool_actions import settle_pool
from cities.models import Demand
from portal.jobs.models import Job
from portal.jobs.registry import handles

logger = logging.getLogger(__name__)


@handles("coach.settle_pool", queue="default")
def settle(job: Job) -> None:
    demand = Demand.objects.filter(pk=int(job.subject.partition(":")[2])).first()
    if demand is not None:
        settle_pool(demand=demand)


@shared_task
def settle_pools() -> None:
    """The net under the jobs: a pooled demand may leave the public by more roads than one."""
    moved = sum(settle_pool(demand=pool.demand) for pool in Pool.objects.select_related("demand").order_by("pk"))
    logger.info("%s demands followed their pools", moved)
