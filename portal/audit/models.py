"""The trace of every write, chained by hashes so that a changed or missing event shows."""

import hashlib
import json
from datetime import UTC

from django.db import models


class AuditEvent(models.Model):
    """One event. No foreign keys: the trace must outlive what it speaks of.

    ``sequence``, ``previous_hash`` and ``hash`` are NULL or empty until the transaction commits; then a deferred
    trigger links the event to the last one committed before it (migration 0002). The table takes no other update.
    """

    sequence = models.BigIntegerField(unique=True, null=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64, help_text="user:<pk>, system, or import")
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True, null=True)

    class Meta:
        # PostgreSQL sorts NULL last: events of a transaction under way come after all committed ones.
        ordering = ["sequence", "pk"]
        indexes = [models.Index(fields=["subject", "sequence"]), models.Index(fields=["actor", "sequence"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"

    def content_digest(self) -> str:
        """SHA-256 over what happened, in a canonical JSON form."""
        at = self.at.astimezone(UTC).isoformat()
        body = [at, self.actor, self.action, self.subject, self.before, self.after, self.note]
        return _sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")))

    def link_digest(self) -> str:
        """SHA-256 over the event's place and its predecessor: the same sum that the trigger makes."""
        return _sha256(f"{self.sequence}:{self.previous_hash}:{self.content_hash}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
