"""The one road on which imported solutions and their providers are written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.enums import SolutionState
from catalog.models import FocusArea, Provider, Solution, Topic
from catalog.writing_actions import MANY, TRANSLATED, apply_changes, refresh_search
from portal.accounts.enums import OrganisationKind
from portal.accounts.imports import complete_organisation, import_organisation
from portal.audit.actions import record
from portal.common.search import fold
from portal.common.sources import Imported, Outcome, source_hash
from portal.common.translated import aged_marks, column

PLAIN = (
    "source_url", "source_licence", "trl", "deployments", "city_population_min", "city_population_max", "quantity_min",
    "quantity_max", "scale_unit", "cost_min", "cost_max", "currency", "cost_basis", "lead_time_months", "expires_on",
)  # fmt: skip
LISTS = ("regions", "languages", "business_models")
FOCUS = ("focus_area_id", "more_focus_areas", "topics", "focus_guessed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSolution:
    """One solution as a source tells it, read and checked; the names are those of Solution, codes stand for records.

    ``provider`` is a name: within a source the same name is the same provider.
    """

    source: str
    source_id: str
    source_url: str = ""
    source_licence: str = ""
    language: str
    name: str
    tagline: str = ""
    solves: str = ""
    how_it_works: str = ""
    not_suitable: str = ""
    provider: str
    provider_country: str = ""
    provider_website: str = ""
    provider_kind: str = ""
    focus_area: str = ""
    more_focus_areas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    focus_guessed: bool = False
    trl: int | None = None
    deployments: int | None = None
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    city_population_min: int | None = None
    city_population_max: int | None = None
    quantity_min: Decimal | None = None
    quantity_max: Decimal | None = None
    scale_unit: str = ""
    cost_min: Decimal | None = None
    cost_max: Decimal | None = None
    currency: str = ""
    cost_basis: str = ""
    lead_time_months: int | None = None
    business_models: tuple[str, ...] = ()
    published_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def import_solution(*, by: str, row: ImportedSolution) -> Imported[Solution]:
    """List a solution of a public source, or bring it up to date. The same row twice changes nothing.

    It is known by (source, source_id). A state that people gave it stays; one whose provider has members is theirs.
    Matching is left to the caller, who owes one job for the whole file.
    """
    digest = source_hash(row)
    known = Solution.objects.select_for_update(no_key=True).filter(source=row.source, source_id=row.source_id).first()
    if known is None:
        return Imported(_list(by, row, digest), Outcome.NEW)
    if known.source_hash == digest:
        return Imported(known, Outcome.UNCHANGED)
    if known.provider.organisation.members.exists():
        return Imported(known, Outcome.KEPT)
    return Imported(_update(by, known, row, digest), Outcome.UPDATED)


def _list(by: str, row: ImportedSolution, digest: str) -> Solution:
    solution = Solution(
        provider=_provider(by, row), source=row.source, source_id=row.source_id, source_hash=digest,
        original_language=row.language, state=SolutionState.LISTED, listed_at=published_at(row.published_on),
    )  # fmt: skip
    changes = _changes(row)
    many = {name: changes.pop(name) for name in MANY}
    for name, value in changes.items():
        setattr(solution, column(name, row.language) if name in TRANSLATED else name, value)
    solution.translations = {name: {row.language: "original"} for name in TRANSLATED if changes[name]}
    solution.save(force_insert=True)
    for name, records in many.items():
        if records:
            getattr(solution, name).set(records)
    record(by=by, action="solution.import", subject=solution, after=provenance(row, digest))
    refresh_search(solution)
    return solution


def _update(by: str, solution: Solution, row: ImportedSolution, digest: str) -> Solution:
    forget_texts_of_other_language(solution, row.language, TRANSLATED)
    changes = _changes(row)
    if keeps_focus(solution, row):
        changes = {name: value for name, value in changes.items() if name not in FOCUS}
    changes["provider_id"] = _provider(by, row).pk
    before, after = apply_changes(solution, changes, TRANSLATED, MANY)
    solution.source_hash = digest
    solution.version += 1
    solution.save()
    record(
        by=by,
        action="solution.import_update",
        subject=solution,
        before=before,
        after={**after, **provenance(row, digest)},
    )
    refresh_search(solution)
    return solution


def _changes(row: ImportedSolution) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in (*TRANSLATED, *PLAIN)},
        **{name: list(getattr(row, name)) for name in LISTS},
        **focus_records(row),
    }


def _provider(by: str, row: ImportedSolution) -> Provider:
    """The source's provider of that name, made when it is met first."""
    name = fold(row.provider)[:200]
    facts = {"country": row.provider_country, "website": row.provider_website}
    provider = Provider.objects.select_related("organisation").filter(source=row.source, source_id=name).first()
    if provider is not None:
        complete_organisation(by=by, organisation=provider.organisation, **facts)
        return provider
    organisation = import_organisation(by=by, kind=OrganisationKind.PROVIDER, name=row.provider, **facts)
    provider = Provider(
        organisation=organisation, kind=row.provider_kind, original_language=row.language, source=row.source,
        source_id=name, source_licence=row.source_licence,
    )  # fmt: skip
    provider.save(force_insert=True)
    record(by=by, action="provider.import", subject=provider, after={"source": row.source, "kind": row.provider_kind})
    return provider


# --- What imported demands share ------------------------------------------------------------------


def focus_records(row: Any) -> dict[str, Any]:
    """The focus fields of a row as columns; codes that the vocabulary does not have are left out."""
    codes = [row.focus_area, *row.more_focus_areas]
    areas = {area.code: area for area in FocusArea.objects.filter(code__in=codes)} if any(codes) else {}
    return {
        "focus_area_id": areas[row.focus_area].pk if row.focus_area in areas else None,
        "more_focus_areas": [areas[code] for code in row.more_focus_areas if code in areas],
        "topics": list(Topic.objects.filter(code__in=row.topics)) if row.topics else [],
        "focus_guessed": row.focus_guessed,
    }


def keeps_focus(record: Any, row: Any) -> bool:
    """What people or the source said about the focus is not replaced by a guess, nor by nothing."""
    return record.focus_area_id is not None and not record.focus_guessed and (row.focus_guessed or not row.focus_area)


def forget_texts_of_other_language(record: Any, language: str, translated: tuple[str, ...]) -> None:
    """A row whose language was corrected: its text moves, and nothing is left in the column where it stood."""
    if record.original_language == language:
        return
    for name in translated:
        record.translations[name] = aged_marks(record, name)
        record.translations[name].pop(language, None)
        setattr(record, column(name, record.original_language), "")
    record.original_language = language


def published_at(day: date | None) -> datetime:
    """When the source published it; now where it does not say, or says a day to come."""
    now = timezone.now()
    return min(datetime.combine(day, time(12), UTC), now) if day else now


def provenance(row: Any, digest: str) -> dict[str, str]:
    return {"source": row.source, "source_id": row.source_id, "hash": digest}
