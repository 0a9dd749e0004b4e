"""A moderator looks at a document that nobody gets before: it is released to all, or handed back to the city."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.introductions.models import Document
from matching.introductions.pack_actions import give_pack, lock_pack
from matching.introductions.rules import can_look_at_document
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.actions import enqueue


def _held(by: User, document: Document) -> Document:
    """The row, locked after its pack. Raises NotAllowed and, where somebody has decided already, Conflict."""
    if document.demand is None or not can_look_at_document(by, document):
        raise NotAllowed(_("You are tied to one of the parties, so another moderator has to decide."))
    lock_pack(document.demand)
    row = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("demand").get(pk=document.pk)
    if not row.is_held:
        user, when = row.released_by_id or row.removed_by_id, row.released_at or row.removed_at
        raise Conflict(
            _("This is settled already. Reload the page to see what was noted."), who=f"user:{user}", when=when
        )
    return row


@transaction.atomic
def release_document(*, by: User, document: Document) -> Document:
    """Give it to everybody invited, at this moment."""
    row = _held(by, document)
    row.released_by, row.released_at = by, timezone.now()
    row.save(update_fields=["released_by", "released_at", "updated_at"])
    record(by=by, action="document.release", subject=row, after={"name": row.name, "sha256": row.sha256})
    if row.demand is not None:
        give_pack(demand=row.demand)
    enqueue(kind="introductions.document_released", subject=f"document:{row.pk}")
    return row


@transaction.atomic
def hand_back_document(*, by: User, document: Document, note: str) -> Document:
    """Nobody gets it; the city reads why."""
    row = _held(by, document)
    if not note.strip():
        raise Incomplete(_("Say what has to change: the city reads your words."), ("note",))
    row.removed_by, row.removed_at = by, timezone.now()
    row.save(update_fields=["removed_by", "removed_at", "updated_at"])
    record(by=by, action="document.hand_back", subject=row, before={"name": row.name}, note=note)
    enqueue(kind="introductions.document_handed_back", subject=f"document:{row.pk}", payload={"note": note})
    return row
