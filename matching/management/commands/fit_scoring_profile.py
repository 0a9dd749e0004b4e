"""Learn weights from the judgements so far; a person decides whether they come into force."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from matching.learning.actions import propose_profile
from matching.learning.proposing import learn_from_records
from portal.jobs.actions import enqueue


class Command(BaseCommand):
    help = "Owes a fit of the weights to all judgements so far. The proposal appears on the page of scoring profiles."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--now", action="store_true", help="fit here and print what came of it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["now"]:
            self._fit()
            return
        with transaction.atomic():
            enqueue(kind="matching.fit_profile", subject="everything")
        self.stdout.write("owed; a worker does it in the background")

    def _fit(self) -> None:
        try:
            learned = learn_from_records()
        except ValueError as error:
            raise CommandError(str(error)) from error
        report = learned.report
        profile = propose_profile(by=None, config=learned.config, report=report)
        ndcg = report["ndcg"]
        self.stdout.write(f"{profile.pk}: {report['judgements']} judgements on {report['demands']} demands")
        self.stdout.write(
            f"nDCG {ndcg['old']:.4f} -> {ndcg['new']:.4f}, difference {ndcg['low']:+.4f} to {ndcg['high']:+.4f}"
        )
        for component, old, new in report["weights"]:
            self.stdout.write(f"  {component:<16} {old:7.4f} -> {new:7.4f}")
