"""What cities alike have asked for, and what is at work there: alike by size, climate and income, in any language."""

import math
from dataclasses import dataclass

from django.db.models import Q

from catalog.models import Reference
from cities.models import City, Demand
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


def likeness(one: City, other: City) -> float:
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


def _subject(demand: Demand, prefix: str = "") -> Q:
    """The same topics where topics are named, else the same focus area."""
    topics = [topic.pk for topic in demand.topics.all()]
    return Q(**{f"{prefix}topics__in": topics}) if topics else Q(**{f"{prefix}focus_area": demand.focus_area_id})


def _demands(demand: Demand, city: City) -> list[Demand]:
    found = Demand.objects.public().filter(_subject(demand), city__isnull=False).exclude(city=city)
    rows = list(found.exclude(pk=demand.pk).for_list().distinct().order_by("-published_at", "pk")[:LOOKED_AT])
    rated = [(likeness(city, row.city), row) for row in rows if row.city is not None]
    return [row for close, row in sorted(rated, key=lambda pair: (-pair[0], pair[1].pk))[:SHOWN] if close >= LEAST]


def _references(demand: Demand, city: City) -> list[tuple[Reference, City]]:
    listed = Reference.objects.filter(_subject(demand, "solution__"), solution__state="listed")
    rows = list(
        listed.filter(geonames_id__isnull=False).exclude(geonames_id=city.geonames_id).select_related("solution")
        .distinct().order_by("-started_on", "pk")[:LOOKED_AT]
    )  # fmt: skip
    cities = {item.geonames_id: item for item in City.objects.filter(geonames_id__in={row.geonames_id for row in rows})}
    known = [(row, cities[row.geonames_id]) for row in rows if row.geonames_id in cities]
    rated = sorted(known, key=lambda pair: (-likeness(city, pair[1]), pair[0].pk))
    return [pair for pair in rated[:SHOWN] if likeness(city, pair[1]) >= LEAST]
