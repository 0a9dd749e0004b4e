"""Record an event, and prove that none was changed."""

from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.utils import timezone

from portal.audit.models import AuditEvent


class Verified(NamedTuple):
    """How many events were read, and the place of the first that does not follow from the one before, if any."""

    events: int
    broken: int | None


def subject_of(obj: models.Model) -> str:
    return f"{obj._meta.model_name}:{obj.pk}"


def actor_of(by: Any) -> str:
    return f"user:{by.pk}" if getattr(by, "pk", None) else str(by or "system")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(v) for v in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def record(
    *,
    by: Any,
    action: str,
    subject: models.Model | str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> AuditEvent:
    """Append an event in the caller's transaction. ``before`` and ``after`` hold only what changed.

    The event gets its place in the chain when the transaction commits. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit event belongs to the transaction of the change it records")
    event = AuditEvent(
        at=timezone.now(),
        actor=actor_of(by),
        action=action,
        subject=subject if isinstance(subject, str) else subject_of(subject),
        before=_plain(before or {}),
        after=_plain(after or {}),
        note=note,
    )
    event.content_hash = event.content_digest()
    event.save(force_insert=True)
    return event


@transaction.atomic
def verify_chain() -> Verified:
    """Walk the chain in one snapshot. An event that was never chained counts as broken, too."""
    with connection.cursor() as cursor:
        # Our own transaction's events, where there are any, take their places now.
        cursor.execute("SET CONSTRAINTS audit_chain IMMEDIATE")
        cursor.execute("SET CONSTRAINTS audit_chain DEFERRED")
    previous, place = "", 0
    for event in AuditEvent.objects.order_by("sequence", "pk").iterator(chunk_size=2000):
        place += 1
        if (
            event.sequence != place
            or event.previous_hash != previous
            or event.content_hash != event.content_digest()
            or event.hash != event.link_digest()
        ):
            return Verified(place, place)
        previous = event.hash
    return Verified(place, None)
