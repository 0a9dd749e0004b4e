"""Every write to the words that all records use."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model

from catalog.models import Criterion, FocusArea, Topic
from catalog.rules import can_edit_vocabulary
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import NotAllowed

FIXED = frozenset({"code", "focus_area", "kind", "operator", "unit", "group"})


@transaction.atomic
def edit_vocabulary(*, by: User, entry: FocusArea | Topic | Criterion, changes: Mapping[str, Any]) -> None:
    """Set words, order or references of a focus area, topic or criterion. What records point at never changes."""
    if not can_edit_vocabulary(by) or set(changes) & FIXED:
        raise NotAllowed
    row: Model = type(entry)._default_manager.select_for_update(no_key=True).get(pk=entry.pk)
    before = {name: getattr(row, name) for name, value in changes.items() if getattr(row, name) != value}
    if before:
        after = {name: changes[name] for name in before}
        for name, value in after.items():
            setattr(row, name, value)
        row.save(update_fields=list(after))
        record(by=by, action="vocabulary.edit", subject=row, before=before, after=after)
