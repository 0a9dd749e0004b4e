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

    ``changes`` are further fields set in the same UPDATE. Raises Conflict (state moved meanwhile, move not legal from
    here, record gone) or DomainError (a reason is owed, or one is given that the table does not know). Returns the
    locked, updated row.
    """
    move = table.moves[move_name]
    if reason not in (move.reasons or ("",)):
        raise DomainError(_("Choose a reason from the list: the other side is told why."), code="reason_required")
    with transaction.atomic():
        row: Any = locked_for(obj, move_name, table=table)
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
    moved: Record = row
    return moved


def locked_for(obj: Record, move_name: str, *, table: Lifecycle) -> Record:
    """The row of ``obj``, locked in a state from which the move is legal. Raises Conflict as transition does."""
    # Not FOR UPDATE: the key stays, and whoever only refers to this row need not wait.
    row: Any = type(obj)._base_manager.select_for_update(no_key=True).filter(pk=obj.pk).first()
    if row is None:
        raise Conflict(_("This does not exist any more. Somebody else, or the matcher, removed it meanwhile."))
    if row.state not in table.moves[move_name].sources:
        raise _refusal(row)
    found: Record = row
    return found


def _refusal(row: Any) -> Conflict:
    """What to say to whoever came second. ``who`` is the actor as the trace knows it, not a name to show to anybody."""
    moves = AuditEvent.objects.filter(subject=subject_of(row), action__startswith=f"{row._meta.model_name}.")
    last = moves.order_by("-sequence", "-pk").first()
    state = {"state": row.get_state_display()}
    if last is None:
        message = _("This is not possible now: the state is “%(state)s”. Reload the page to see what can be done.")
        return Conflict(message % state)
    message = _(
        "This is not possible any more: the state is “%(state)s”. "
        "Nothing you wrote is lost; reload the page to see what changed."
    )
    return Conflict(message % state, who=last.actor, when=last.at)
