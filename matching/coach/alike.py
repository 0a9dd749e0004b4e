"""What cities alike have asked for, and what is at work there: alike by size, climate and income, in any language."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Case, F, FloatField, Func, OuterRef, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Cast, Greatest

from catalog.enums import SolutionState
from catalog.models import Reference, Solution
from cities.models import City, Demand
from matching.coach.subject import lines, same_subject
from portal.common.geography import countries, income_group
from portal.common.translated import columns

INCOMES = ("low", "lower_middle", "upper_middle", "high")
# Looked at before they are put in order; more than anybody writes about the same in the same years.
LOOKED_AT = 400
SHOWN = 3
LEAST = 0.45
UNKNOWN = Value(0.5)
# What a line shows of a reference's solution.
SOLUTION = [f"solution__{one}" for one in ("public_id", "original_language", "translations", *columns("name"))]


@dataclass(frozen=True, slots=True)
class Examples:
    demands: list[Demand]
    references: list[tuple[Reference, City]]

    @property
    def has_any(self) -> bool:
        return bool(self.demands or self.references)


def likeness(city: City, at: str = "") -> Combinable:
    """0 to 1, for the city found ``at``: four tenths by size, three by climate, three by income."""
    size, climate, income = _size(city, at), _climate(city, at), _income(city, at)
    return Value(0.4) * size + Value(0.3) * climate + Value(0.3) * income


def _size(city: City, at: str) -> Combinable:
    """Ten times as large is not alike."""
    if not city.population:
        return UNKNOWN
    times = Cast(F(f"{at}population"), FloatField()) / Value(float(city.population))
    apart = Abs(Func(times, function="LOG", output_field=FloatField()))
    return Case(When(**{f"{at}population__gt": 0}, then=Greatest(Value(0.0), Value(1.0) - apart)), default=UNKNOWN)


def _climate(city: City, at: str) -> Combinable:
    if not city.koppen:
        return UNKNOWN
    return Case(
        When(**{f"{at}koppen": ""}, then=UNKNOWN),
        When(**{f"{at}koppen": city.koppen}, then=Value(1.0)),
        When(**{f"{at}koppen__startswith": city.koppen[0]}, then=Value(0.6)),
        default=Value(0.0),
    )


def _income(city: City, at: str) -> Combinable:
    own = income_group(city.country)
    if own is None:
        return UNKNOWN
    ways = (When(**{f"{at}country__any_of": codes}, then=Value(close)) for close, codes in _by_income(own).items())
    return Case(*ways, default=UNKNOWN)


@cache
def _by_income(own: str) -> dict[float, set[str]]:
    """The countries of which an income is known, by how close it is to this one."""
    found: dict[float, set[str]] = {}
    for country in countries().values():
        if country.income is not None:
            apart = abs(INCOMES.index(own) - INCOMES.index(country.income))
            found.setdefault(max(0.0, 1 - apart / 2), set()).add(country.code)
    return found


def examples_for(demand: Demand) -> Examples:
    """Public demands and references of the same subject in the cities most alike; none of its own."""
    if demand.city is None or (demand.focus_area_id is None and not demand.topics.all()):
        return Examples([], [])
    return Examples(_demands(demand, demand.city), _references(demand, demand.city))


def _demands(demand: Demand, city: City) -> list[Demand]:
    others = lines().public().filter(city__isnull=False).exclude(city=city).exclude(pk=demand.pk)
    found = others.filter(pk__in=same_subject(demand, others)).annotate(close=likeness(city, "city__"))
    return [row for row in found.order_by("-close", "pk")[:SHOWN] if row.close >= LEAST]


def _references(demand: Demand, city: City) -> list[tuple[Reference, City]]:
    found = Reference.objects.filter(solution__in=same_subject(demand, Solution.objects.listed()))
    found = found.filter(geonames_id__isnull=False).exclude(geonames_id=city.geonames_id)
    newest = found.order_by("-started_on", "-pk").values("pk")[:LOOKED_AT]
    there = City.objects.filter(geonames_id=OuterRef("geonames_id")).annotate(close=likeness(city)).values("close")
    rows = Reference.objects.filter(pk__any_of=newest, solution__state=SolutionState.LISTED)
    rows = rows.annotate(close=Subquery(there)).select_related("solution").only("status", "geonames_id", *SOLUTION)
    best = [row for row in rows.order_by(F("close").desc(nulls_last=True), "pk")[:SHOWN] if (row.close or 0) >= LEAST]
    cities = City.objects.in_bulk({row.geonames_id for row in best}, field_name="geonames_id") if best else {}
    return [(row, cities[row.geonames_id]) for row in best]
