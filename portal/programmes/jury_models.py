"""Who judges, what they may not judge, and what they gave."""

from functools import cached_property

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from portal.accounts.models import Organisation, User


class Juror(models.Model):
    """A person asked to judge a call. Before ``declared_at`` nothing of any application is shown to them."""

    call = models.ForeignKey("programmes.Call", models.CASCADE, related_name="jurors")
    user = models.ForeignKey(User, models.PROTECT, related_name="juries")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    is_active = models.BooleanField(default=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    statement = models.TextField(blank=True, max_length=2000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="juror_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.call_id}"

    # Read once a request, like a person's roles.
    @cached_property
    def conflicted(self) -> frozenset[int]:
        return frozenset(self.conflicts.values_list("organisation_id", flat=True))


class JurorConflict(models.Model):
    """An applicant that a juror is tied to, by their own word or as the portal knows."""

    juror = models.ForeignKey(Juror, models.CASCADE, related_name="conflicts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    is_declared = models.BooleanField(default=True, help_text="By the juror; otherwise found by the portal.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["juror", "organisation"], name="juror_conflict_once")]

    def __str__(self) -> str:
        return f"{self.juror_id}: {self.organisation_id}"


class Score(models.Model):
    juror = models.ForeignKey(Juror, models.PROTECT, related_name="scores")
    application = models.ForeignKey("programmes.Application", models.PROTECT, related_name="scores")
    criterion = models.ForeignKey("programmes.CallCriterion", models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(validators=[MaxValueValidator(5)])
    comment = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["juror", "application", "criterion"], name="score_once"),
            models.CheckConstraint(name="score_points_range", condition=Q(points__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.points}"
