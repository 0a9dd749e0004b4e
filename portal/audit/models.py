"""The trace of every write, chained by hashes so that a changed or missing event shows."""

import hashlib
import json

from django.db import models


class AuditEvent(models.Model):
    """One event. No foreign keys: the trace must outlive what it speaks of. ``sequence`` is taken under the chain's lock."""

    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64, help_text="user:<pk>, system, or import")
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["subject", "sequence"]), models.Index(fields=["actor", "sequence"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"

    def digest(self) -> str:
        """SHA-256 over the event's content and its predecessor's hash, in a canonical JSON form."""
        body = [
            self.sequence, self.at.isoformat(), self.actor, self.action, self.subject,
            self.before, self.after, self.note, self.previous_hash,
        ]
        return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
