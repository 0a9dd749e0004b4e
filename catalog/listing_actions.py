"""What becomes of a solution that was handed in: reviewed, listed, renewed, expired, taken out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.enums import ReviewCriterion, SolutionState
from catalog.models import Solution, SolutionReview
from catalog.revisions import take_over
from catalog.rules import can_archive_solution, can_renew_solution, can_review_solution
from catalog.states import SOLUTION
from catalog.writing_actions import refresh_search
from portal.accounts.models import User
from portal.audit.actions import record
from portal.audit.transitions import locked_for, transition
from portal.common.errors import DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue


@transaction.atomic
def review_solution(*, by: User, solution: Solution, marks: Mapping[str, int], comment: str, approve: bool) -> Solution:
    """Marks 0–5 for each ReviewCriterion. Any 0 blocks the listing; refusing needs words the author can act on."""
    if not can_review_solution(by, solution):
        raise NotAllowed
    if approve and any(marks.get(code, 0) == 0 for code in ReviewCriterion.values):
        raise Incomplete(
            _("A criterion marked 0 blocks the listing. Ask for changes instead, and say what is missing."), ("marks",)
        )
    if not approve and not comment.strip():
        raise Incomplete(_("Say what has to change: the provider reads your words."), ("comment",))
    if approve and solution.revises_id is not None:
        solution = _approve_revision(by, solution, comment)
    else:
        move, changes = ("list", {"listed_at": timezone.now()}) if approve else ("request_changes", {})
        solution = transition(solution, move, table=SOLUTION, by=by, note=comment, changes=changes)
    SolutionReview(
        solution=solution, version=solution.version, by=by, marks=dict(marks), comment=comment, approved=approve
    ).save(force_insert=True)
    enqueue(
        kind="notices.solution_reviewed",
        subject=f"solution:{solution.pk}",
        dedupe=f"reviewed/solution/{solution.pk}/{solution.version}",
    )
    _rematch(solution)
    return solution


def _approve_revision(by: User, revision: Solution, comment: str) -> Solution:
    """The listed solution says what its revision says, keeps its state and its reviews, and is matched again."""
    draft = locked_for(revision, "list", table=SOLUTION)
    row = Solution.objects.select_for_update(no_key=True).get(revision=draft)
    before, after = take_over(row, draft)
    row.version += 1
    row.save()
    draft.reviews.update(solution=row)
    draft.delete()
    record(by=by, action="solution.revise", subject=row, before=before, after=after, note=comment)
    refresh_search(row)
    return row


@transaction.atomic
def suspend_solution(*, by: User, solution: Solution, reason: str, note: str = "") -> Solution:
    if not can_review_solution(by, solution):
        raise NotAllowed
    solution = transition(
        solution, "suspend", table=SOLUTION, by=by, reason=reason, note=note, changes={"suspension_reason": reason}
    )
    _rematch(solution, always=True)
    return solution


@transaction.atomic
def relist_solution(*, by: User, solution: Solution) -> Solution:
    if not can_review_solution(by, solution):
        raise NotAllowed
    solution = transition(solution, "relist", table=SOLUTION, by=by, changes={"suspension_reason": ""})
    _rematch(solution)
    return solution


@transaction.atomic
def archive_solution(*, by: User, solution: Solution) -> Solution:
    if not can_archive_solution(by, solution):
        raise NotAllowed
    Solution.objects.filter(revises=solution).delete()
    solution = transition(solution, "archive", table=SOLUTION, by=by)
    _rematch(solution, always=True)
    return solution


@transaction.atomic
def restore_solution(*, by: User, solution: Solution) -> Solution:
    if not can_archive_solution(by, solution):
        raise NotAllowed
    return transition(solution, "restore", table=SOLUTION, by=by)


@transaction.atomic
def renew_solution(*, by: User, solution: Solution, expires_on: date) -> Solution:
    """The provider says that everything still holds, until ``expires_on``; an expired solution is listed again."""
    if not can_renew_solution(by, solution):
        raise NotAllowed
    if expires_on <= timezone.localdate():
        raise DomainError(_("Choose a date in the future."), code="past")
    row = Solution.objects.select_for_update(no_key=True).get(pk=solution.pk)
    if row.is_live:
        record(by=by, action="solution.renew", subject=row, after={"expires_on": expires_on})
        row.expires_on = expires_on
        row.save(update_fields=["expires_on", "updated_at"])
        solution = row
    else:
        solution = transition(row, "renew", table=SOLUTION, by=by, changes={"expires_on": expires_on})
    Solution.objects.filter(revises=solution).update(expires_on=expires_on)
    _rematch(solution)
    return solution


def expire_solutions(*, today: Any) -> int:
    """Take solutions off the list whose information was valid until before ``today``. Returns how many."""
    count = 0
    for solution in Solution.objects.filter(state=SolutionState.LISTED, expires_on__lt=today):
        with transaction.atomic():
            _rematch(transition(solution, "expire", table=SOLUTION, by="system"), always=True)
        count += 1
    return count


def _rematch(solution: Solution, *, always: bool = False) -> None:
    if solution.is_live or always:
        enqueue(kind="matching.match_solution", subject=f"solution:{solution.pk}")
