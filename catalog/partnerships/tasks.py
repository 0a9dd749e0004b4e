import logging

from celery import shared_task
from django.utils import timezone

from catalog.partnerships.actions import end_agreements_that_ran_out

logger = logging.getLogger(__name__)


@shared_task
def end_agreements() -> None:
    logger.info("%s partnerships have ended", end_agreements_that_ran_out(now=timezone.now()))
