"""Fetches new mails from the mailbox of INBOUND_IMAP_URL once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from matching.introductions.mailbox import MailboxError, take_new_mails


class Command(BaseCommand):
    help = "Fetches new mails from the mailbox of INBOUND_IMAP_URL and takes them in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.INBOUND_IMAP_URL or not settings.INBOUND_DOMAIN:
            raise CommandError("INBOUND_IMAP_URL and INBOUND_DOMAIN have to be set first.")
        try:
            self.stdout.write(f"{take_new_mails()} mails")
        except MailboxError as error:
            raise CommandError(f"The mailbox could not be read; nothing is lost, try again: {error}") from None
