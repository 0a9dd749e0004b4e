"""The gap: open demand, live supply, and what stays unmatched, by focus area, region and language.

A demand counts in each of its focus areas and topics, as in the list of demands that every figure links to, so rows may
add up to more than the total. A small portal is counted at the moment of asking; of a large one the figures of a stored
moment are shown (matching.moments), which says when it was.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from catalog.models import Solution
from cities.models import Demand
from matching.gap_counting import FIGURES, Need, Needs, Offers, Steps, count_needs, count_offers, count_steps, scope_of
from matching.gap_counting import open_demands as open_demands
from matching.models import Match, Ranking
from matching.moments.models import GapMoment
from matching.states import CITY_SEES
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
    """From the stored moment; else two counts over indexed columns, cheap enough for every visit of the home page."""
    stored = stored_moment()
    if stored is not None:
        total = stored.figures(Slice())
        return Headline(total.open, total.matched, stored.supply(Slice()), total.without)
    matched = Ranking.objects.filter(demand=OuterRef("pk"), above_floor__gt=0)
    found = open_demands().aggregate(open=Count("pk"), matched=Count("pk", filter=Q(Exists(matched))))
    live = Solution.objects.listed().count()
    return Headline(found["open"], found["matched"], live, found["open"] - found["matched"])


# --- Choosing and counting -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slice:
    """What a figure is about; empty means all. ``place`` is a continent, a subregion or a country."""

    focus: str = ""
    topic: str = ""
    place: str = ""
    language: str = ""

    @property
    def scope(self) -> str:
        return scope_of(self.focus, self.topic)

    def admits(self, country: str, language: str) -> bool:
        return self.language in ("", language) and (not self.place or country in members(self.place))


@lru_cache(maxsize=512)
def members(place: str) -> frozenset[str]:
    return expand_regions([place])


@lru_cache(maxsize=4096)
def _reaches(regions: tuple[str, ...], place: str) -> bool:
    """Whether who serves these countries and regions serves a part of the place; what is not stated passes."""
    return not regions or not place or bool(expand_regions(regions) & members(place))


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

    @classmethod
    def of(cls, needs: Sequence[Need]) -> "Figures":
        return cls(**{name: sum(getattr(need, name) for need in needs) for name in FIGURES})

    @property
    def without(self) -> int:
        return self.open - self.matched

    @property
    def share(self) -> float:
        """Of open demands without a match, 0 to 1."""
        return self.without / self.open if self.open else 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """All figures of one moment.

    ``rankings_of`` is when the newest of their rankings was made; ``counted_at`` None where it is the moment of asking.
    """

    needs: Needs
    offers: Offers
    steps: Steps
    rankings_of: datetime | None
    counted_at: datetime | None = None

    def cells(self, chosen: Slice) -> Iterator[tuple[str, str, Need]]:
        """Country, language and figures of all cells of a slice."""
        for (country, language), need in self.needs.get(chosen.scope, {}).items():
            if chosen.admits(country, language):
                yield country, language, need

    def figures(self, chosen: Slice) -> Figures:
        return Figures.of([need for _country, _language, need in self.cells(chosen)])

    def failures(self, chosen: Slice) -> Counter[str]:
        """Gate → pairs of a demand and a solution of its focus area that it keeps apart."""
        return _summed(need.failures for _country, _language, need in self.cells(chosen))

    def failing_criteria(self, chosen: Slice) -> Counter[str]:
        """Criterion → near misses that only it keeps apart."""
        return _summed(need.criteria for _country, _language, need in self.cells(chosen))

    def supply(self, chosen: Slice) -> int:
        """Listed solutions that the gates of focus, region and language let through."""
        offers = self.offers.get(chosen.scope, {})
        return sum(
            number
            for (regions, languages), number in offers.items()
            if (not chosen.language or not languages or chosen.language in languages)
            and _reaches(regions, chosen.place)
        )


def _summed(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counters:
        total.update(one)
    return total


def continent(country: str) -> str:
    return continent_of(country) or UNKNOWN if country in countries() else UNKNOWN


def subregion(country: str) -> str:
    return subregion_of(country) or UNKNOWN if country in countries() else UNKNOWN


# --- The moment shown ------------------------------------------------------------------------------------


def moment() -> Moment:
    """The stored one where there is one; else counted now, and kept by each process until a record changes."""
    return stored_moment() or _counted(stamp())


def stored_moment() -> Moment | None:
    found = GapMoment.objects.order_by("-pk").values_list("pk", flat=True).first()
    return None if found is None else _stored(found)


@lru_cache(maxsize=1)
def _stored(pk: int) -> Moment | None:
    row = GapMoment.objects.filter(pk=pk).first()  # None when a newer one has just taken its place
    return None if row is None else Moment(*row.tables(), row.rankings_of, row.counted_at)


def stamp() -> tuple[Any, ...]:
    """Changes with the records and rankings that the figures rest on."""
    demands = Demand.objects.public().aggregate(n=Count("pk"), at=Max("updated_at"))
    matches = Match.objects.filter(state__in=CITY_SEES).aggregate(n=Count("pk"), at=Max("updated_at"))
    solutions = Solution.objects.listed().aggregate(n=Count("pk"), at=Max("updated_at"))
    rankings = Ranking.objects.aggregate(n=Count("pk"), at=Max("computed_at"))
    return tuple(value for found in (demands, matches, solutions, rankings) for value in found.values())


@lru_cache(maxsize=1)
def _counted(stamp: tuple[Any, ...]) -> Moment:
    return count_now()


def count_now() -> Moment:
    return Moment(count_needs(), count_offers(), count_steps(), computed_at())


def computed_at() -> datetime | None:
    """When the newest of the rankings that the figures rest on was made."""
    found: datetime | None = Ranking.objects.aggregate(at=Max("computed_at"))["at"]
    return found
