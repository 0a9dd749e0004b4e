"""Prove that no audit event was changed or removed."""

from django.core.management.base import BaseCommand, CommandError

from portal.audit.actions import verify_chain


class Command(BaseCommand):
    help = "Walks the audit chain and names the first event that does not follow from the one before."

    def handle(self, *args: object, **options: object) -> None:
        count, broken = verify_chain()
        if broken is not None:
            raise CommandError(f"the chain is broken at event {broken}, after {count - 1} good ones")
        self.stdout.write(f"{count} events, chain whole")
