import logging

from celery import shared_task
from django.utils import timezone

from cities.expiry_actions import remind_of_expiring_demands

logger = logging.getLogger(__name__)


@shared_task
def remind_of_expiry() -> None:
    logger.info("%s demands end soon", remind_of_expiring_demands(now=timezone.now()))
