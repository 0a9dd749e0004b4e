"""Those who take part: their milestones, and how it goes on with them afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User
from portal.common.models import TimeStamped
from portal.programmes.enums import CohortMemberState, StillUsed
from portal.programmes.texts import InProgramme


class CohortMember(TimeStamped):
    """An accepted application on its way through the programme."""

    application = models.OneToOneField("programmes.Application", models.PROTECT, related_name="membership")
    state = models.CharField(max_length=12, choices=CohortMemberState.choices, default=CohortMemberState.ACTIVE)
    reason = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="cohort_state_known", condition=Q(state__in=CohortMemberState.values)),
            models.CheckConstraint(
                name="cohort_completed_when",
                condition=~Q(state="completed") | Q(completed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.state}"


class Milestone(InProgramme):
    """A step that everybody in the programme takes."""

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="milestones")
    title = models.CharField(_("Milestone"), max_length=200)
    due_on = models.DateField(pgettext_lazy("milestone", "By"), null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class MilestoneReached(models.Model):
    member = models.ForeignKey(CohortMember, models.CASCADE, related_name="reached")
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="reached")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "milestones reached"
        constraints = [models.UniqueConstraint(fields=["member", "milestone"], name="milestone_reached_once")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.milestone_id}"


class CohortFollowUp(models.Model):
    """How it goes on, some months after somebody completed a programme. ``used`` is empty until it is answered."""

    member = models.ForeignKey(CohortMember, models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    used = models.CharField(max_length=8, choices=StillUsed.choices, blank=True)
    words = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["months", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "months"], name="cohort_follow_up_once"),
            models.CheckConstraint(name="cohort_follow_up_months", condition=Q(months__in=[6, 12])),
            models.CheckConstraint(
                name="cohort_follow_up_answered_who_what_when",
                condition=Q(used="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(used__in=StillUsed.values, answered_by__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.months}"
