"""What comes of a city's answer and of a moderator's look at the evidence."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.confirmations.enums import CityAnswer, Verdict
from catalog.confirmations.facts import facts_of, fingerprint
from catalog.confirmations.models import CityConfirmation, EvidenceCheck
from catalog.confirmations.rules import can_check_evidence
from catalog.enums import EvidenceGrade
from catalog.evidence import weigh
from catalog.models import Capability, Claim, Reference, Solution
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.actions import enqueue

CITY = "reference city"
Evidence = Claim | Capability | Reference


@transaction.atomic
def answer_question(*, question: CityConfirmation, answer: str, comment: str, seen: str) -> CityConfirmation:
    """The city's word. ``seen`` is the fingerprint of the facts on the page that was answered.

    Raises Conflict where somebody answered already, the link ran out, or the provider changed the facts meanwhile;
    Incomplete where an answer needs words. The address is deleted here, whatever the answer.
    """
    _lock_solution(references__confirmations=question.pk)
    rows = CityConfirmation.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("reference__solution__provider__organisation").get(pk=question.pk)
    reference = Reference.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.reference_id)
    if not row.is_waiting:
        raise Conflict(_("This link cannot be used any more."))
    if seen != fingerprint(reference):
        raise Conflict(
            _("The provider has changed this meanwhile. Please read it again: it stands below as it is now.")
        )
    if CityAnswer(answer).needs_words and not comment.strip():
        raise Incomplete(_("Say in a few words what is wrong: the provider and ICLEI read it."), ("comment",))
    row.answer, row.comment, row.answered_at, row.email = answer, comment.strip(), timezone.now(), ""
    row.facts = facts_of(reference)
    row.save(update_fields=["answer", "comment", "answered_at", "email", "facts", "updated_at"])
    after = {"answer": answer, "domain": row.domain, "official": row.is_official}
    record(by=CITY, action="reference.city_answer", subject=reference, after=after, note=row.comment)
    if row.is_official:
        _take_effect(row, reference)
    enqueue(kind="notices.city_answered", subject=f"confirmation:{row.pk}")
    return row


def _lock_solution(**found: Any) -> None:
    """Before its evidence, as whoever changes a solution does: what it is worth is kept with it."""
    Solution.objects.select_for_update(no_key=True, of=("self",)).only("pk").filter(**found).first()


def _take_effect(row: CityConfirmation, reference: Reference) -> None:
    """A confirmation raises the grade; a refusal leaves the provider's word alone."""
    if row.answer == CityAnswer.CONFIRM:
        _confirm(row, reference)
    elif row.answer == CityAnswer.REFUSE:
        reference.confirmed_by, reference.confirmed_at = "", None
        _grade(reference, EvidenceGrade.DECLARED, "confirmed_by", "confirmed_at")


def _confirm(row: CityConfirmation, reference: Reference) -> None:
    reference.confirmed_by, reference.confirmed_at = row.domain, row.answered_at
    better = max(EvidenceGrade(reference.grade), EvidenceGrade.CITY_CONFIRMED, key=lambda grade: grade.rank)
    _grade(reference, better, "confirmed_by", "confirmed_at")


def _grade(item: Evidence, grade: EvidenceGrade, *more: str) -> None:
    item.grade = grade
    item.save(update_fields=["grade", *more, *(["updated_at"] if hasattr(item, "updated_at") else [])])
    weigh(item.solution)
    if item.solution.is_live:
        enqueue(kind="matching.match_solution", subject=f"solution:{item.solution_id}")


@transaction.atomic
def accept_confirmation(*, by: User, question: CityConfirmation, accept: bool, note: str) -> CityConfirmation:
    """A moderator's word on an address that nobody knew: whether it is the city's. Raises Conflict if it was said."""
    _lock_solution(references__confirmations=question.pk)
    rows = CityConfirmation.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("reference__solution__provider").get(pk=question.pk)
    reference = Reference.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.reference_id)
    if not can_check_evidence(by, row.reference.solution):
        raise NotAllowed
    if row.answer != CityAnswer.CONFIRM or row.accepted is not None:
        raise Conflict(_("Somebody has decided this already."), when=row.accepted_at)
    if not note.strip():
        raise Incomplete(_("Say how you know: it is kept with the decision."), ("reasons",))
    row.accepted, row.accepted_by, row.accepted_at = accept, by, timezone.now()
    row.save(update_fields=["accepted", "accepted_by", "accepted_at", "updated_at"])
    # What the city read must be what stands there now; else its word is about something else.
    if accept and row.facts == facts_of(reference):
        _confirm(row, reference)
    after = {"accepted": accept, "domain": row.domain}
    record(by=by, action="reference.accept_confirmation", subject=reference, after=after, note=note)
    return row


@transaction.atomic
def check_evidence(*, by: User, item: Evidence, verdict: str, reasons: str) -> EvidenceCheck:
    """A verdict on the document behind one statement; it sets the grade, and the reasons go to the provider."""
    _lock_solution(pk=item.solution_id)
    locked = type(item)._default_manager.select_for_update(no_key=True, of=("self",))
    row: Evidence = locked.select_related("solution__provider").get(pk=item.pk)
    if not can_check_evidence(by, row.solution):
        raise NotAllowed
    if not reasons.strip():
        raise Incomplete(_("Say what you found: the provider reads your words."), ("reasons",))
    if not row.evidence_url:
        raise Conflict(_("The provider has taken the link away meanwhile."))
    kind = row._meta.model_name
    row.checks.filter(is_current=True).update(is_current=False)
    check = EvidenceCheck(
        solution=row.solution, about=str(row)[:300], evidence_url=row.evidence_url, verdict=verdict,
        reasons=reasons.strip(), by=by, **{str(kind): row},
    )  # fmt: skip
    check.save(force_insert=True)
    _grade(row, _graded(EvidenceGrade(row.grade), Verdict(verdict)))
    after = {"about": check.about, "verdict": verdict, "grade": row.grade}
    record(by=by, action="solution.check_evidence", subject=row.solution, after=after, note=reasons)
    enqueue(kind="notices.evidence_checked", subject=f"solution:{row.solution_id}", dedupe=_hourly(row.solution))
    return check


def _graded(present: EvidenceGrade, verdict: Verdict) -> EvidenceGrade:
    """What a city confirmed does not fall with a document; a third party stands above both."""
    if verdict == Verdict.THIRD_PARTY:
        return EvidenceGrade.THIRD_PARTY
    least = EvidenceGrade.DOCUMENTED if verdict == Verdict.SHOWN else EvidenceGrade.DECLARED
    return EvidenceGrade.CITY_CONFIRMED if present == EvidenceGrade.CITY_CONFIRMED else least


def _hourly(solution: Solution) -> str:
    """One notice for the documents of a solution that a moderator goes through in one sitting."""
    return f"checked/{solution.pk}/{timezone.now():%Y%m%d%H}"
