"""Work owed, one row a unit. PostgreSQL is the truth; a Celery message only says that there is something to look at."""

from django.db import models
from django.db.models import Q


class JobState(models.TextChoices):
    QUEUED = "queued", "queued"
    RUN = "run", "run"
    DONE = "done", "done"
    DEAD = "dead", "dead"


class Job(models.Model):
    """``token`` fences a claim: results commit only while the row still carries the claimer's token."""

    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    dedupe = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)
    next_at = models.DateTimeField()
    hinted_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A job that waits absorbs further requests for the same work; a running one does not, because the
            # change that asks may have come after it read its input.
            models.UniqueConstraint(fields=["dedupe"], condition=Q(state="queued"), name="job_waiting_once"),
            models.CheckConstraint(
                name="job_run_has_lease",
                condition=~Q(state="run") | Q(lease_until__isnull=False, token__isnull=False),
            ),
            models.CheckConstraint(name="job_done_when", condition=~Q(state="done") | Q(done_at__isnull=False)),
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=JobState.values)),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="queued"), name="job_queued_due"),
            models.Index(fields=["lease_until"], condition=Q(state="run"), name="job_running_lease"),
            models.Index(fields=["kind", "subject"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"
