"""Remake the committed vectors of the demo's texts (contributors run this after changing a text or the encoder)."""

from django.core.management.base import BaseCommand

from portal.embedded.demo.vectors import FILE, save_vectors


class Command(BaseCommand):
    help = "Encodes the demo's texts and writes them beside the demo."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{save_vectors()} vectors written to {FILE.name}")
