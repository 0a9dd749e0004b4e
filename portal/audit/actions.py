"""Record an event, and prove that none was changed."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from portal.audit.models import AuditEvent

# One advisory lock for the chain. It is taken before the sequence is read: taken after, two writers would
# chain to the same predecessor. Any fixed number serves, as long as nothing else uses it.
CHAIN_LOCK = 0x55524C41


def subject_of(obj: models.Model) -> str:
    return f"{obj._meta.model_name}:{obj.pk}"


def actor_of(by: Any) -> str:
    return f"user:{by.pk}" if getattr(by, "pk", None) else str(by or "system")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def record(*, by: Any, action: str, subject: models.Model | str, before: dict[str, Any] | None = None,
           after: dict[str, Any] | None = None, note: str = "") -> AuditEvent:
    """Append an event in the caller's transaction. ``before`` and ``after`` hold only what changed."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit event belongs to the transaction of the change it records")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditEvent.objects.order_by("-sequence").values_list("sequence", "hash").first() or (0, "")
    event = AuditEvent(
        sequence=last[0] + 1, at=timezone.now().astimezone(UTC), actor=actor_of(by), action=action,
        subject=subject if isinstance(subject, str) else subject_of(subject),
        before=_plain(before or {}), after=_plain(after or {}), note=note, previous_hash=last[1],
    )
    event.hash = event.digest()
    event.save(force_insert=True)
    return event


def verify_chain() -> tuple[int, int | None]:
    """Walk the chain. Returns (events read, sequence of the first broken event or None)."""
    count, previous, expected = 0, "", 1
    with transaction.atomic():
        for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
            count += 1
            event.at = event.at.astimezone(UTC) if isinstance(event.at, datetime) else event.at
            if event.sequence != expected or event.previous_hash != previous or event.hash != event.digest():
                return count, event.sequence
            previous, expected = event.hash, expected + 1
    return count, None
