"""manage.py compile_catalogues: .po into .mo where newer, without gettext."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.embedded.catalogues import compile_stale
from portal.embedded.processes import Failed


class Command(BaseCommand):
    help = "Compiles message catalogues that are newer than their compiled form; needs no gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = [path for folder in settings.LOCALE_PATHS for path in compile_stale(Path(folder))]
        except Failed as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(f"{len(written)} catalogue(s) compiled.")
