"""What becomes of a solution that was handed in: reviewed, listed, renewed, expired, taken out."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
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
from portal.accounts.days import day_at, latest_day
from portal.accounts.models import User
from portal.audit.actions import record
from portal.audit.transitions import locked_for, transition
from portal.common.errors import DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue

# Cities rely on what they read: a year, unless the provider names a nearer day.
HOLDS = timedelta(days=365)
# How long before the end a provider is told, the longest first.
MARKS = (timedelta(days=30), timedelta(days=7))


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
        move, changes = ("list", _listed_now(solution)) if approve else ("request_changes", {})
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


def _listed_now(solution: Solution) -> dict[str, Any]:
    """Nothing stands in the catalogue for ever: what names no date holds for a year."""
    until = solution.expires_on or timezone.localdate() + HOLDS
    return {"listed_at": timezone.now(), "expires_on": until}


def _approve_revision(by: User, revision: Solution, comment: str) -> Solution:
    """The listed solution says what its revision says, keeps its state and its reviews, and is matched again."""
    draft = locked_for(revision, "list", table=SOLUTION)
    row = Solution.objects.select_for_update(no_key=True).get(revision=draft)
    before, after = take_over(row, draft)
    row.expires_on = row.expires_on or timezone.localdate() + HOLDS
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
    enqueue(kind="notices.solution_suspended", subject=f"solution:{solution.pk}")
    _rematch(solution, always=True)
    return solution


@transaction.atomic
def relist_solution(*, by: User, solution: Solution) -> Solution:
    if not can_review_solution(by, solution):
        raise NotAllowed
    solution = transition(solution, "relist", table=SOLUTION, by=by, changes={"suspension_reason": ""})
    enqueue(kind="notices.solution_relisted", subject=f"solution:{solution.pk}")
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
def renew_solution(*, by: User, solution: Solution, expires_on: date, ticked: Iterable[str] = ()) -> Solution:
    """The provider says that everything still holds, until ``expires_on``; an expired solution is listed again.

    ``ticked`` names the sections that were confirmed one by one; the trace keeps them.
    """
    if not can_renew_solution(by, solution):
        raise NotAllowed
    if expires_on <= timezone.localdate():
        raise DomainError(_("Choose a date in the future."), code="past")
    row = Solution.objects.select_for_update(no_key=True).get(pk=solution.pk)
    if row.is_live:
        record(by=by, action="solution.renew", subject=row, after={"expires_on": expires_on, "ticked": list(ticked)})
        row.expires_on = expires_on
        row.save(update_fields=["expires_on", "updated_at"])
        solution = row
    else:
        solution = transition(row, "renew", table=SOLUTION, by=by, changes={"expires_on": expires_on})
    Solution.objects.filter(revises=solution).update(expires_on=expires_on)
    _rematch(solution)
    return solution


def expire_solutions(*, now: datetime) -> int:
    """Take solutions off the list whose last day is over where their provider is. Returns how many."""
    count = 0
    dated = Solution.objects.filter(state=SolutionState.LISTED, expires_on__lt=latest_day(now))
    for solution in dated.select_related("provider__organisation"):
        if solution.expires_on >= day_at(solution.provider.organisation, now):
            continue
        with transaction.atomic():
            _rematch(transition(solution, "expire", table=SOLUTION, by="system"), always=True)
            enqueue(
                kind="notices.solution_expired",
                subject=f"solution:{solution.pk}",
                dedupe=f"expired/solution/{solution.pk}/{solution.expires_on}",
            )
        count += 1
    return count


@transaction.atomic
def remind_of_expiry(*, now: datetime) -> int:
    """Tell providers 30 and 7 days before a listed solution runs out; returns how many of them are within that time.

    Told once for each of the two: the key names the date and the mark, and people are told of a key once.
    """
    dated = Solution.objects.listed().filter(source="", expires_on__lte=latest_day(now) + MARKS[0])
    due = 0
    for solution in dated.select_related("provider__organisation"):
        left = solution.expires_on - day_at(solution.provider.organisation, now)
        if not timedelta(0) <= left <= MARKS[0]:
            continue
        due += 1
        mark = min(mark for mark in MARKS if left <= mark)
        enqueue(
            kind="notices.solution_expiring",
            subject=f"solution:{solution.pk}",
            dedupe=f"expiring/solution/{solution.pk}/{solution.expires_on}/{mark.days}",
        )
    return due


def _rematch(solution: Solution, *, always: bool = False) -> None:
    if solution.is_live or always:
        enqueue(kind="matching.match_solution", subject=f"solution:{solution.pk}")
