"""Reports of public records."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.complaints.models import Flag
from matching.complaints.parties import parties_of_record, record_of
from matching.complaints.rules import can_report
from matching.complaints.states import FLAG
from portal.accounts.models import User
from portal.accounts.rules import is_moderator
from portal.audit.actions import record as note_event
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue

MOST_OPEN = 10


@transaction.atomic
def report_record(*, by: User, kind: str, item: str, reason: str, words: str = "") -> Flag:
    """One open report a person and record. Raises DomainError where somebody reports everything they see."""
    if not can_report(by):
        raise NotAllowed
    if Flag.objects.waiting().filter(by=by).count() >= MOST_OPEN:
        raise DomainError(_("Many of your reports wait already. Let us look into those first."), code="too_many")
    row = Flag(about=kind, item=item, by=by, reason=reason, words=words)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("You have reported this already. We look into it.")) from error
    note_event(by=by, action="flag.file", subject=row, after={"about": f"{kind}:{item}", "reason": reason})
    return row


@transaction.atomic
def settle_flag(*, by: User, flag: Flag, acted: bool, answer: str) -> Flag:
    """Say what was done about it, or why nothing had to be."""
    record = record_of(flag.about, flag.item)
    tied = record is not None and parties_of_record(flag.about, record) & by.tied_organisation_ids
    if not is_moderator(by) or tied or flag.by_id == by.pk:
        raise NotAllowed
    if not answer.strip():
        raise Incomplete(_("Write a word to whoever reported it."), ("answer",))
    changes = {"settled_by": by, "settled_at": timezone.now(), "answer": answer}
    row = transition(flag, "act" if acted else "dismiss", table=FLAG, by=by, note=answer, changes=changes)
    enqueue(kind="notices.flag_settled", subject=f"flag:{row.pk}")
    return row


@transaction.atomic
def reopen_flag(*, by: User, flag: Flag) -> Flag:
    """Take one's own answer back. Raises Conflict where the same person has reported the same again meanwhile."""
    if not is_moderator(by) or flag.settled_by_id != by.pk:
        raise NotAllowed
    changes = {"settled_by": None, "settled_at": None, "answer": ""}
    try:
        with transaction.atomic():
            return transition(flag, "reopen", table=FLAG, by=by, changes=changes)
    except IntegrityError as error:
        raise Conflict(_("You have reported this already. We look into it.")) from error
