import logging

from celery import shared_task
from django.utils import timezone

from catalog.confirmations.asking_actions import forget_addresses
from catalog.listing_actions import remind_of_expiry

logger = logging.getLogger(__name__)


@shared_task
def look_after_evidence() -> None:
    """Reminders before solutions run out, and addresses that are kept no longer."""
    now = timezone.now()
    near, forgotten = remind_of_expiry(now=now), forget_addresses(now=now)
    logger.info("%s solutions run out soon, %s unanswered questions were given up", near, forgotten)
