"""What waits for a moderator, kind by kind. Each source reads light rows only."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from catalog.models import Claim, Solution
from cities.models import Demand
from matching.complaints.models import Complaint, Flag
from matching.complaints.parties import concerned_by, countries_of, parties_of
from matching.waiting import About, DueDays, Facts, Kind, Waiting, waits
from matching.workbench.light_rows import arriving, light_rows
from matching.workbench.models import Confirmation
from portal.accounts.models import Organisation
from portal.common.translated import columns

# A project of this size, in whatever currency, deserves the earlier look among demands of one day.
LARGE_BUDGET = 10_000_000


def _bodies() -> QuerySet:
    return Organisation.objects.select_related("public_body__city", "provider")


def _organisations(zone: str) -> QuerySet:
    rows = arriving(Organisation.objects.pending(), F("created_at"), zone)
    return rows.values("pk", "public_id", "since", "day", "country", "website", "registry_number")


@waits(Kind.ORGANISATION, _bodies, "matching:organisation-review")
def organisations(now: datetime) -> Iterator[Waiting]:
    """Without a register entry or a website there is little to check against: a risk."""
    rows, due = light_rows(_organisations, settings.OFFICE_TIME_ZONE), DueDays("organisation")
    about = About(
        lambda: {row.pk: Facts(country=row.country) for row in rows}, lambda: {row.pk: (row.pk,) for row in rows}
    )
    for row in rows:
        risk = 1 if row.website or row.registry_number else 2
        yield Waiting(Kind.ORGANISATION, row.pk, row.public_id, row.since, about, due[row.day], risk)


def _demands(zone: str) -> QuerySet:
    rows = arriving(Demand.objects.waiting_for_review(), Coalesce("submitted_at", "created_at"), zone)
    return rows.values(
        "pk", "public_id", "since", "day", "country", "budget_max", "organisation_id",
        language=F("original_language"), area=Coalesce("focus_area__code", Value("")),
    )  # fmt: skip


def _demand_rows() -> QuerySet:
    rows: QuerySet = Demand.objects.select_related("city")
    return rows.only(*columns("title"), *columns("city__name"), "original_language", "translations", "country")


@waits(Kind.DEMAND, Demand.objects.for_list, "matching:demand-review", rows=_demand_rows)
def demands(now: datetime) -> Iterator[Waiting]:
    rows, due = light_rows(_demands, settings.OFFICE_TIME_ZONE), DueDays("demand")
    about = About(lambda: {row.pk: row for row in rows}, lambda: {row.pk: (row.organisation_id,) for row in rows})
    for row in rows:
        risk = 2 if row.budget_max and row.budget_max >= LARGE_BUDGET else 1
        yield Waiting(Kind.DEMAND, row.pk, row.public_id, row.since, about, due[row.day], risk)


def _solutions(zone: str) -> QuerySet:
    """Claims said to be verified without a link to the proof are a risk."""
    unproven = Claim.objects.filter(solution=OuterRef("pk"), grade="third_party_verified", evidence_url="")
    rows = arriving(Solution.objects.waiting_for_review(), Coalesce("submitted_at", "created_at"), zone)
    return rows.annotate(is_unproven=Exists(unproven)).values("pk", "public_id", "since", "day", "is_unproven")


def solution_rows() -> QuerySet:
    rows: QuerySet = Solution.objects.select_related("provider__organisation")
    shown = (*columns("name"), "original_language", "translations")
    return rows.only(*shown, "provider__organisation__name", "provider__organisation__country")


@waits(Kind.SOLUTION, Solution.objects.for_list, "matching:solution-review", rows=solution_rows)
def solutions(now: datetime) -> Iterator[Waiting]:
    due, about = DueDays("solution"), about_solutions(Solution.objects.waiting_for_review)
    for row in light_rows(_solutions, settings.OFFICE_TIME_ZONE):
        risk = 2 if row.is_unproven else 1
        yield Waiting(Kind.SOLUTION, row.pk, row.public_id, row.since, about, due[row.day], risk)


def about_solutions(solutions: Callable[[], QuerySet]) -> About:
    return About(
        lambda: {row.pk: row for row in light_rows(_facts, solutions)},
        lambda: {row.pk: (row.body,) for row in light_rows(_sides, solutions)},
    )


def _facts(solutions: Callable[[], QuerySet]) -> QuerySet:
    return solutions().values(
        "pk", language=F("original_language"), country=F("provider__organisation__country"),
        area=Coalesce("focus_area__code", Value("")),
    )  # fmt: skip


def _sides(solutions: Callable[[], QuerySet]) -> QuerySet:
    return solutions().values("pk", body=F("provider__organisation_id"))


def _asked() -> QuerySet:
    return Confirmation.objects.select_related("asked_by")


def _confirmations(zone: str) -> QuerySet:
    rows = arriving(Confirmation.objects.filter(state="open"), F("asked_at"), zone)
    return rows.values("pk", "public_id", "kind", "item", "since", "day", "asked_by_id")


@waits(
    Kind.CONFIRM, _asked, "matching:confirmation-review", concerned=lambda row: concerned_by(row.kind, row.item)
)  # fmt: skip
def confirmations(now: datetime) -> Iterator[Waiting]:
    """Decisions that wait for a second moderator; whoever asked has them not in their queue."""
    rows = light_rows(_confirmations, settings.OFFICE_TIME_ZONE)
    about = _about_named({row.pk: (row.kind, row.item) for row in rows})
    due = DueDays("confirm")
    for row in rows:
        without = frozenset({row.asked_by_id})
        yield Waiting(Kind.CONFIRM, row.pk, row.public_id, row.since, about, due[row.day], without=without)


def _about_named(keys: dict[int, tuple[str, str]]) -> About:
    """Of items about another record, which they know by kind and reference."""

    def facts() -> dict[int, Facts]:
        countries = countries_of(keys.values())
        return {pk: Facts(country=countries.get(key, "")) for pk, key in keys.items()}

    def parties() -> dict[int, frozenset[int]]:
        concerned = parties_of(keys.values())
        return {pk: concerned.get(key, frozenset()) for pk, key in keys.items()}

    return About(facts, parties)


def _reports() -> QuerySet:
    return Flag.objects.select_related("by", "settled_by")


def _flags(zone: str) -> QuerySet:
    rows = arriving(Flag.objects.waiting(), F("created_at"), zone)
    return rows.values("pk", "public_id", "about", "item", "since", "day", "by_id")


@waits(Kind.FLAG, _reports, "matching:flag-review", concerned=lambda row: concerned_by(row.about, row.item))
def flags(now: datetime) -> Iterator[Waiting]:
    rows, due = light_rows(_flags, settings.OFFICE_TIME_ZONE), DueDays("flag")
    about = _about_named({row.pk: (row.about, row.item) for row in rows})
    for row in rows:
        without = frozenset({row.by_id})
        yield Waiting(Kind.FLAG, row.pk, row.public_id, row.since, about, due[row.day], without=without)


def _complaints() -> QuerySet:
    rows: QuerySet = Complaint.objects.waiting().exclude(owner=None)
    return rows.values("pk", "public_id", "filed_at", "appealed_at", "due_on", "language", "owner_id")


@waits(Kind.COMPLAINT, Complaint.objects.all, "matching:complaint-detail", concerned=lambda row: frozenset())
def complaints(now: datetime) -> Iterator[Waiting]:
    """Each in the queue of its owner alone, who was chosen as somebody without a part in it."""
    rows = light_rows(_complaints)
    about = About(lambda: {row.pk: Facts(row.language) for row in rows}, lambda: {row.pk: () for row in rows})
    for row in rows:
        since, risk = row.appealed_at or row.filed_at, 2 if row.appealed_at else 1
        owner = frozenset({row.owner_id})
        yield Waiting(Kind.COMPLAINT, row.pk, row.public_id, since, about, row.due_on, risk, only=owner)
