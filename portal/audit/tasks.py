"""The nightly proof that the trace is whole, measured against what it was on earlier nights."""

import logging

from celery import shared_task
from django.conf import settings

from portal.audit.actions import verify_chain
from portal.audit.heads import compare_and_note

logger = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]
def verify() -> None:
    """A broken chain is an incident: it is logged as an error, which operators are alerted to."""
    count, broken = verify_chain()
    if broken is not None:
        logger.error("audit chain broken at event %s", broken)
        return
    lost = compare_and_note(settings.HOME_DIR / "audit-heads.log")
    if lost is not None:
        logger.error("audit chain is whole but lacks event %s, which it once ended with", lost)
    else:
        logger.info("audit chain verified: %s events", count)
