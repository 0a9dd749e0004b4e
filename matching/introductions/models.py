"""What city and provider do with each other beside writing: the pack, questions, documents, meetings, follow-ups."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Solution
from cities.models import Demand
from matching.introductions.enums import Act, Held, MeetingState, QuestionState, Reached, Received, Shown, Stage
from matching.introductions.querysets import (
    DocumentQuerySet,
    FollowUpQuerySet,
    MeetingQuerySet,
    PackQuerySet,
    QuestionQuerySet,
)
from matching.models import Introduction, Match, Message
from portal.accounts.models import Organisation, User
from portal.common.models import TimeStamped, public_id


def _who_when(who: str, when: str) -> Q:
    return Q(**{f"{who}__isnull": True, f"{when}__isnull": True}) | Q(
        **{f"{who}__isnull": False, f"{when}__isnull": False}
    )


class Pack(TimeStamped):
    """What everybody invited to a demand is told alike; the row keeps until when questions may be asked."""

    demand = models.OneToOneField(Demand, models.CASCADE, related_name="pack")
    questions_until = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=60, default="UTC", help_text="In which the city named the date.")
    facts_version = models.PositiveIntegerField(default=0, help_text="Of the demand, as last given to all.")

    objects = PackQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.demand)

    def get_absolute_url(self) -> str:
        return reverse("introductions:pack-detail", args=[self.demand.public_id])


def document_path(document: Any, name: str) -> str:
    """Nothing of the name, and nothing that can be guessed: what a file is called stands in the row."""
    return f"documents/{secrets.token_hex(20)}"


class Document(TimeStamped):
    """A file in a demand's pack, for everybody invited, or in an introduction, for its two sides."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, blank=True, related_name="pack_documents")
    introduction = models.ForeignKey(Introduction, models.PROTECT, null=True, blank=True, related_name="documents")
    file = models.FileField(upload_to=document_path, max_length=120)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=120, help_text="Media type.")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("What it is"), max_length=240, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    held_for = models.CharField(max_length=12, choices=Held.choices, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="document_one_place",
                condition=Q(demand__isnull=True, introduction__isnull=False)
                | Q(demand__isnull=False, introduction__isnull=True),
            ),
            models.CheckConstraint(name="document_removed_who_when", condition=_who_when("removed_by", "removed_at")),
            models.CheckConstraint(
                name="document_released_who_when", condition=_who_when("released_by", "released_at")
            ),
            models.CheckConstraint(
                name="document_held_known", condition=Q(held_for="") | Q(held_for__in=Held.values, demand__isnull=False)
            ),
            models.CheckConstraint(
                name="document_released_was_held", condition=~Q(held_for="") | Q(released_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("F")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("introductions:document-download", args=[self.public_id])

    @property
    def is_held(self) -> bool:
        """A moderator looks at it before anybody invited gets it."""
        return bool(self.held_for) and self.released_at is None and self.removed_at is None


class Question(TimeStamped):
    """``body`` is what was typed; ``text`` what others read, after a moderator took out what gives the asker away."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="questions")
    match = models.ForeignKey(Match, models.PROTECT, related_name="questions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=QuestionState.choices, default=QuestionState.ASKED)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    body = models.TextField(max_length=3000)
    text = models.TextField(max_length=3000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(max_length=6000, blank=True)
    answer_language = models.CharField(max_length=10, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    note = models.TextField(blank=True, max_length=3000, help_text="A moderator's words to whoever has to act.")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(name="question_state_known", condition=Q(state__in=QuestionState.values)),
            models.CheckConstraint(
                name="question_answered_who_what_when",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="question_released_who_when", condition=_who_when("released_by", "released_at")
            ),
            models.CheckConstraint(
                name="question_released_has_answer",
                condition=~Q(state="released") | (~Q(answer="") & Q(released_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["state", "answered_at"])]

    def __str__(self) -> str:
        return self.text[:60]

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("Q")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("introductions:question-detail", args=[self.public_id])


class Showing(models.Model):
    """The equal-information log: what of a pack was given to whom, and when it was first opened. Never changed."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="showings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    act = models.CharField(max_length=8, choices=Act.choices)
    what = models.CharField(max_length=10, choices=Shown.choices)
    subject = models.CharField(max_length=40, help_text="facts:<version>, document:<id> or answer:<id>")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was shown.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["demand", "organisation", "act", "subject"], name="showing_once"),
            models.CheckConstraint(name="showing_act_known", condition=Q(act__in=Act.values)),
            models.CheckConstraint(name="showing_what_known", condition=Q(what__in=Shown.values)),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject} → {self.organisation_id}"


class Interest(models.Model):
    """A provider asked to be considered for a demand. It is counted, and goes the way of every other match."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="interests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="interests")
    solution = models.ForeignKey(Solution, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.TextField(max_length=1500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["match"], name="interest_once")]
        indexes = [models.Index(fields=["organisation", "-at"])]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.match}"


class Meeting(TimeStamped):
    """Up to five times that one side proposes and the other picks one of. ``sequence`` is iCalendar's."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    introduction = models.ForeignKey(Introduction, models.PROTECT, related_name="meetings")
    state = models.CharField(max_length=12, choices=MeetingState.choices, default=MeetingState.PROPOSED)
    subject = models.CharField(_("What about"), max_length=160)
    place = models.CharField(_("Where"), max_length=300)
    zone = models.CharField(max_length=60, help_text="In which the times were proposed.")
    minutes = models.PositiveSmallIntegerField(_("Minutes"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    chosen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sequence = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True, help_text="Why it was moved or cancelled.")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="meeting_state_known", condition=Q(state__in=MeetingState.values)),
            models.CheckConstraint(name="meeting_length", condition=Q(minutes__gte=10, minutes__lte=480)),
            models.CheckConstraint(
                name="meeting_agreed_when", condition=~Q(state="agreed") | Q(starts_at__isnull=False)
            ),
            models.CheckConstraint(name="meeting_chosen_who_when", condition=_who_when("chosen_by", "starts_at")),
        ]

    def __str__(self) -> str:
        return self.subject

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("T")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("introductions:meeting-detail", args=[self.public_id])


class MeetingTime(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["meeting", "starts_at"], name="meeting_time_once")]

    def __str__(self) -> str:
        return self.starts_at.isoformat()


class InboundMail(models.Model):
    """A mail that came in, remembered by its Message-ID so that it counts once. Its text is kept only as a message."""

    message_id = models.CharField(max_length=250, unique=True)
    outcome = models.CharField(max_length=12, choices=Received.choices)
    introduction = models.ForeignKey(Introduction, models.PROTECT, null=True, blank=True, related_name="+")
    posted = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+")
    sender_digest = models.CharField(max_length=64, help_text="SHA-256 of the sender's address.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["sender_digest", "-at"])]
        constraints = [
            models.CheckConstraint(name="inbound_outcome_known", condition=Q(outcome__in=Received.values)),
            models.CheckConstraint(
                name="inbound_posted_is_a_message", condition=~Q(outcome="posted") | Q(posted__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.outcome}"


class Tender(TimeStamped):
    """The tender that came of an introduction, by its number in the Open Contracting data."""

    introduction = models.OneToOneField(Introduction, models.CASCADE, related_name="tender")
    ocid = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.ocid


class FollowUp(TimeStamped):
    """Both sides are asked how it went, so many months after they were introduced."""

    introduction = models.ForeignKey(Introduction, models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    is_conflict = models.BooleanField(default=False)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_note = models.TextField(blank=True, max_length=3000)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["introduction", "months"], name="follow_up_once"),
            models.CheckConstraint(name="follow_up_months", condition=Q(months__in=[3, 6, 12, 24])),
            models.CheckConstraint(name="follow_up_settled_who_when", condition=_who_when("settled_by", "settled_at")),
            models.CheckConstraint(name="follow_up_reminded_after_asked", condition=Q(reminded_at__gte=F("asked_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.introduction} +{self.months}"

    def get_absolute_url(self) -> str:
        return reverse("introductions:follow-up-detail", args=[self.pk])


class FollowUpAnswer(TimeStamped):
    """What one side says. Given through a link, so it names the person to whom the link was mailed."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="answers")
    side = models.CharField(max_length=10, choices=[("city", "city"), ("provider", "provider")])
    stage = models.CharField(_("Where does it stand?"), max_length=12, choices=Stage.choices)
    reached = models.CharField(_("Did it reach what you wanted?"), max_length=12, choices=Reached.choices)
    words = models.TextField(_("What should others know?"), max_length=2000, blank=True)
    language = models.CharField(max_length=10)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["side"]
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "side"], name="follow_up_answer_once_a_side"),
            models.CheckConstraint(name="follow_up_side_known", condition=Q(side__in=["city", "provider"])),
            models.CheckConstraint(name="follow_up_stage_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(name="follow_up_reached_known", condition=Q(reached__in=Reached.values)),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.stage}"
