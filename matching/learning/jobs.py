"""What is done in the background: fit new weights when somebody asks, price much wanted solutions every night."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import transaction

from matching.learning.actions import install_shipped_profile, propose_profile
from matching.learning.proposing import learn_from_records
from matching.pricing_actions import price_lists
from matching.tasks import rank_buckets
from portal.accounts.models import User
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.jobs.registry import handles

logger = logging.getLogger(__name__)

FIT = "matching.fit_profile"
PRICE = "matching.price_lists"


@handles(FIT, queue="default", lease=timedelta(minutes=5))
def fit_profile(job: Job) -> None:
    """Learn from all judgements so far; what comes of it waits for a person. ``user:<pk>`` asked for it."""
    asked_by = User.objects.filter(pk=job.payload.get("by")).first()
    try:
        learned = learn_from_records()
    except ValueError as error:
        logger.info("no weights fitted: %s", error)
        return
    propose_profile(by=asked_by, config=learned.config, report=learned.report)


@handles(PRICE, queue="default", lease=timedelta(minutes=5))
def price(job: Job) -> None:
    install_shipped_profile()
    rank_buckets(price_lists())


@shared_task
def price_every_night() -> None:
    with transaction.atomic():
        enqueue(kind=PRICE, subject="everything")
