"""What is owed, what is dead and why; and a second chance for the dead once their cause is mended."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Min
from django.utils import timezone

from portal.common.errors import DomainError
from portal.jobs.actions import retry_job
from portal.jobs.models import Job, JobState
from portal.jobs.registry import HANDLERS


class Command(BaseCommand):
    help = "Counts jobs by queue and state, lists the dead ones with their last error, and retries them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dead", action="store_true", help="list dead jobs with their last error")
        parser.add_argument("--retry", nargs="+", metavar="ID", default=[], help="retry dead jobs by number, or: all")
        parser.add_argument("--limit", type=int, default=50, help="how many to list (50)")

    def handle(self, *args: Any, dead: bool, retry: list[str], limit: int, **options: Any) -> None:
        if retry:
            self._retry(retry)
        elif dead:
            self._list_dead(limit)
        else:
            self._count()

    def _count(self) -> None:
        rows = Job.objects.values("kind", "state").annotate(n=Count("pk"), oldest=Min("created_at"))
        self.stdout.write(f"{'queue':<9} {'kind':<32} {'state':<7} {'jobs':>7}  oldest")
        for row in sorted(rows, key=lambda row: (row["kind"], row["state"])):
            handler = HANDLERS.get(row["kind"])
            age = f"{(timezone.now() - row['oldest']).total_seconds():.0f} s"
            queue = handler.queue if handler else "(none)"
            self.stdout.write(f"{queue:<9} {row['kind']:<32} {row['state']:<7} {row['n']:>7}  {age}")

    def _list_dead(self, limit: int) -> None:
        dead = Job.objects.filter(state=JobState.DEAD)
        self.stdout.write(f"{dead.count()} dead")
        for job in dead.order_by("-pk")[:limit]:
            self.stdout.write(f"{job.pk:>8}  {job.kind}  {job.subject}  {job.last_error[:200]}")

    def _retry(self, numbers: list[str]) -> None:
        chosen = Job.objects.filter(state=JobState.DEAD)
        if numbers != ["all"]:
            if not all(number.isdecimal() for number in numbers):
                raise CommandError("--retry takes job numbers, or the one word: all")
            chosen = Job.objects.filter(pk__in=numbers)
            if missing := {int(number) for number in numbers} - set(chosen.values_list("pk", flat=True)):
                raise CommandError(f"no such job: {', '.join(map(str, sorted(missing)))}")
        for job in chosen.order_by("pk"):
            try:
                self.stdout.write(f"{job.pk}: {retry_job(by='command', job=job).state}")
            except DomainError as error:
                raise CommandError(f"{job.pk}: {error}") from error
