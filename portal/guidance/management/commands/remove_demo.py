"""Take the sample data out again."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from portal.common.errors import DomainError
from portal.guidance.models import SampleTable
from portal.guidance.removal import plan_removal
from portal.guidance.sample_actions import remove_sample


class Command(BaseCommand):
    help = "Shows what the sample data hold; with --yes removes all of it. What people added stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="remove, do not only show")
        parser.add_argument(
            "--with-played", action="store_true", help="also what was written with sample accounts since"
        )

    def handle(self, *args: object, **options: bool) -> None:
        if not SampleTable.objects.exists():
            self.stdout.write("There are no sample data here.")
            return
        if not options["yes"]:
            plan = plan_removal(with_played=options["with_played"])
        else:
            try:
                plan = remove_sample(by="command", with_played=options["with_played"])
            except DomainError as refusal:
                raise CommandError(refusal.message) from refusal
        done = "removed" if options["yes"] else "would go"
        self.stdout.write(f"{len(plan.going)} rows {done}, {len(plan.kept)} stay with what was added.")
