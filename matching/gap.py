"""The gap: open demand, live supply, and what stays unmatched, by focus area, region and language.

Counted from the records and the stored rankings at the moment of asking. A demand counts in each of its focus areas
and topics, as in the list of demands that every figure links to, so rows may add up to more than the total.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q

from catalog.models import Solution
from cities.models import Demand
from matching.models import Ranking
from portal.common.currencies import to_eur
from portal.common.geography import continent_of, countries, expand_regions, subregion_of

UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """Of the whole portal, for the home page. gap_demands = open_demands − matched_demands."""

    open_demands: int
    matched_demands: int
    live_solutions: int
    gap_demands: int


def headline() -> Headline:
    """Two counts over indexed columns; cheap enough for every visit of the home page."""
    matched = Ranking.objects.filter(demand=OuterRef("pk"), above_floor__gt=0)
    found = open_demands().aggregate(open=Count("pk"), matched=Count("pk", filter=Q(Exists(matched))))
    live = Solution.objects.listed().count()
    return Headline(found["open"], found["matched"], live, found["open"] - found["matched"])


def open_demands() -> Any:
    """What the gap counts: demands that everybody may read and that are open."""
    return Demand.objects.public().live()


# --- Rows ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Need:
    """One open demand. ``people`` and ``budget_eur`` are None where not stated; ``failures`` as in Ranking."""

    pk: int
    areas: frozenset[str]
    topics: frozenset[str]
    country: str
    language: str
    people: int | None
    budget_eur: float | None
    eligible: int
    above_floor: int
    failures: Mapping[str, int]

    @property
    def continent(self) -> str:
        return continent_of(self.country) or UNKNOWN if self.country in countries() else UNKNOWN

    @property
    def subregion(self) -> str:
        return subregion_of(self.country) or UNKNOWN if self.country in countries() else UNKNOWN


@dataclass(frozen=True, slots=True)
class Offer:
    """One listed solution. ``countries`` None: nowhere stated, which no gate holds against it."""

    pk: int
    areas: frozenset[str]
    topics: frozenset[str]
    countries: frozenset[str] | None
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What all figures of one moment are counted from. Kept by each process until a record or a ranking changes."""

    stamp: tuple[Any, ...]
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]


def snapshot() -> Snapshot:
    demands = open_demands().aggregate(n=Count("pk"), at=Max("updated_at"))
    solutions = Solution.objects.listed().aggregate(n=Count("pk"), at=Max("updated_at"))
    rankings = Ranking.objects.aggregate(n=Count("pk"), at=Max("computed_at"))
    return _snapshot((*demands.values(), *solutions.values(), *rankings.values()))


@lru_cache(maxsize=1)
def _snapshot(stamp: tuple[Any, ...]) -> Snapshot:
    return Snapshot(stamp, tuple(needs()), tuple(offers()))


def needs() -> list[Need]:
    rows = open_demands().values_list(
        "pk", "focus_area__code", "country", "original_language", "people_served", "budget_min", "budget_max",
        "currency", "ranking__eligible", "ranking__above_floor", "ranking__failures",
    )  # fmt: skip
    further = _codes(Demand.more_focus_areas.through, "demand_id", "focusarea__code")
    topics = _codes(Demand.topics.through, "demand_id", "topic__code")
    return [
        Need(
            pk, _with(further[pk], area), frozenset(topics[pk]), country, language, people,
            _euros(high if high is not None else low, currency), eligible or 0, above or 0, failures or {},
        )
        for pk, area, country, language, people, low, high, currency, eligible, above, failures in rows
    ]  # fmt: skip


def offers() -> list[Offer]:
    rows = Solution.objects.listed().values_list("pk", "focus_area__code", "regions", "languages")
    further = _codes(Solution.more_focus_areas.through, "solution_id", "focusarea__code")
    topics = _codes(Solution.topics.through, "solution_id", "topic__code")
    return [
        Offer(pk, _with(further[pk], area), frozenset(topics[pk]), _served(tuple(regions)), frozenset(languages))
        for pk, area, regions, languages in rows
    ]


def _codes(through: Any, owner: str, code: str) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for pk, value in through.objects.values_list(owner, code):
        found[pk].add(value)
    return found


def _with(further: Iterable[str], area: str | None) -> frozenset[str]:
    return frozenset(further) | ({area} if area else frozenset())


@lru_cache(maxsize=4096)
def _served(regions: tuple[str, ...]) -> frozenset[str] | None:
    """One set for all who serve the same regions: thousands of copies of "worldwide" would fill the memory."""
    return expand_regions(regions) if regions else None


def _euros(amount: Any, currency: str) -> float | None:
    euros = to_eur(amount, currency) if amount is not None and currency else None
    return None if euros is None else float(euros)


# --- Choosing and counting -------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _members(place: str) -> frozenset[str]:
    return expand_regions([place])


@dataclass(frozen=True, slots=True)
class Slice:
    """What a figure is about; empty means all. ``place`` is a continent, a subregion or a country."""

    focus: str = ""
    topic: str = ""
    place: str = ""
    language: str = ""

    def admits_need(self, need: Need) -> bool:
        return (
            (not self.focus or self.focus in need.areas)
            and (not self.topic or self.topic in need.topics)
            and (not self.place or need.country in _members(self.place))
            and self.language in ("", need.language)
        )

    def admits_offer(self, offer: Offer) -> bool:
        """Whether the gates of focus, region and language let the solution through; what is not stated passes."""
        return (
            (not self.focus or not offer.areas or self.focus in offer.areas)
            and (not self.topic or self.topic in offer.topics)
            and (not self.place or offer.countries is None or bool(offer.countries & _members(self.place)))
            and (not self.language or not offer.languages or self.language in offer.languages)
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one slice.

    ``passing`` are demands whose gates at least one solution passes, ``matched`` those with a match above the floor.
    Sums are over the demands that state the figure; ``people_stated`` and ``budget_stated`` say how many do.
    """

    open: int = 0
    passing: int = 0
    matched: int = 0
    people: int = 0
    people_stated: int = 0
    budget_eur: float = 0.0
    budget_stated: int = 0

    @property
    def without(self) -> int:
        return self.open - self.matched

    @property
    def share(self) -> float:
        """Of open demands without a match, 0 to 1."""
        return self.without / self.open if self.open else 0.0


def count(chosen: Iterable[Need]) -> Figures:
    rows = list(chosen)
    people = [need.people for need in rows if need.people is not None]
    budgets = [need.budget_eur for need in rows if need.budget_eur is not None]
    return Figures(
        open=len(rows),
        passing=sum(need.eligible > 0 for need in rows),
        matched=sum(need.above_floor > 0 for need in rows),
        people=sum(people),
        people_stated=len(people),
        budget_eur=sum(budgets),
        budget_stated=len(budgets),
    )


def failures(chosen: Iterable[Need]) -> Counter[str]:
    """Gate → pairs of a demand and a solution of its focus area that it keeps apart."""
    found: Counter[str] = Counter()
    for need in chosen:
        found.update(need.failures)
    return found


def failing_criteria(chosen: Iterable[Need]) -> list[tuple[str, int]]:
    """(criterion, near misses that only it keeps apart), the most first. Counted in the database, being long."""
    return _failing_criteria(tuple(need.pk for need in chosen))


def failing_criteria_of(moment: Snapshot, chosen: Slice) -> list[tuple[str, int]]:
    """The same, remembered: the lists that have to be read for it are long, and the page is for everybody."""
    return _remembered(moment.stamp, chosen)


@lru_cache(maxsize=256)
def _remembered(stamp: tuple[Any, ...], chosen: Slice) -> list[tuple[str, int]]:
    return failing_criteria(need for need in _snapshot(stamp).needs if chosen.admits_need(need))


def _failing_criteria(demands: tuple[int, ...]) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT verdict -> 'values' ->> 'criterion' AS criterion, count(*)
            FROM matching_ranking, jsonb_array_elements(near_misses) AS miss,
                 jsonb_array_elements(miss -> 'result' -> 'verdicts') AS verdict
            WHERE demand_id = ANY(%s) AND verdict ->> 'outcome' = 'fail' AND verdict -> 'values' ? 'criterion'
            GROUP BY 1 ORDER BY 2 DESC, 1
            """,
            [list(demands)],
        )
        return [(str(criterion), int(number)) for criterion, number in cursor.fetchall()]


def computed_at() -> datetime | None:
    """When the newest of the rankings that the figures rest on was made."""
    found: datetime | None = Ranking.objects.aggregate(at=Max("computed_at"))["at"]
    return found
