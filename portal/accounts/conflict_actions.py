"""What people declare of their interests. It keeps them out of what concerns the organisation; nobody deletes it."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.actions import forget_roles
from portal.accounts.models import ConflictDeclaration, Organisation, User
from portal.audit.actions import record
from portal.common.errors import Conflict, DomainError, NotAllowed


@transaction.atomic
def declare_conflict(
    *, by: User, organisation: Organisation, kind: str, since: date, until: date | None = None, note: str = ""
) -> ConflictDeclaration:
    """One's own interest in an organisation that one may see. Raises DomainError for days in the wrong order."""
    if not Organisation.objects.visible_to(by).filter(pk=organisation.pk).exists():
        raise NotAllowed
    if until is not None and until < since:
        raise DomainError(_("It cannot end before it starts. Check both days."), code="order")
    declaration = ConflictDeclaration(
        user=by, organisation=organisation, kind=kind, since=since, until=until, note=note
    )
    declaration.save(force_insert=True)
    after = {"user": by.pk, "kind": kind, "since": since, "until": until}
    record(by=by, action="conflict.declare", subject=organisation, after=after)
    forget_roles(by)
    return declaration


@transaction.atomic
def end_conflict(*, by: User, declaration: ConflictDeclaration) -> ConflictDeclaration:
    """It ends today; what was declared stays on record. Raises Conflict where it had ended before."""
    row = ConflictDeclaration.objects.select_for_update(no_key=True).get(pk=declaration.pk)
    today = timezone.localdate()
    if row.user_id != by.pk:
        raise NotAllowed
    if row.until is not None and row.until < today:
        raise Conflict(_("This interest had ended already."))
    before: dict[str, Any] = {"until": row.until}
    # Today counts still: whoever decides this afternoon is not free of it since this morning.
    row.since, row.until = min(row.since, today), today
    row.save(update_fields=["since", "until", "updated_at"])
    after = {"user": by.pk, "until": today}
    record(by=by, action="conflict.end", subject=row.organisation, before=before, after=after)
    forget_roles(by)
    return row
