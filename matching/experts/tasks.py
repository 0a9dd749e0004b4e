import logging

from celery import shared_task

from matching.experts import due_actions

logger = logging.getLogger(__name__)


@shared_task
def look_after_advice() -> None:
    logger.info("advice: %s reminded, %s given back", *due_actions.look_after_advice())
