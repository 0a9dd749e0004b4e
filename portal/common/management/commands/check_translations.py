"""Fail on whatever may not be in a message catalogue."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from portal.common.catalogue_checks import TRANSLATED, all_faults


class Command(BaseCommand):
    help = (
        "Fails on strings that are missing, fuzzy, obsolete or empty, on broken placeholders, markup and plurals, on "
        "loose typography, and where a term of the glossary has another word."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("languages", nargs="*", help="codes; all when none is given")
        parser.add_argument("--present", action="store_true", help="only what is translated, not whether everything is")

    def handle(self, *args: object, **options: object) -> None:
        languages = options["languages"] or TRANSLATED
        if unknown := set(languages) - set(TRANSLATED):  # type: ignore[call-overload]
            raise CommandError(f"Not a language of the catalogues: {', '.join(sorted(unknown))}")
        faults = all_faults(languages, only_present=bool(options["present"]))  # type: ignore[arg-type]
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} faults")
        self.stdout.write("The catalogues are complete and in order.")
