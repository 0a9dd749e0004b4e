"""Applications: an organisation's answer to a call."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.models import Solution
from cities.models import Demand
from portal.accounts.models import Organisation, User
from portal.common.models import TimeStamped, public_id
from portal.programmes.enums import ApplicationState, Verdict
from portal.programmes.querysets import ApplicationQuerySet


class Application(TimeStamped):
    """An organisation's answer to a call, with one of its demands or solutions.

    ``number`` is all that jurors see of who it is. ``answers``: key of the question → text. ``verdict`` is a proposal
    that nobody outside learns before the results; ``reason`` and ``note`` go to the applicant with the state.
    """

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    call = models.ForeignKey("programmes.Call", models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="applications")
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, blank=True, related_name="applications")
    solution = models.ForeignKey(Solution, models.PROTECT, null=True, blank=True, related_name="applications")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    language = models.CharField(max_length=10)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True, max_length=3000)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    verdict_reason = models.CharField(max_length=20, blank=True)
    verdict_note = models.TextField(blank=True, max_length=3000)
    score = models.FloatField(null=True, help_text="0 to 5, as published with the results.")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="application_state_known", condition=Q(state__in=ApplicationState.values)),
            models.CheckConstraint(
                name="application_one_record",
                condition=Q(demand__isnull=False, solution__isnull=True)
                | Q(demand__isnull=True, solution__isnull=False),
            ),
            models.UniqueConstraint(fields=["call", "number"], name="application_number_once"),
            models.UniqueConstraint(
                fields=["call", "demand"], condition=Q(demand__isnull=False), name="application_demand_once"
            ),
            models.UniqueConstraint(
                fields=["call", "solution"], condition=Q(solution__isnull=False), name="application_solution_once"
            ),
            models.CheckConstraint(
                name="application_submitted_who_when",
                condition=Q(submitted_by__isnull=True, submitted_at__isnull=True)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_handed_in_when",
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(name="application_score_range", condition=Q(score__gte=0, score__lte=5)),
        ]
        indexes = [models.Index(fields=["organisation", "state"])]

    def __str__(self) -> str:
        return self.public_id

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("A")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("programmes:application-detail", args=[self.public_id])

    @property
    def record(self) -> Any:
        """The demand or solution it is about."""
        return self.demand if self.demand_id else self.solution
