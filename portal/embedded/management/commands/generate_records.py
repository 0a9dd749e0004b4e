"""Fill a database with many records to measure with."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from portal.embedded.generated.removing import remove
from portal.embedded.generated.run import generate
from portal.guidance.sample_actions import is_empty


class Command(BaseCommand):
    help = "Generates demands and solutions in seven languages, with lists and matches, to measure a portal of size."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demands", type=int, default=100_000)
        parser.add_argument("--solutions", type=int, default=100_000)
        parser.add_argument("--handled", type=int, default=2_000, help="demands with matches that people handle")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same records")
        parser.add_argument("--into-existing", action="store_true", help="also into a database that holds records")
        parser.add_argument("--remove", action="store_true", help="remove what was generated, and nothing else")

    def handle(self, *args: object, **options: Any) -> None:
        began = time.monotonic()
        if options["remove"]:
            self._remove()
        else:
            self._generate(options)
        self.stdout.write(f"done in {time.monotonic() - began:.0f} s")

    def _generate(self, options: dict[str, Any]) -> None:
        if not (is_empty() or options["into_existing"]):
            raise CommandError("There are records here already. To add generated ones to them, say --into-existing.")
        figures = {name: max(0, options[name]) for name in ("demands", "solutions", "handled", "seed")}
        generate(**figures, say=self.stdout.write)

    def _remove(self) -> None:
        try:
            remove(self.stdout.write)
        except IntegrityError as error:
            raise CommandError(f"Nothing was removed: people’s records hang on what was generated.\n{error}") from error
