"""Owe a full run: after new weights, another encoder, or when in doubt."""

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.jobs.actions import enqueue


class Command(BaseCommand):
    help = "Has the workers encode what is not encoded and rank every live demand again."

    def handle(self, *args: object, **options: object) -> None:
        with transaction.atomic():
            enqueue(kind="matching.match_everything", subject="everything")
        self.stdout.write("owed; the workers do it in the background")
