"""Load the committed reference data: vocabulary and cities. Quick when nothing changed."""

from django.core.management.base import BaseCommand

from catalog.vocabulary import load_vocabulary
from cities.reference import load_cities


class Command(BaseCommand):
    help = "Loads focus areas, topics, criteria and cities from the committed files; quick when they are current."

    def handle(self, *args: object, **options: object) -> None:
        for name, load in (("vocabulary", load_vocabulary), ("cities", load_cities)):
            self.stdout.write(f"{name}: {'loaded' if load() else 'current'}")
