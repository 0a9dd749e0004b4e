"""Objections to decisions, and reports of public records. A record is named by its kind and its public reference."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.complaints.enums import About, ComplaintState, Finding, FlagReason, FlagState
from matching.complaints.querysets import ComplaintQuerySet, FlagQuerySet
from portal.accounts.models import Organisation, User
from portal.common.models import TimeStamped, public_id


class Complaint(TimeStamped):
    """``contested`` is the step objected to and ``contested_by`` who took it: that person never examines it."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    about = models.CharField(max_length=16, choices=About.choices)
    item = models.CharField(max_length=12, db_index=True)
    contested = models.CharField(max_length=32, blank=True)
    contested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    complainant = models.ForeignKey(User, models.PROTECT, related_name="complaints")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    words = models.TextField(_("What is wrong with the decision?"), max_length=4000)
    wish = models.TextField(_("What should ICLEI do?"), max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=ComplaintState.choices, default=ComplaintState.FILED)
    filed_at = models.DateTimeField()
    due_on = models.DateField()
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    finding = models.CharField(max_length=12, choices=Finding.choices, blank=True)
    answer = models.TextField(_("Answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    appeal = models.TextField(_("Why do you appeal?"), max_length=4000, blank=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_finding = models.CharField(max_length=12, choices=Finding.choices, blank=True)
    appeal_answer = models.TextField(max_length=4000, blank=True)
    appeal_answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    appeal_answered_at = models.DateTimeField(null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "item", "organisation"],
                condition=Q(state__in=["filed", "in_hand", "answered", "appealed"]),
                name="complaint_open_once",
            ),
            models.CheckConstraint(name="complaint_state_known", condition=Q(state__in=ComplaintState.values)),
            models.CheckConstraint(name="complaint_about_known", condition=Q(about__in=About.values)),
            models.CheckConstraint(name="complaint_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="complaint_answered_who_what_when",
                condition=Q(finding="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(finding="") & ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="complaint_appealed_when",
                condition=Q(appeal="", appealed_at__isnull=True) | (~Q(appeal="") & Q(appealed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="complaint_appeal_answered_who_what_when",
                condition=Q(appeal_finding="", appeal_answered_by__isnull=True, appeal_answered_at__isnull=True)
                | (
                    ~Q(appeal_finding="")
                    & ~Q(appeal_answer="")
                    & Q(appeal_answered_by__isnull=False, appeal_answered_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="complaint_owner_not_involved",
                condition=Q(contested_by__isnull=True) | Q(owner__isnull=True) | ~Q(owner=F("contested_by")),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.get_about_display()} · {self.public_id}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("B")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("matching:complaint-detail", args=[self.public_id])


class Flag(TimeStamped):
    """Somebody signed in says that a public record is wrong. Moderators look, and answer in words."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    about = models.CharField(max_length=16, choices=About.choices)
    item = models.CharField(max_length=12, db_index=True)
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=16, choices=FlagReason.choices)
    words = models.TextField(_("What is wrong?"), max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=FlagState.choices, default=FlagState.OPEN)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    answer = models.TextField(_("Answer"), max_length=2000, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "item", "by"], condition=Q(state="open"), name="flag_open_once"),
            models.CheckConstraint(name="flag_state_known", condition=Q(state__in=FlagState.values)),
            models.CheckConstraint(
                name="flag_settled_who_when",
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="flag_settled_by_somebody", condition=Q(state="open") | Q(settled_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.item}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("F")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("matching:flag-review", args=[self.public_id])
