"""Those who take part, and what they have reached."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.translated import column
from portal.jobs.actions import enqueue
from portal.programmes.enums import StillUsed
from portal.programmes.models import CohortFollowUp, CohortMember, Milestone, MilestoneReached, Programme
from portal.programmes.programme_actions import require_manager
from portal.programmes.rules import can_hand_in, is_manager
from portal.programmes.states import COHORT
from portal.programmes.texts import put_texts


@transaction.atomic
def add_milestone(*, by: User, programme: Programme, title: str, due_on: date | None) -> Milestone:
    require_manager(by)
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    name = column("title", programme.original_language)
    if Milestone.objects.filter(programme=programme, **{name: title}).exists():
        raise DomainError(_("There is a milestone of this name already."), code="twice")
    milestone = Milestone(programme=programme, due_on=due_on)
    put_texts(milestone, {"title": title})
    milestone.save(force_insert=True)
    record(by=by, action="programme.add_milestone", subject=programme, after={"title": title, "due_on": due_on})
    return milestone


@transaction.atomic
def mark_reached(*, by: User, member: CohortMember, milestone: Milestone, is_reached: bool) -> None:
    """By those who take part, or by a manager; taking it back is no shame and stays in the trace."""
    application = member.application
    if not (is_manager(by) or is_member(by, application.organisation_id)):
        raise NotAllowed
    if member.state != "active" or milestone.programme_id != application.call.programme_id:
        raise DomainError(_("Milestones are ticked while the programme runs for you."), code="not_active")
    if is_reached:
        MilestoneReached.objects.get_or_create(member=member, milestone=milestone, defaults={"by": by})
    else:
        MilestoneReached.objects.filter(member=member, milestone=milestone).delete()
    record(by=by, action="cohort.milestone", subject=member, after={"milestone": milestone.pk, "reached": is_reached})


@transaction.atomic
def move_member(*, by: User, member: CohortMember, move: str, reason: str = "", note: str = "") -> CohortMember:
    """By a manager; who takes part may leave on their own, by an approver of theirs."""
    if not (is_manager(by) or (move == "leave" and can_hand_in(by, member.application))) or move not in COHORT.moves:
        raise NotAllowed
    changes: dict[str, Any] = {"reason": reason, "note": note.strip()}
    if move == "complete":
        changes["completed_at"] = timezone.now()
    moved = transition(member, move, table=COHORT, by=by, reason=reason, note=note, changes=changes)
    own = None if is_manager(by) else by.pk
    payload = {"state": str(moved.state), "by": own}
    enqueue(kind="programmes.cohort_changed", subject=f"member:{moved.pk}", payload=payload)
    return moved


@transaction.atomic
def ask_follow_up(*, member: CohortMember, months: int) -> CohortFollowUp | None:
    """Ask those who completed how it goes on, once for each of the dates; None where they were asked already."""
    asked, created = CohortFollowUp.objects.get_or_create(
        member=member, months=months, defaults={"asked_at": timezone.now()}
    )
    if not created:
        return None
    record(by="system", action="cohort.ask", subject=member, after={"months": months})
    enqueue(kind="programmes.cohort_asked", subject=f"followup:{asked.pk}")
    return asked


@transaction.atomic
def answer_follow_up(*, by: User, follow_up: CohortFollowUp, used: str, words: str) -> CohortFollowUp:
    """By anybody of the organisation, once; it is for ICLEI and for the figures, and is not published."""
    row = CohortFollowUp.objects.select_for_update(of=("self",), no_key=True).get(pk=follow_up.pk)
    if not is_member(by, row.member.application.organisation_id):
        raise NotAllowed
    if row.used:
        raise Conflict(_("A colleague has answered this already."), when=row.answered_at)
    if used not in StillUsed.values:
        raise Incomplete(_("Choose an answer first."), ("used",))
    row.used, row.words, row.answered_by, row.answered_at = used, words.strip(), by, timezone.now()
    row.save(update_fields=["used", "words", "answered_by", "answered_at"])
    record(by=by, action="cohort.answer", subject=row.member, after={"months": row.months, "used": used})
    return row
