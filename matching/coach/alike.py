"""What cities alike have asked for, and what is at work there: alike by size, climate and income, in any language."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from catalog.models import Reference, Solution
from cities.models import City, Demand
from matching.coach.subject import WRITTEN, same_subject
from portal.common.geography import income_group

INCOMES = ("low", "lower_middle", "upper_middle", "high")
# Looked at before they are put in order; more than anybody writes about the same in the same years.
LOOKED_AT = 400
SHOWN = 3
LEAST = 0.45


@dataclass(frozen=True, slots=True)
class Examples:
    demands: list[Demand]
    references: list[tuple[Reference, City]]

    @property
    def has_any(self) -> bool:
        return bool(self.demands or self.references)


class Place(Protocol):
    """A city, or what of it makes others like it."""

    @property
    def population(self) -> int | None: ...
    @property
    def koppen(self) -> str: ...
    @property
    def country(self) -> str: ...


def likeness(one: Place, other: Place) -> float:
    """0 to 1: four tenths by size (ten times as large is not alike), three by climate, three by income."""
    if one.population and other.population:
        size = max(0.0, 1 - abs(math.log10(one.population / other.population)))
    else:
        size = 0.5
    return 0.4 * size + 0.3 * _climate(one.koppen, other.koppen) + 0.3 * _income(one.country, other.country)


def _climate(one: str, other: str) -> float:
    if not one or not other:
        return 0.5
    return 1.0 if one == other else 0.6 if one[0] == other[0] else 0.0


def _income(one: str, other: str) -> float:
    groups = income_group(one), income_group(other)
    if None in groups:
        return 0.5
    apart = abs(INCOMES.index(groups[0]) - INCOMES.index(groups[1]))  # type: ignore[arg-type]
    return max(0.0, 1 - apart / 2)


def examples_for(demand: Demand) -> Examples:
    """Public demands and references of the same subject in the cities most alike; none of its own."""
    if demand.city is None or (demand.focus_area_id is None and not demand.topics.all()):
        return Examples([], [])
    return Examples(_demands(demand, demand.city), _references(demand, demand.city))


def _demands(demand: Demand, city: City) -> list[Demand]:
    found = Demand.objects.public().filter(same_subject(demand, Demand), city__isnull=False).exclude(city=city)
    newest = found.exclude(pk=demand.pk).order_by("-published_at", "-pk")
    rows = newest.values_list("pk", "city")[:LOOKED_AT]
    best = _best(city, rows, _places("pk", rows))
    known = Demand.objects.for_list().in_bulk(best)
    return [known[pk] for pk in best if pk in known]


def _places(key: str, rows: Iterable[tuple[int, int]]) -> dict[int, Place]:
    """What makes places alike, by the key under which records name them."""
    found = City.objects.filter(**{f"{key}__any_of": {place for _pk, place in rows}})
    facts = found.values_list(key, "population", "koppen", "country", named=True)
    return {row[0]: row for row in facts}


def _best(city: City, rows: Iterable[tuple[int, int]], places: Mapping[int, Place]) -> list[int]:
    """Keys of the records, (key, place), whose places are most like this one."""
    rated = [(likeness(city, places[place]), pk) for pk, place in rows if place in places]
    return [pk for close, pk in sorted(rated, key=lambda pair: (-pair[0], pair[1]))[:SHOWN] if close >= LEAST]


def _references(demand: Demand, city: City) -> list[tuple[Reference, City]]:
    solutions = Solution.objects.listed().filter(same_subject(demand, Solution)).order_by("-listed_at", "-pk")
    solutions = solutions.values("pk")[:WRITTEN]
    found = Reference.objects.filter(solution__in=solutions, geonames_id__isnull=False)
    newest = found.exclude(geonames_id=city.geonames_id).order_by("-started_on", "-pk")
    rows = newest.values_list("pk", "geonames_id")[:LOOKED_AT]
    best = _best(city, rows, _places("geonames_id", rows))
    known = Reference.objects.select_related("solution").in_bulk(best)
    cities = {
        row.geonames_id: row for row in City.objects.filter(geonames_id__in=[known[pk].geonames_id for pk in known])
    }
    return [(known[pk], cities[known[pk].geonames_id]) for pk in best if pk in known]
