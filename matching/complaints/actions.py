"""Filing, owning, answering and appealing; and what an upheld complaint changes."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.states import SOLUTION
from cities.states import DEMAND
from matching.actions import pause_for_complaint, settle_complaint
from matching.complaints.enums import Finding
from matching.complaints.models import Complaint
from matching.complaints.parties import concern_of, record_of
from matching.complaints.rules import can_answer, can_complain, can_own, has_part, is_neutrality_officer, owner_of
from matching.complaints.states import COMPLAINT, OPEN
from matching.complaints.subjects import SUBJECTS
from matching.states import CONTESTED
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.accounts.states import ORGANISATION
from portal.audit.actions import record as note_event
from portal.audit.actions import subject_of
from portal.audit.models import AuditEvent
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.working_days import office_day, working_days_after
from portal.jobs.actions import enqueue

APPEAL_WITHIN = timedelta(days=30)
# An upheld complaint sends these back to where they wait for ICLEI.
REOPENS = {
    "demand": (DEMAND, ("reconsider",)),
    "organisation": (ORGANISATION, ("reconsider", "reinstate")),
    "solution": (SOLUTION, ("reconsider", "relist")),
}


@transaction.atomic
def file_complaint(*, by: User, kind: str, record: Any, words: str, wish: str = "", language: str = "en") -> Complaint:
    """Object to the decision that stands on a record. It gets an owner who had no part in it, and a day.

    Raises Conflict where the organisation has an open complaint about the record.
    """
    if not can_complain(by, kind, record):
        raise NotAllowed
    if not words.strip():
        raise Incomplete(_("Say what is wrong with the decision."), ("words",))
    now = timezone.now()
    move, contested_by = _contested(kind, record)
    complaint = Complaint(
        about=kind, item=record.public_id, contested=move, contested_by=contested_by, complainant=by,
        organisation_id=_side_of(by, kind, record), language=language, words=words, wish=wish, filed_at=now,
        due_on=working_days_after(office_day(now), settings.WORKBENCH_TARGETS["complaint"]),
    )  # fmt: skip
    try:
        with transaction.atomic():
            complaint.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("Your organisation has an open complaint about this already.")) from error
    note_event(by=by, action="complaint.file", subject=complaint, after={"about": f"{kind}:{record.public_id}"})
    owner = _next_owner(complaint)
    if owner is not None:
        complaint = _give(complaint, owner, by="system")
    _tell(complaint, "filed")
    return complaint


def _side_of(by: User, kind: str, record: Any) -> int | None:
    """For whom the person complains: their side of a match, the owner of any other record."""
    if kind != "match":
        return owner_of(kind, record)
    sides = (record.demand.organisation_id, record.solution.provider.organisation_id)
    return next((side for side in sides if is_member(by, side)), None)


def _contested(kind: str, record: Any) -> tuple[str, User | None]:
    """The last step that ICLEI took on the record, and who took it."""
    if kind == "match":
        decisions = record.decisions.filter(by__isnull=False, organisation__isnull=True).select_related("by")
        last = decisions.order_by("-at", "-pk").first()
        return (last.move, last.by) if last else ("", None)
    events = AuditEvent.objects.filter(subject=subject_of(record), action__startswith=f"{record._meta.model_name}.")
    members = set(record_members(kind, record))
    for event in events.order_by("-sequence", "-pk")[:20]:
        key = event.actor.removeprefix("user:")
        if key != event.actor and key.isdigit() and int(key) not in members:
            return event.action.partition(".")[2], User.objects.filter(pk=int(key)).first()
    return "", None


def record_members(kind: str, record: Any) -> list[int]:
    """Who belongs to the owner: their own steps are not what they object to."""
    return list(User.objects.filter(membership__organisation=owner_of(kind, record)).values_list("pk", flat=True))


def _next_owner(complaint: Complaint, *, but: User | None = None) -> User | None:
    """The moderator without a part in it who has the fewest open complaints, else a neutrality officer.

    An appeal is a neutrality officer's alone, of one who did not give the first answer.
    """
    concern = concern_of(complaint.about, complaint.item)
    gone = {but.pk if but else None, complaint.answered_by_id if complaint.state == "appealed" else None}
    roles = [StaffRoleKind.MODERATOR] if complaint.state != "appealed" else []
    for role in (*roles, StaffRoleKind.NEUTRALITY):
        people = User.objects.filter(staffrole__role=role, is_active=True).order_by("pk")
        fit = [person for person in people if person.pk not in gone and can_own(person, complaint, concern)]
        if fit:
            loads = {person.pk: Complaint.objects.waiting().filter(owner=person).count() for person in fit}
            return min(fit, key=lambda person: (loads[person.pk], person.pk))
    return None


def _give(complaint: Complaint, owner: User, *, by: Any) -> Complaint:
    row = transition(complaint, "assign", table=COMPLAINT, by=by, changes={"owner": owner})
    enqueue(kind="notices.complaint_assigned", subject=f"complaint:{row.pk}", payload={"owner": owner.pk})
    return row


def _tell(complaint: Complaint, what: str) -> None:
    enqueue(kind="notices.complaint_moved", subject=f"complaint:{complaint.pk}", payload={"what": what})


@transaction.atomic
def assign_complaint(*, by: User, complaint: Complaint, owner: User) -> Complaint:
    """Give it to somebody, or to somebody else. The neutrality officer's to do."""
    if not is_neutrality_officer(by):
        raise NotAllowed
    if not can_own(owner, complaint, concern_of(complaint.about, complaint.item)):
        raise DomainError(
            _("This person took the decision, or is tied to one of the parties. Choose somebody else."), code="involved"
        )
    if complaint.state == "filed":
        return _give(complaint, owner, by=by)
    row = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    if row.state != "in_hand":
        raise Conflict(_("It is not being examined any more."))
    before, row.owner = {"owner": row.owner_id}, owner
    row.save(update_fields=["owner", "updated_at"])
    note_event(by=by, action="complaint.reassign", subject=row, before=before, after={"owner": owner.pk})
    enqueue(kind="notices.complaint_assigned", subject=f"complaint:{row.pk}", payload={"owner": owner.pk})
    return row


@transaction.atomic
def pass_on_complaint(*, by: User, complaint: Complaint, note: str) -> Complaint:
    """Its owner is tied to it after all: somebody else examines it, or the neutrality officer finds somebody."""
    row = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    if row.owner_id != by.pk or row.state not in OPEN:
        raise NotAllowed
    row.owner = _next_owner(row, but=by)
    row.save(update_fields=["owner", "updated_at"])
    after = {"owner": row.owner_id}
    note_event(by=by, action="complaint.reassign", subject=row, before={"owner": by.pk}, after=after, note=note)
    if row.owner_id is not None:
        enqueue(kind="notices.complaint_assigned", subject=f"complaint:{row.pk}", payload={"owner": row.owner_id})
    return row


@transaction.atomic
def answer_complaint(*, by: User, complaint: Complaint, finding: str, answer: str, reopen: bool = False) -> Complaint:
    """The answer, and on an appeal the last one. ``reopen`` sends the record back to where it waits for ICLEI."""
    if not can_answer(by, complaint) or has_part(by, concern_of(complaint.about, complaint.item)):
        raise NotAllowed
    if not answer.strip():
        raise Incomplete(_("Write the answer: whoever complained reads it."), ("answer",))
    if reopen and finding == Finding.NOT_UPHELD:
        raise Incomplete(_("A complaint that is not upheld changes nothing."), ("reopen",))
    now = timezone.now()
    if complaint.state == "appealed":
        changes = {
            "appeal_finding": finding, "appeal_answer": answer, "appeal_answered_by": by, "appeal_answered_at": now
        }  # fmt: skip
        row = transition(
            complaint, "answer_appeal", table=COMPLAINT, by=by, reason=finding, note=answer, changes=changes
        )
    else:
        changes = {"finding": finding, "answer": answer, "answered_by": by, "answered_at": now}
        row = transition(complaint, "answer", table=COMPLAINT, by=by, reason=finding, note=answer, changes=changes)
    _follow(by, row, reopen=reopen, note=answer)
    _tell(row, "answered" if row.state == "answered" else "closed")
    return row


def _follow(by: User, complaint: Complaint, *, reopen: bool, note: str) -> None:
    """What the answer changes: the record waits again, or what was paused goes on."""
    record = record_of(complaint.about, complaint.item)
    if record is None:
        return
    if complaint.about in SUBJECTS:
        last = complaint.appeal_finding or complaint.finding
        if last in (Finding.UPHELD, Finding.PARTLY) and complaint.state in ("answered", "closed"):
            SUBJECTS[complaint.about].upheld(record)
    elif complaint.about == "match":
        if reopen and record.state in CONTESTED:
            record = pause_for_complaint(by=by, match=record, note=complaint.words)
        if record.state == "under_complaint":
            settle_complaint(by=by, match=record, reopen=reopen, note=note)
    elif reopen:
        _reopen(by, complaint.about, record, note)


def _reopen(by: User, kind: str, record: Any, note: str) -> None:
    """By the first of the moves that is open to it: what was suspended stands again, the rest waits for ICLEI."""
    table, moves = REOPENS[kind]
    move = next((move for move in moves if record.state in table.moves[move].sources), None)
    if move is None:
        return
    changes = {"suspension_reason": ""} if move == "relist" else {}
    row = transition(record, move, table=table, by=by, note=note, changes=changes)
    if move == "relist":
        enqueue(kind="matching.match_solution", subject=f"solution:{row.pk}")


@transaction.atomic
def pause_match(*, by: User, complaint: Complaint) -> None:
    """Let nothing go on with the match while the complaint is examined."""
    if complaint.about != "match" or not can_answer(by, complaint):
        raise NotAllowed
    match = record_of("match", complaint.item)
    if match is None or match.state not in CONTESTED:
        raise Conflict(_("This match cannot be paused in its present state."))
    pause_for_complaint(by=by, match=match, note=complaint.words)


@transaction.atomic
def appeal_complaint(*, by: User, complaint: Complaint, words: str) -> Complaint:
    """Once, within thirty days, to the neutrality officer."""
    if complaint.complainant_id != by.pk:
        raise NotAllowed
    if not words.strip():
        raise Incomplete(_("Say why you appeal."), ("words",))
    now = timezone.now()
    if complaint.answered_at and now > complaint.answered_at + APPEAL_WITHIN:
        raise DomainError(
            _("The time for an appeal is over. File a new complaint if something new happened."), code="late"
        )
    due = working_days_after(office_day(now), settings.WORKBENCH_TARGETS["appeal"])
    officers = User.objects.filter(staffrole__role=StaffRoleKind.NEUTRALITY, is_active=True).order_by("pk")
    concern = concern_of(complaint.about, complaint.item)
    others = officers.exclude(pk=complaint.answered_by_id)
    officer = next((person for person in others if can_own(person, complaint, concern)), None)
    changes = {"appeal": words, "appealed_at": now, "due_on": due, "owner": officer}
    row = transition(complaint, "appeal", table=COMPLAINT, by=by, note=words, changes=changes)
    if officer is not None:
        enqueue(kind="notices.complaint_assigned", subject=f"complaint:{row.pk}", payload={"owner": officer.pk})
    _tell(row, "appealed")
    return row


@transaction.atomic
def withdraw_complaint(*, by: User, complaint: Complaint) -> Complaint:
    if complaint.complainant_id != by.pk:
        raise NotAllowed
    row = transition(complaint, "withdraw", table=COMPLAINT, by=by)
    if row.owner_id is not None:
        enqueue(kind="notices.complaint_withdrawn", subject=f"complaint:{row.pk}")
    _follow(by, row, reopen=False, note=_("The complaint was withdrawn."))
    return row


def close_complaints() -> int:
    """Answered and not appealed in time: closed. Returns how many."""
    limit = timezone.now() - APPEAL_WITHIN
    count = 0
    for complaint in Complaint.objects.filter(state="answered", answered_at__lt=limit):
        try:
            transition(complaint, "close", table=COMPLAINT, by="system")
        except Conflict:
            continue
        count += 1
    return count
