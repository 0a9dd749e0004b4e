"""What a person was told, once per event, in the portal and by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """``event`` is the unique key of what happened, so that nobody is told the same thing twice."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    event = models.CharField(max_length=160)
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=300, help_text="Where it leads, without the language prefix.")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "event"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at"]),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"
