"""Those who take part, and what they have reached."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import DomainError, NotAllowed
from portal.programmes.models import CohortMember, Milestone, MilestoneReached, Programme
from portal.programmes.programme_actions import require_manager
from portal.programmes.rules import is_manager
from portal.programmes.states import COHORT


@transaction.atomic
def add_milestone(*, by: User, programme: Programme, title: str, due_on: date | None) -> Milestone:
    require_manager(by)
    if Milestone.objects.filter(programme=programme, title=title).exists():
        raise DomainError(_("There is a milestone of this name already."), code="twice")
    milestone = Milestone(programme=programme, title=title, due_on=due_on)
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
    require_manager(by)
    if move not in COHORT.moves:
        raise NotAllowed
    changes = {"reason": reason, "note": note.strip()}
    return transition(member, move, table=COHORT, by=by, reason=reason, note=note, changes=changes)
