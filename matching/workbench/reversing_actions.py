"""Taking a decision back: the record waits again, and whoever was told of the decision is told of this."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.listing_actions import HOLDS
from catalog.models import Solution, SolutionReview
from catalog.rules import can_review_solution
from catalog.states import SOLUTION
from cities.models import Demand
from cities.rules import can_review_demand
from cities.states import DEMAND
from matching.actions import reconsider_match, withdraw_offer
from matching.complaints.flag_actions import reopen_flag
from matching.learning.models import Judgement
from portal.accounts.models import Organisation, User
from portal.accounts.rules import can_verify_organisation
from portal.accounts.states import ORGANISATION
from portal.audit.transitions import transition
from portal.common.errors import Incomplete, NotAllowed
from portal.jobs.actions import enqueue


def _with_words(note: str) -> None:
    if not note.strip():
        raise Incomplete(_("Say why the decision is taken back: everybody who was told of it reads this."), ("note",))


def _tell(record: Any) -> None:
    subject = f"{record._meta.model_name}:{record.pk}"
    once = f"reversed/{subject}/{record.updated_at.isoformat()}"
    enqueue(kind="notices.decision_reversed", subject=subject, dedupe=once)


@transaction.atomic
def reverse_organisation(*, by: User, organisation: Organisation, note: str, is_quiet: bool = False) -> Organisation:
    """Verified or refused, it waits for verification again."""
    if not can_verify_organisation(by, organisation):
        raise NotAllowed
    _with_words(note)
    fresh: dict[str, Any] = {"verified_by": None, "verified_at": None, "verified_how": "", "refusal_reason": ""}
    fresh["refusal_note"] = "" if is_quiet else note
    row = transition(organisation, "reconsider", table=ORGANISATION, by=by, note=note, changes=fresh)
    _tell(row)
    return row


@transaction.atomic
def reverse_demand(*, by: User, demand: Demand, note: str, is_quiet: bool = False) -> Demand:
    """Published, rejected or sent back, it waits for review again. One in dialogue stays as it is."""
    if not can_review_demand(by, demand):
        raise NotAllowed
    _with_words(note)
    fresh: dict[str, Any] = {"published_at": None, "published_by": None, "state_reason": ""}
    fresh["review_note"] = "" if is_quiet else note
    row = transition(demand, "reconsider", table=DEMAND, by=by, note=note, changes=fresh)
    enqueue(kind="matching.match_demand", subject=f"demand:{row.pk}")
    _tell(row)
    return row


@transaction.atomic
def reverse_solution(*, by: User, solution: Solution, note: str, is_quiet: bool = False) -> Solution:
    """Listed or sent back, it waits for review again. The provider reads why as a review.

    ``is_quiet``: nobody was told; the year that a listing without a date was given is taken back with it.
    """
    if not can_review_solution(by, solution):
        raise NotAllowed
    _with_words(note)
    fresh: dict[str, Any] = {"listed_at": None}
    if is_quiet and solution.expires_on == timezone.localdate() + HOLDS:
        fresh["expires_on"] = None
    row = transition(solution, "reconsider", table=SOLUTION, by=by, note=note, changes=fresh)
    review = SolutionReview(solution=row, version=row.version, by=by, marks={}, comment=note, approved=False)
    review.save(force_insert=True)
    enqueue(kind="matching.match_solution", subject=f"solution:{row.pk}")
    _tell(row)
    return row


def take_back_at_once(*, by: User, kind: str, record: Any, decision: str) -> Any:
    """Undo within the seconds in which nobody was told: as little as possible is left of the decision."""
    note = _("Taken back at once.")
    if kind == "match":
        taken = record.decisions.filter(move=decision).order_by("-at", "-pk").first()
        act = withdraw_offer if decision == "offer" else reconsider_match
        row: Any = act(by=by, match=record, note=note)
        Judgement.objects.filter(decision=taken).delete()  # it says nothing about fit any more
        return row
    if kind == "flag":
        return reopen_flag(by=by, flag=record)
    if kind == "organisation":
        return reverse_organisation(by=by, organisation=record, note=note, is_quiet=True)
    if kind == "demand":
        return reverse_demand(by=by, demand=record, note=note, is_quiet=True)
    last = record.reviews.filter(by=by).order_by("-at", "-pk").first()
    row = reverse_solution(by=by, solution=record, note=note, is_quiet=True)
    # The author reads reviews: of this one and of its taking back nothing need be read. The trace has both.
    record.reviews.filter(by=by, comment=note).delete()
    if last is not None:
        SolutionReview.objects.filter(pk=last.pk).delete()
    return row
