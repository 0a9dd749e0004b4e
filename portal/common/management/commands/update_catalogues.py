"""Bring the message catalogues up to the strings in the sources: new ones are added empty, unused ones go."""

from argparse import ArgumentParser

from babel.messages.catalog import Catalog
from django.core.management.base import BaseCommand

from portal.common.extraction import FOLDERS, catalogue_path, read_catalogue, template_catalogue, write_catalogue


class Command(BaseCommand):
    help = (
        "Updates locale/*/LC_MESSAGES/django.po from the sources and says how many strings each language still lacks."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("languages", nargs="*", help="codes; all when none is given")

    def handle(self, *args: object, **options: object) -> None:
        template = template_catalogue()
        for language in options["languages"] or FOLDERS:
            catalogue = (
                read_catalogue(language)
                if catalogue_path(language).exists()
                else Catalog(locale=FOLDERS[language], charset="utf-8")
            )
            # No guessing from similar strings: a wrong translation is worse than a missing one, which a test finds.
            catalogue.update(template, no_fuzzy_matching=True)
            write_catalogue(language, catalogue)
            missing = sum(
                1 for m in catalogue if m.id and not (all(m.string) if isinstance(m.string, tuple) else m.string)
            )
            self.stdout.write(f"{language}: {len(catalogue)} strings, {missing} to translate")
