"""Every write to providers and solutions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.enums import ReviewCriterion, SolutionState
from catalog.models import Capability, Claim, Provider, Reference, Solution, SolutionReview
from catalog.rules import can_archive_solution, can_edit_solution, can_review_solution, can_submit_solution
from catalog.states import SOLUTION
from portal.accounts.actions import register_organisation
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.common.search import set_search
from portal.common.translated import all_texts, column
from portal.jobs.actions import enqueue

TRANSLATED = ("name", "tagline", "solves", "how_it_works", "not_suitable")
MANY = ("more_focus_areas", "topics")
EMPTY = ("", None)
REQUIRED = ("name", "tagline", "solves", "how_it_works", "not_suitable", "focus_area", "regions", "languages")


@transaction.atomic
def register_provider(*, by: User, name: str, country: str, kind: str, website: str = "", registry_number: str = "",
                      description: str = "", language: str = "en", regions: Iterable[str] = (), languages: Iterable[str] = ()) -> Provider:
    organisation = register_organisation(
        by=by, kind=OrganisationKind.PROVIDER, name=name, country=country, website=website, registry_number=registry_number
    )
    provider = Provider(organisation=organisation, kind=kind, original_language=language, regions=list(regions), languages=list(languages))
    setattr(provider, column("description", language), description)
    provider.save(force_insert=True)
    record(by=by, action="provider.register", subject=provider, after={"kind": kind})
    return provider


@transaction.atomic
def create_solution(*, by: User, provider: Provider, language: str, name: str) -> Solution:
    if not is_member(by, provider.organisation_id):
        raise NotAllowed
    solution = Solution(provider=provider, original_language=language, regions=provider.regions, languages=provider.languages)
    _set_text(solution, {"name": name})
    solution.save(force_insert=True)
    record(by=by, action="solution.create", subject=solution, after={"name": name, "language": language})
    refresh_search(solution)
    return solution


@transaction.atomic
def edit_solution(*, by: User, solution: Solution, changes: Mapping[str, Any], expected_version: int | None = None) -> Solution:
    """Set fields (model values; many-to-many as iterables). A listed solution is matched again.

    Raises Conflict when ``expected_version`` is no longer the row's version: somebody else saved meanwhile.
    """
    if not can_edit_solution(by, solution):
        raise NotAllowed
    row = Solution.objects.select_for_update().get(pk=solution.pk)
    if expected_version is not None and row.version != expected_version:
        raise Conflict(_("Somebody else changed this solution meanwhile. Your text is kept below: compare, then save again."))
    before, after = apply_changes(row, changes, TRANSLATED, MANY)
    if not after:
        return row
    row.version += 1
    row.save()
    record(by=by, action="solution.edit", subject=row, before=before, after=after)
    refresh_search(row)
    _rematch(row)
    return row


def apply_changes(row: Any, changes: Mapping[str, Any], translated: Iterable[str], many: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
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
    marks = row.translations.get(name, {})
    row.translations[name] = {**dict.fromkeys(marks, "stale"), row.original_language: "original"}


def _set_text(solution: Solution, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        setattr(solution, column(name, solution.original_language), text)
        solution.translations[name] = {solution.original_language: "original"}


@transaction.atomic
def set_capabilities(*, by: User, solution: Solution, rows: Iterable[Mapping[str, Any]]) -> None:
    """Replace the capabilities by ``rows`` of Capability fields (criterion, flag or number, grade, evidence_url)."""
    _replace(by, solution, "capabilities", Capability, rows)


@transaction.atomic
def set_claims(*, by: User, solution: Solution, rows: Iterable[Mapping[str, Any]]) -> None:
    """Replace the claims by ``rows`` of Claim fields; ``statement`` is in the solution's own language."""
    statement = column("statement", solution.original_language)
    _replace(by, solution, "claims", Claim, [{statement if k == "statement" else k: v for k, v in row.items()} for row in rows])


@transaction.atomic
def set_references(*, by: User, solution: Solution, rows: Iterable[Mapping[str, Any]]) -> None:
    _replace(by, solution, "references", Reference, rows)


def _replace(by: User, solution: Solution, name: str, model: type, rows: Iterable[Mapping[str, Any]]) -> None:
    if not can_edit_solution(by, solution):
        raise NotAllowed
    row = Solution.objects.select_for_update().get(pk=solution.pk)
    before = [str(item) for item in getattr(row, name).all()]
    getattr(row, name).all().delete()
    for fields in rows:
        model(solution=row, **fields).save(force_insert=True)
    after = [str(item) for item in getattr(row, name).all()]
    if before != after:
        row.version += 1
        row.save(update_fields=["version", "updated_at"])
        solution.version = row.version
        record(by=by, action=f"solution.set_{name}", subject=row, before={name: before}, after={name: after})
    _rematch(row)


def missing_fields(solution: Solution) -> tuple[str, ...]:
    """Fields that must be filled before submission, ``claims`` among them: cities were promised all three."""
    gaps = [name for name in REQUIRED if not getattr(solution, name)]
    if solution.claims.count() < 3:
        gaps.append("claims")
    return tuple(gaps)


@transaction.atomic
def submit_solution(*, by: User, solution: Solution) -> Solution:
    if not can_submit_solution(by, solution):
        raise NotAllowed
    if gaps := missing_fields(solution):
        raise Incomplete(_("Some answers are still missing. Open the sections marked “to do”, then submit again."), gaps)
    solution = transition(solution, "submit", table=SOLUTION, by=by, changes={"submitted_at": timezone.now()})
    enqueue(kind="notices.solution_submitted", subject=f"solution:{solution.pk}", dedupe=f"submitted/solution/{solution.pk}/{solution.version}")
    return solution


@transaction.atomic
def review_solution(*, by: User, solution: Solution, marks: Mapping[str, int], comment: str, approve: bool) -> Solution:
    """Marks 0–5 for each ReviewCriterion. Any 0 blocks the listing; refusing needs words the author can act on."""
    if not can_review_solution(by, solution):
        raise NotAllowed
    if approve and any(marks.get(code, 0) == 0 for code in ReviewCriterion.values):
        raise Incomplete(_("A criterion marked 0 blocks the listing. Ask for changes instead, and say what is missing."), ("marks",))
    if not approve and not comment.strip():
        raise Incomplete(_("Say what has to change: the provider reads your words."), ("comment",))
    move, changes = ("list", {"listed_at": timezone.now()}) if approve else ("request_changes", {})
    solution = transition(solution, move, table=SOLUTION, by=by, note=comment, changes=changes)
    SolutionReview(solution=solution, version=solution.version, by=by, marks=dict(marks), comment=comment, approved=approve).save(force_insert=True)
    enqueue(kind="notices.solution_reviewed", subject=f"solution:{solution.pk}", dedupe=f"reviewed/solution/{solution.pk}/{solution.version}")
    _rematch(solution)
    return solution


@transaction.atomic
def suspend_solution(*, by: User, solution: Solution, reason: str, note: str = "") -> Solution:
    if not can_review_solution(by, solution):
        raise NotAllowed
    solution = transition(solution, "suspend", table=SOLUTION, by=by, reason=reason, note=note, changes={"suspension_reason": reason})
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
    solution = transition(solution, "archive", table=SOLUTION, by=by)
    _rematch(solution, always=True)
    return solution


@transaction.atomic
def restore_solution(*, by: User, solution: Solution) -> Solution:
    if not can_archive_solution(by, solution):
        raise NotAllowed
    return transition(solution, "restore", table=SOLUTION, by=by)


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


def refresh_search(solution: Solution) -> None:
    """Bring the keyword index of one row up to date with all its texts."""
    texts = {name: all_texts(solution, name) for name in TRANSLATED}
    set_search(solution._meta.db_table, solution.pk, {
        "A": texts["name"], "B": f"{texts['tagline']} {solution.provider}", "C": texts["solves"], "D": texts["how_it_works"][:4000],
    })
