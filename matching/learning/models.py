"""Configurations of the score as people choose them, and the judgements that new ones are learned from."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from matching.enums import Side
from portal.accounts.models import User


class ScoringProfile(models.Model):
    """One complete configuration of the score. A trigger refuses every change, so a stored id is replayed for ever.

    ``id`` is the configuration's own, which changes with any figure in it; ``parent`` the one it was learned from;
    ``report`` how it was fitted and how it did against the one active then. ``is_shipped``: came with a release.
    """

    id = models.CharField(primary_key=True, max_length=80)
    content = models.JSONField(help_text="What ScoringConfig.to_json gave.")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    is_shipped = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    note = models.TextField(blank=True, max_length=3000)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-made_at", "id"]

    def __str__(self) -> str:
        return self.id

    def get_absolute_url(self) -> str:
        return reverse("matching:profile-detail", args=[self.id])


class ProfileActivation(models.Model):
    """The time during which a profile ranked everything. The one that has not ended is in force."""

    profile = models.ForeignKey(ScoringProfile, models.PROTECT, related_name="activations")
    activated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    activated_at = models.DateTimeField()
    reason = models.TextField(max_length=3000)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-activated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="profile_active_once",
            ),
            models.CheckConstraint(name="activation_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="activation_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("activated_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.activated_at:%Y-%m-%d}"


class Judgement(models.Model):
    """What one decision says about how well a pair fits, with the component values as they stood at that moment.

    The move, the reason, who decided, the points and the place that were shown stand on the decision. ``values`` maps
    each component to its value in [0, 1], or null where it could not be told.
    """

    decision = models.OneToOneField("matching.Decision", models.CASCADE, related_name="judgement")
    side = models.CharField(max_length=10, choices=Side.choices)
    grade = models.PositiveSmallIntegerField(help_text="0 does not fit, to 4 came to a pilot or a contract.")
    values = models.JSONField()
    backend = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    config_version = models.CharField(max_length=80)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="judgement_grade_range", condition=Q(grade__gte=0, grade__lte=4)),
            models.CheckConstraint(name="judgement_side_known", condition=Q(side__in=Side.values)),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.grade}"
