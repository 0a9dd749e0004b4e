"""The one road on which a state changes."""

from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.audit.actions import record, subject_of
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError
from portal.common.states import Lifecycle

Record = TypeVar("Record", bound=models.Model)


def transition(
    obj: Record,
    move_name: str,
    *,
    table: Lifecycle,
    by: Any,
    reason: str = "",
    note: str = "",
    changes: dict[str, Any] | None = None,
) -> Record:
    """Move ``obj`` under a row lock; refuse what the table does not allow and what somebody else did first.

    ``changes`` are further fields set in the same UPDATE. Raises Conflict (state moved meanwhile or move not legal
    from here) or DomainError (a reason is owed). Returns the locked, updated row.
    """
    move = table.moves[move_name]
    if move.needs_reason and reason not in move.reasons:
        raise DomainError(_("Choose a reason from the list: the other side is told why."), code="reason_required")
    with transaction.atomic():
        row = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
        if row.state not in move.sources:
            raise _refusal(row)
        before = row.state
        row.state = move.target
        for name, value in (changes or {}).items():
            setattr(row, name, value)
        row.save(update_fields=["state", *(changes or {}), *(["updated_at"] if hasattr(row, "updated_at") else [])])
        record(
            by=by,
            action=f"{row._meta.model_name}.{move_name}",
            subject=row,
            before={"state": before},
            after={"state": row.state, **({"reason": reason} if reason else {})},
            note=note,
        )
    return row


def _refusal(row: models.Model) -> Conflict:
    last = (
        AuditEvent.objects.filter(subject=subject_of(row), action__startswith=f"{row._meta.model_name}.")
        .order_by("-sequence")
        .first()
    )
    label = row.get_state_display()
    if last is None:
        return Conflict(
            _("This is not possible now: the state is “%(state)s”. Reload the page to see what can be done.")
            % {"state": label}
        )
    return Conflict(
        _(
            "This is not possible any more: the state is “%(state)s”. "
            "Nothing you wrote is lost; reload the page to see what changed."
        )
        % {"state": label},
        who=last.actor,
        when=last.at,
    )
