"""The record behind any item of the queue, whom it concerns, and whether somebody may have it in their queue."""

from typing import Any

from matching.complaints import parties
from matching.queue import records_of
from matching.waiting import CONCERNED, LOOKUPS, RECORDS, Kind
from matching.workbench.rules import is_kept_out
from portal.accounts.models import User


def record_of(kind: str, item: str) -> Any:
    """With what its title and its parties need; None where there is none."""
    if kind in parties.WHERE:
        return parties.record_of(kind, item)
    if kind not in RECORDS or (LOOKUPS[kind] == "pk" and not item.isdigit()):
        return None
    return records_of(kind).filter(**{LOOKUPS[kind]: item}).first()


def parties_of_record(kind: str, record: Any) -> frozenset[int]:
    """The organisations to which nobody tied may decide on it."""
    return CONCERNED[kind](record) if kind in CONCERNED else parties.parties_of_record(kind, record)


def is_for(user: User, kind: str, item: str, record: Any) -> bool:
    """Whether the portal lets this person have the item: not tied to it, and no judge in their own matter."""
    if is_kept_out(user, kind, item, parties_of_record(kind, record)):
        return False
    if kind == Kind.COMPLAINT:
        return bool(record.owner_id == user.pk)
    own = {Kind.CONFIRM: "asked_by_id", Kind.FLAG: "by_id"}.get(Kind(kind))
    return own is None or getattr(record, own) != user.pk
