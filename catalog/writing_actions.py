"""Writing a solution: drafts and revisions, up to the moment when they are handed to a moderator."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.enums import ClaimDimension
from catalog.evidence import reconcile
from catalog.marks import marks_of
from catalog.models import Provider, Solution
from catalog.revisions import copy_of
from catalog.rules import can_discard_revision, can_edit_solution, can_revise_solution, can_submit_solution
from catalog.states import SOLUTION
from portal.accounts.enums import OrganisationState
from portal.accounts.models import User
from portal.accounts.rules import is_member, is_verified_organisation
from portal.audit.actions import record, subject_of
from portal.audit.models import AuditEvent
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.languages import CODES
from portal.common.search import set_search
from portal.common.translated import aged_marks, all_texts, column, original
from portal.jobs.actions import enqueue

TRANSLATED = ("name", "tagline", "solves", "how_it_works", "not_suitable")
MANY = ("more_focus_areas", "topics")
EMPTY = ("", None)
REQUIRED = ("name", "tagline", "solves", "how_it_works", "not_suitable", "focus_area", "regions", "languages")


@transaction.atomic
def create_solution(*, by: User, provider: Provider, language: str, name: str) -> Solution:
    if not is_member(by, provider.organisation_id):
        raise NotAllowed
    if provider.organisation.state not in {OrganisationState.PENDING, OrganisationState.VERIFIED}:
        message = _("Your organisation is not verified. Ask ICLEI to verify it again before you describe a solution.")
        raise DomainError(message, code="not_verified")
    solution = Solution(
        provider=provider, original_language=language, regions=provider.regions, languages=provider.languages
    )
    _set_text(solution, {"name": name})
    solution.save(force_insert=True)
    record(by=by, action="solution.create", subject=solution, after={"name": name, "language": language})
    refresh_search(solution)
    return solution


@transaction.atomic
def edit_solution(
    *, by: User, solution: Solution, changes: Mapping[str, Any], expected_version: int | None = None
) -> Solution:
    """Set fields of a draft or a revision (model values; many-to-many as iterables).

    Raises Conflict when ``expected_version`` is no longer the row's version: somebody else saved meanwhile.
    """
    row = _lock_for_edit(by, solution, expected_version)
    before, after = apply_changes(row, changes, TRANSLATED, MANY)
    if not after:
        return row
    row.version += 1
    row.save()
    record(by=by, action="solution.edit", subject=row, before=before, after=after)
    refresh_search(row)
    return row


def apply_changes(
    row: Any, changes: Mapping[str, Any], translated: Iterable[str], many: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs; texts go to the column of the record's own language. Returns what was and what is."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in changes.items():
        if name in many:
            was, now = set(getattr(row, name).values_list("pk", flat=True)), {item.pk for item in value}
            if was != now:
                before[name], after[name] = sorted(was), sorted(now)
                getattr(row, name).set(value)
            continue
        attribute = column(name, row.original_language) if name in translated else name
        was = getattr(row, attribute)
        if was != value and not (was in EMPTY and value in EMPTY):
            before[name], after[name] = was, value
            setattr(row, attribute, value)
            if name in translated:
                _mark_stale(row, name)
    return before, after


def _mark_stale(row: Any, name: str) -> None:
    row.translations[name] = {**aged_marks(row, name), row.original_language: "original"}


def _set_text(solution: Solution, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        setattr(solution, column(name, solution.original_language), text)
        solution.translations[name] = {solution.original_language: "original"}


@transaction.atomic
def set_capabilities(
    *, by: User, solution: Solution, rows: Iterable[Mapping[str, Any]], expected_version: int | None = None
) -> None:
    """Make the capabilities equal to ``rows`` of Capability fields (criterion, flag or number, evidence_url, grade).

    Without a ``grade`` the evidence decides (see catalog.evidence). Raises Conflict as edit_solution does.
    """
    _replace(by, solution, "capabilities", rows, expected_version)


@transaction.atomic
def set_claims(
    *, by: User, solution: Solution, rows: Iterable[Mapping[str, Any]], expected_version: int | None = None
) -> None:
    """As set_capabilities, for ``rows`` of Claim fields; ``statement`` is in the solution's own language."""
    _replace(by, solution, "claims", [_claim_columns(solution, row) for row in rows], expected_version)


def _claim_columns(solution: Solution, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its statement in the column of the record's language; other languages go once it changes."""
    own = column("statement", solution.original_language)
    claim = solution.claims.filter(dimension=row["dimension"]).first()
    fields = {own if name == "statement" else name: value for name, value in row.items()}
    if claim is not None and getattr(claim, own) != fields.get(own):
        fields |= {other: None for code in CODES if (other := column("statement", code)) != own}
    return fields


@transaction.atomic
def set_references(
    *, by: User, solution: Solution, rows: Iterable[Mapping[str, Any]], expected_version: int | None = None
) -> None:
    """As set_capabilities, for ``rows`` of Reference fields; a row with ``id`` is that reference, changed."""
    _replace(by, solution, "references", rows, expected_version)


def _replace(
    by: User, solution: Solution, name: str, rows: Iterable[Mapping[str, Any]], expected_version: int | None
) -> None:
    row = _lock_for_edit(by, solution, expected_version)
    before, after = reconcile(row, name, rows)
    if not (before or after):
        return
    row.version += 1
    row.save(update_fields=["version", "updated_at"])
    solution.version = row.version
    record(by=by, action=f"solution.set_{name}", subject=row, before={name: before}, after={name: after})


def _lock_for_edit(by: User, solution: Solution, expected_version: int | None) -> Solution:
    row = Solution.objects.select_for_update(no_key=True).get(pk=solution.pk)
    # Asked of the locked row: the solution may have been submitted since the caller read it.
    if not can_edit_solution(by, row):
        message = _("This solution cannot be edited in its present state: “%(state)s”.")
        raise NotAllowed(message % {"state": row.get_state_display()})
    if expected_version is not None and row.version != expected_version:
        who, when = last_edit(row, "solution.edit", "solution.set_")
        message = _("Somebody else changed this solution meanwhile. Your text is kept below: compare, then save again.")
        raise Conflict(message, who=who, when=when)
    return row


def last_edit(row: Model, *actions: str) -> tuple[str, datetime | None]:
    """Name of the person who saved last, and when; for colleagues only. ``actions`` are beginnings of action names."""
    named = reduce(or_, (Q(action__startswith=action) for action in actions))
    event = AuditEvent.objects.filter(named, subject=subject_of(row)).order_by("-pk").first()
    if event is None:
        return "", None
    kind, _colon, key = event.actor.partition(":")
    user = User.objects.filter(pk=key).first() if kind == "user" else None
    return str(user or ""), event.at


def missing_fields(solution: Solution) -> tuple[str, ...]:
    """Fields that must be filled before submission, ``claims`` among them: cities were promised all three."""
    gaps = [
        name for name in REQUIRED if not (original(solution, name) if name in TRANSLATED else getattr(solution, name))
    ]
    if solution.claims.count() < len(ClaimDimension):
        gaps.append("claims")
    return tuple(gaps)


@transaction.atomic
def submit_solution(*, by: User, solution: Solution) -> Solution:
    if not can_submit_solution(by, solution):
        raise NotAllowed
    if gaps := missing_fields(solution):
        raise Incomplete(
            _("Some answers are still missing. Open the sections marked “to do”, then submit again."), gaps
        )
    if not is_verified_organisation(solution.provider.organisation):
        message = _("ICLEI has not verified your organisation yet. Your draft is saved. Submit it after that.")
        raise Incomplete(message, ("organisation",))
    solution = transition(solution, "submit", table=SOLUTION, by=by, changes={"submitted_at": timezone.now()})
    enqueue(
        kind="notices.solution_submitted",
        subject=f"solution:{solution.pk}",
        dedupe=f"submitted/solution/{solution.pk}/{solution.version}",
    )
    return solution


@transaction.atomic
def begin_revision(*, by: User, solution: Solution) -> Solution:
    """The draft of a listed solution's next version: the one begun before, or a new copy of what is listed."""
    row = Solution.objects.select_for_update(no_key=True).get(pk=solution.pk)
    if not can_revise_solution(by, row):
        raise NotAllowed
    draft = Solution.objects.filter(revises=row).first()
    if draft is None:
        draft = copy_of(row)
        refresh_search(draft)
        record(by=by, action="solution.begin_revision", subject=row, after={"draft": draft.public_id})
    return draft


@transaction.atomic
def discard_revision(*, by: User, solution: Solution) -> Solution:
    """Throw a revision away; what is listed stays as it is. Returns the listed solution."""
    draft = Solution.objects.select_for_update(no_key=True).filter(pk=solution.pk).first()
    if draft is None or draft.revises is None or not can_discard_revision(by, draft):
        raise NotAllowed
    listed = draft.revises
    draft.delete()
    record(by=by, action="solution.discard_revision", subject=listed, before={"draft": draft.public_id})
    return listed


def refresh_search(solution: Solution) -> None:
    """Bring the keyword index of one row up to date with all its texts."""
    texts = {name: all_texts(solution, name) for name in TRANSLATED}
    set_search(
        solution._meta.db_table,
        solution.pk,
        {
            "A": texts["name"],
            "B": f"{texts['tagline']} {solution.provider}",
            "C": texts["solves"],
            "D": texts["how_it_works"][:4000],
        },
        marks_of(solution),
    )
