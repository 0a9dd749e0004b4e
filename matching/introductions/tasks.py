"""Timers: follow-ups that fall due, reminders, silent introductions, and the mailbox where one is polled."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from matching.introductions.follow_up_actions import ask_follow_ups, remind_of_follow_ups
from matching.introductions.mailbox import MailboxError, take_new_mails
from matching.introductions.stall_actions import stall_silent

logger = logging.getLogger(__name__)


@shared_task
def tend_introductions() -> None:
    today = timezone.localdate()
    logger.info(
        "asked %s follow-ups, reminded of %s, stalled %s introductions",
        ask_follow_ups(today=today), remind_of_follow_ups(today=today), stall_silent(),
    )  # fmt: skip


@shared_task
def poll_mailbox() -> None:
    """A mailbox that cannot be read now is tried again by the next beat."""
    if not settings.INBOUND_IMAP_URL:
        return
    try:
        logger.info("took %s mails in", take_new_mails())
    except MailboxError as error:
        logger.warning("the mailbox of INBOUND_IMAP_URL could not be read, the next poll tries again: %s", error)
