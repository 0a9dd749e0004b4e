"""What a person was told, once per event, in the portal and by mail; and how they want to be told."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.notices.enums import DIGESTS, Cadence
from portal.notices.querysets import NoticeQuerySet


class Digest(models.Model):
    """One mail that holds many notices. ``day`` is the recipient's own: one a day (or week), whatever the clocks do."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    cadence = models.CharField(max_length=8, choices=Cadence.choices)
    day = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "cadence", "day"], name="digest_once"),
            models.CheckConstraint(name="digest_cadence_known", condition=Q(cadence__in=DIGESTS)),
        ]

    def __str__(self) -> str:
        return f"{self.cadence} {self.day} → {self.recipient_id}"


class Notice(models.Model):
    """``event`` is the unique key of what happened, so that nobody is told the same thing twice.

    ``cadence`` is how it is mailed, as the recipient had chosen when it was written. ``held_until``: before this
    moment nobody is shown or mailed it, and it can still be taken back.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    event = models.CharField(max_length=160)
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=300, help_text="Where it leads, without the language prefix.")
    cadence = models.CharField(max_length=8, choices=Cadence.choices, default=Cadence.NOW)
    created_at = models.DateTimeField(auto_now_add=True)
    held_until = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(Digest, models.SET_NULL, null=True, blank=True, related_name="notices")

    objects: Any = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "event"], name="notice_once"),
            models.CheckConstraint(name="notice_cadence_known", condition=Q(cadence__in=Cadence.values)),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"]),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["event"], name="notice_event"),
            models.Index(
                fields=["recipient", "cadence"],
                condition=Q(cadence__in=DIGESTS, digest__isnull=True, mailed_at__isnull=True, read_at__isnull=True),
                name="notice_for_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"


class WithdrawnEvent(models.Model):
    """An event that was undone before anybody was told. Whoever comes later to tell of it keeps quiet."""

    event = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.event


class MailChoice(models.Model):
    """How often a person wants mails of one group; without a row, as the group has it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choices")
    group = models.CharField(max_length=20, help_text="A key of portal.notices.kinds.GROUPS.")
    cadence = models.CharField(max_length=8, choices=Cadence.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="mail_choice_once"),
            models.CheckConstraint(name="mail_choice_cadence_known", condition=Q(cadence__in=Cadence.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.group} {self.cadence}"


class QuietHours(models.Model):
    """From when to when, on the person's own clock, no mail comes but service mails."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="quiet_hours")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        verbose_name_plural = "quiet hours"
        constraints = [models.CheckConstraint(name="quiet_hours_differ", condition=~Q(starts=F("ends")))]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"
