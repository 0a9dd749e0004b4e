import logging

from celery import shared_task
from django.core.management import call_command

from portal.accounts.verification_actions import announce_ending_verifications, lapse_verifications
from portal.common.working_days import office_day

logger = logging.getLogger(__name__)


@shared_task
def clear_sessions() -> None:
    call_command("clearsessions")


@shared_task
def look_after_verifications() -> None:
    today = office_day()
    lapsed, ending = lapse_verifications(today=today), announce_ending_verifications(today=today)
    logger.info("%s verifications have run out, %s are about to", lapsed, ending)
