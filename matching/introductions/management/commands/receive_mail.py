"""Takes one mail in, from the mail server's pipe or from files."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from matching.introductions.mail_actions import receive_mail


class Command(BaseCommand):
    help = "Takes mails in that answer a message: from stdin (a mail server's pipe) or from files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="Mails as files; without any, one is read from stdin.")
        parser.add_argument("--recipient", default="", help="The envelope's recipient, as the mail server knows it.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.INBOUND_DOMAIN:
            raise CommandError("INBOUND_DOMAIN is not set: the portal gives out no addresses to answer to.")
        # One byte more than is taken: what is larger is recognised without reading all of it.
        most = settings.INBOUND_MOST_BYTES + 1
        if options["files"]:
            for path in options["files"]:
                with path.open("rb") as file:
                    self._take(file.read(most), options["recipient"], str(path))
        else:
            self._take(sys.stdin.buffer.read(most), options["recipient"], "stdin")

    def _take(self, raw: bytes, recipient: str, name: str) -> None:
        try:
            row = receive_mail(raw=raw, recipient=recipient)
        except (OperationalError, InterfaceError) as error:
            # A mail server keeps the mail and tries again; with any other code it would send it back to its writer.
            raise CommandError(f"The database is away: {error}", returncode=os.EX_TEMPFAIL) from error
        self.stdout.write(f"{name}: {row.outcome}")
