"""What moderators note about the items of their queue. An item is named by its kind and its public reference."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.workbench.enums import ConfirmationState, Rule, Scope, Tie
from portal.accounts.models import User
from portal.common.models import TimeStamped, public_id


class OfItem(models.Model):
    kind = models.CharField(max_length=16)
    item = models.CharField(max_length=12, help_text="The record's public reference.")

    class Meta:
        abstract = True

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.item


class Taken(OfItem):
    """Somebody is at an item. Soft: it tells colleagues, runs out by itself, and can be taken over."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "item"], name="taken_by_one"),
            models.CheckConstraint(name="taken_ends_later", condition=Q(until__gt=F("since"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item}: {self.by}"

    @property
    def is_current(self) -> bool:
        return self.until > timezone.now()


class Snooze(OfItem):
    """An item that nobody need look at before a day, and why. The day itself brings it back."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateField(_("Back in the queue on"))
    reason = models.TextField(_("Why it can wait"), max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "item"], name="snoozed_once"),
            models.CheckConstraint(name="snooze_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item}: {self.until}"


class SavedView(TimeStamped):
    """Filters of the queue under a name of the moderator's own."""

    user = models.ForeignKey(User, models.CASCADE, related_name="queue_views")
    name = models.CharField(_("Name of this view"), max_length=60)
    query = models.CharField(max_length=500, blank=True, help_text="The query string without a question mark.")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class Routing(TimeStamped):
    """The languages a moderator reads and the regions they look after, for what comes first in their queue."""

    user = models.OneToOneField(User, models.CASCADE, related_name="routing")
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    regions = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    scope = models.CharField(max_length=12, choices=Scope.choices, default=Scope.MINE_FIRST)

    class Meta:
        constraints = [models.CheckConstraint(name="routing_scope_known", condition=Q(scope__in=Scope.values))]

    def __str__(self) -> str:
        return f"{self.user}: {self.languages} {self.regions}"


class Recusal(OfItem):
    """Somebody kept out of an item, by the portal or by their own word. Never taken back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recusals")
    tie = models.CharField(max_length=12, choices=Tie.choices)
    note = models.TextField(_("What ties you to it?"), max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "item"], name="recused_once"),
            models.CheckConstraint(name="recusal_tie_known", condition=Q(tie__in=Tie.values)),
            models.CheckConstraint(name="recusal_own_word_given", condition=~Q(tie="own_word", note="")),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.item}"


class Override(OfItem):
    """A decision against the engine, with the reason in words, for the neutrality officer to look at."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=24)
    what = models.CharField(max_length=24, help_text="near_miss, weak, strong or by_hand")
    points = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(max_length=3000)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(name="override_has_reason", condition=~Q(note=""))]

    def __str__(self) -> str:
        return f"{self.item} {self.decision}: {self.what}"


class Decided(OfItem):
    """A decision that can be taken back until ``until``: who, what, and the jobs, held back so long."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    decision = models.CharField(max_length=24)
    batch = models.CharField(max_length=32, blank=True, help_text="The same for decisions taken together.")
    held = ArrayField(models.BigIntegerField(), default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decided_undone_in_time", condition=Q(undone_at__isnull=True) | Q(undone_at__lte=F("until"))
            )
        ]
        indexes = [models.Index(fields=["by", "-until"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.item} {self.decision}"


class Confirmation(OfItem, TimeStamped):
    """A decision asked for by one moderator that another has to confirm. ``values`` as they were sent."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    decision = models.CharField(max_length=24)
    values = models.JSONField(default=dict)
    rules = ArrayField(models.CharField(max_length=16, choices=Rule.choices))
    state = models.CharField(max_length=12, choices=ConfirmationState.choices, default=ConfirmationState.OPEN)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(_("Words to your colleague"), max_length=3000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "item"], condition=Q(state="open"), name="confirmation_open_once"),
            models.CheckConstraint(name="confirmation_state_known", condition=Q(state__in=ConfirmationState.values)),
            models.CheckConstraint(
                name="confirmation_answered_who_when",
                condition=Q(answered_by__isnull=True, answered_at__isnull=True)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            # Whoever asks never confirms: that is what the second person is for.
            models.CheckConstraint(
                name="confirmation_by_another",
                condition=~Q(state__in=["confirmed", "refused"])
                | (Q(answered_by__isnull=False) & ~Q(answered_by=F("asked_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item} {self.decision}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("Y")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("matching:confirmation-review", args=[self.public_id])


class ReasonTemplate(TimeStamped):
    """Words for a decision, in as many languages as somebody wrote them. A ``code`` replaces the portal's own text."""

    kind = models.CharField(max_length=16)
    decision = models.CharField(max_length=24)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("Name of the template"), max_length=80)
    texts = models.JSONField(default=dict, help_text="Language → text.")
    is_retired = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "decision", "name"]

    def __str__(self) -> str:
        return self.name
