"""Experts, how they came here, and what they were asked."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Topic
from cities.models import Demand
from matching.experts.enums import AdviceState, DeclineReason
from matching.experts.querysets import AdviceQuerySet, ExpertQuerySet
from matching.models import Match
from portal.accounts.models import Organisation, User
from portal.common.models import TimeStamped, public_id

MOST_REQUESTS = 3


class Expert(TimeStamped):
    """What stands in the directory, once the person agreed to it, and how much they take on."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    user = models.OneToOneField(User, models.PROTECT, related_name="expert")
    affiliation = models.CharField(_("Where you work, as it is shown"), max_length=160)
    employer = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("Topics"))
    languages = ArrayField(models.CharField(max_length=10), default=list, verbose_name=_("Languages"))
    interests = models.TextField(_("Interests that others should know of"), max_length=2000, blank=True)
    most_requests = models.PositiveSmallIntegerField(_("Most requests at a time"), default=MOST_REQUESTS)
    paused_until = models.DateField(_("No requests until"), null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="expert_limit_range", condition=Q(most_requests__range=(1, 20)))]

    def __str__(self) -> str:
        return self.user.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("X")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("matching:expert-detail", args=[self.public_id])

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None and self.paused_until >= timezone.localdate()


class ExpertInvitation(TimeStamped):
    """Mailed to an address by a moderator. The link carries a signature; no secret is stored."""

    email = models.EmailField(_("E-mail address"), max_length=254)
    name = models.CharField(_("Name"), max_length=120)
    affiliation = models.CharField(_("Where the person works"), max_length=160)
    language = models.CharField(_("Language of the mail"), max_length=10, choices=settings.LANGUAGES, default="en")
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=Q(accepted_at__isnull=True), name="expert_invitation_open_once"
            ),
            models.CheckConstraint(
                name="expert_invitation_accepted_who_when",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()


class Advice(TimeStamped):
    """A question to an expert on one demand or match, and the answer. ``asked_for`` is the city; empty for ICLEI."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="requests")
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, blank=True, related_name="advice")
    match = models.ForeignKey(Match, models.PROTECT, null=True, blank=True, related_name="advice")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    question = models.TextField(_("Your question"), max_length=3000)
    language = models.CharField(_("Language of your question"), max_length=10, choices=settings.LANGUAGES)
    due_on = models.DateField(_("Answer wanted by"))
    state = models.CharField(max_length=12, choices=AdviceState.choices, default=AdviceState.ASKED)
    state_since = models.DateTimeField(default=timezone.now)
    decline_reason = models.CharField(max_length=16, choices=DeclineReason.choices, blank=True)
    interests = models.TextField(_("Your interests in this matter"), max_length=2000, blank=True)
    has_interests = models.BooleanField(null=True)
    answer = models.TextField(_("Your advice"), max_length=6000, blank=True)
    answer_language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = AdviceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "advice"
        constraints = [
            models.CheckConstraint(
                name="advice_about_one",
                condition=Q(demand__isnull=True, match__isnull=False) | Q(demand__isnull=False, match__isnull=True),
            ),
            models.CheckConstraint(name="advice_state_known", condition=Q(state__in=AdviceState.values)),
            models.CheckConstraint(
                name="advice_answered_what_when",
                condition=Q(answer="", answered_at__isnull=True, has_interests__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, has_interests__isnull=False)),
            ),
            models.CheckConstraint(name="advice_interests_named", condition=~Q(has_interests=True) | ~Q(interests="")),
            models.UniqueConstraint(
                fields=["expert", "demand"],
                condition=Q(state__in=["asked", "accepted"]),
                name="advice_on_demand_open_once",
            ),
            models.UniqueConstraint(
                fields=["expert", "match"],
                condition=Q(state__in=["asked", "accepted"]),
                name="advice_on_match_open_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return str(self.demand or self.match)

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("A")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("matching:advice-detail", args=[self.public_id])
