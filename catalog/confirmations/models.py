"""Questions to reference cities with their answers, and moderators' verdicts on evidence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.confirmations.enums import CityAnswer, Verdict
from catalog.confirmations.querysets import ConfirmationQuerySet
from catalog.models import Capability, Claim, Reference, Solution
from portal.accounts.models import User
from portal.common.models import TimeStamped, public_id


class CityConfirmation(TimeStamped):
    """A question to somebody at a reference city, by mail, with a link that needs no account.

    The address is kept until there is an answer and not an hour longer; what stays is its domain, and a keyed sum of
    it by which nobody is asked again who asked not to be.
    """

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    reference = models.ForeignKey(Reference, models.CASCADE, related_name="confirmations")
    email = models.EmailField(max_length=254, blank=True)
    address_sum = models.CharField(max_length=64, editable=False)
    domain = models.CharField(max_length=254)
    # Whether the domain is one that only a public body has, or that of a city body ICLEI has verified.
    is_official = models.BooleanField(default=False)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    mailed_at = models.DateTimeField(help_text="When the last mail was owed.")
    mails = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=CityAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True, max_length=2000)
    # What stood on the page that was answered: the facts of the reference, in words and codes.
    facts = models.JSONField(default=dict, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True, help_text="A moderator's word on an unknown address.")
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(answered_at=None, withdrawn_at=None),
                name="city_confirmation_open_once",
            ),
            models.CheckConstraint(
                name="city_confirmation_answer_when",
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="city_confirmation_answer_known", condition=Q(answer__in=["", *CityAnswer.values])
            ),
            models.CheckConstraint(
                name="city_confirmation_ends_once", condition=Q(answered_at=None) | Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                name="city_confirmation_address_deleted",
                condition=Q(email="") | Q(answered_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="city_confirmation_accepted_who_when",
                condition=Q(accepted=None, accepted_by=None, accepted_at=None)
                | Q(accepted__isnull=False, accepted_by__isnull=False, accepted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.domain}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("K")
        super().save(*args, **kwargs)

    @property
    def is_waiting(self) -> bool:
        return self.is_open and self.expires_at > timezone.now()

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None


class EvidenceCheck(models.Model):
    """A moderator's verdict on the document behind one claim, capability or reference, with the reasons in words.

    It holds while ``is_current``: a change of the facts or of the link asks for a new one (catalog.evidence).
    """

    solution = models.ForeignKey(Solution, models.CASCADE, related_name="evidence_checks")
    claim = models.ForeignKey(Claim, models.SET_NULL, null=True, blank=True, related_name="checks")
    capability = models.ForeignKey(Capability, models.SET_NULL, null=True, blank=True, related_name="checks")
    reference = models.ForeignKey(Reference, models.SET_NULL, null=True, blank=True, related_name="checks")
    about = models.CharField(max_length=300, help_text="What was checked, in words: the row may go.")
    evidence_url = models.URLField(max_length=500)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reasons = models.TextField(max_length=2000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="check_verdict_known", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(name="check_has_reasons", condition=~Q(reasons="")),
            models.UniqueConstraint(fields=["claim"], condition=Q(is_current=True), name="check_claim_once"),
            models.UniqueConstraint(fields=["capability"], condition=Q(is_current=True), name="check_capability_once"),
            models.UniqueConstraint(fields=["reference"], condition=Q(is_current=True), name="check_reference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.about} · {self.verdict}"
