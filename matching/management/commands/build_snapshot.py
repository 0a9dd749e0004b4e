"""Write the snapshot of all listed solutions that this host's workers search; they start this themselves."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.building import build_snapshot
from matching.machine import Refused
from portal.jobs.limits import unbound


class Command(BaseCommand):
    help = "Writes the snapshot that large catalogues are searched in, compiles what searches it, and puts it in use."

    def handle(self, *args: Any, **options: Any) -> None:
        unbound()  # a worker that started this was held to what a job may take
        try:
            folder = build_snapshot()
        except Refused as reason:
            raise CommandError(f"No snapshot: {reason}.") from reason
        self.stdout.write("another process is writing one" if folder is None else f"in use: {folder.name}")
