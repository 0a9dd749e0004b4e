import logging

from celery import shared_task

from portal.audit.actions import verify_chain

logger = logging.getLogger(__name__)


@shared_task
def verify() -> None:
    """A broken chain is an incident: it is logged as an error, which operators are alerted to."""
    count, broken = verify_chain()
    if broken is not None:
        logger.error("audit chain broken at event %s", broken)
    else:
        logger.info("audit chain verified: %s events", count)
