import logging

from celery import shared_task

from matching.complaints.actions import close_complaints

logger = logging.getLogger(__name__)


@shared_task
def close_answered() -> None:
    """Complaints whose time for an appeal is over."""
    logger.info("closed %s complaints", close_complaints())
