"""The gap counted from records and stored rankings: cells by scope, country and language.

A *scope* is everything, one focus area, or one topic among the demands of its own area. A page that shows sixty figures
adds up a few hundred cells for each, whether a hundred demands stand behind them or a hundred thousand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection

from catalog.models import Solution, Topic
from cities.models import Demand
from matching.enums import MatchState as S
from matching.models import Match
from matching.states import CITY_SEES, INTRODUCED
from portal.common.currencies import to_eur
from portal.common.projection import projected

ALL, NO_AREA = "", "no area"
RESULT = frozenset({S.PILOT, S.TENDER, S.LOST, S.CONTRACT, S.OPERATING, S.STOPPED})
AT_ONCE = 2000
CLOSE = 4  # demands of places closer than this, of the map's width of 1000, share a spot
Spot = tuple[int, int]
Place = tuple[str, str]  # country, language


def area_scope(code: str) -> str:
    return f"area:{code}"


def topic_scope(code: str) -> str:
    return f"topic:{code}"


def scope_of(area: str, topic: str) -> str:
    if topic:
        return topic_scope(topic)
    return area_scope(area) if area else ALL


@dataclass(slots=True)
class Need:
    """Open demands of one scope, country and language. Sums over those that state the figure; see gap.Figures.

    ``spots`` are those that name a city, by where it is on the map.
    """

    open: int = 0
    passing: int = 0
    matched: int = 0
    people: int = 0
    people_stated: int = 0
    budget_eur: float = 0.0
    budget_stated: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    criteria: Counter[str] = field(default_factory=Counter)
    spots: Counter[Spot] = field(default_factory=Counter)

    def add(self, other: "Need") -> None:
        for name in FIGURES:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.failures.update(other.failures)
        self.criteria.update(other.criteria)
        self.spots.update(other.spots)


FIGURES = ("open", "passing", "matched", "people", "people_stated", "budget_eur", "budget_stated")
Needs = Mapping[str, Mapping[Place, Need]]
# scope → country and language → how many public demands reached at least each step of matching.gap_funnel.
Steps = Mapping[str, Mapping[Place, list[int]]]
# scope → (countries and regions served, languages) → listed solutions. Nothing stated counts everywhere.
Offers = Mapping[str, Mapping[tuple[tuple[str, ...], tuple[str, ...]], int]]


def open_demands() -> Any:
    """What the gap counts: demands that everybody may read and that are open."""
    return Demand.objects.public().live()


def count_needs() -> Needs:
    found: dict[str, dict[Place, Need]] = defaultdict(lambda: defaultdict(Need))
    scopes = _Scopes(Demand, "demand_id")
    criteria = _criteria()
    rows = open_demands().values_list(
        "pk", "focus_area__code", "country", "original_language", "people_served", "budget_min", "budget_max",
        "currency", "ranking__eligible", "ranking__above_floor", "ranking__failures", "city__longitude",
        "city__latitude",
    )  # fmt: skip
    for pk, area, country, language, *facts in rows.iterator(AT_ONCE):
        one = _need(*facts, criteria=criteria.get(pk, Counter()))
        for scope in scopes.of(pk, area, is_everywhere=False):
            found[scope][country, language].add(one)
    return found


def _need(
    people: int | None, low: Any, high: Any, currency: str, eligible: int | None, above: int | None,
    failures: Mapping[str, int] | None, longitude: float | None, latitude: float | None, criteria: Counter[str],
) -> Need:  # fmt: skip
    """One demand."""
    budget = _euros(high if high is not None else low, currency)
    return Need(
        open=1,
        passing=int((eligible or 0) > 0),
        matched=int((above or 0) > 0),
        people=people or 0,
        people_stated=int(people is not None),
        budget_eur=budget or 0.0,
        budget_stated=int(budget is not None),
        failures=Counter(failures or {}),
        criteria=criteria,
        spots=Counter() if longitude is None or latitude is None else Counter([_spot(longitude, latitude)]),
    )


@lru_cache(maxsize=50_000)
def _spot(longitude: float, latitude: float) -> Spot:
    x, y = projected(longitude, latitude)
    return round(x / CLOSE) * CLOSE, round(y / CLOSE) * CLOSE


def count_offers() -> Offers:
    found: dict[str, Counter[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(Counter)
    scopes = _Scopes(Solution, "solution_id")
    rows = Solution.objects.listed().values_list("pk", "focus_area__code", "regions", "languages")
    for pk, area, regions, languages in rows.iterator(AT_ONCE):
        key = (tuple(sorted(regions)), tuple(sorted(languages)))
        for scope in scopes.of(pk, area, is_everywhere=True):
            found[scope][key] += 1
    return found


def count_steps() -> Steps:
    """Of all public demands, closed ones too: published, possible, offered, introduced, come to a result."""
    found: dict[str, dict[Place, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * 5))
    scopes = _Scopes(Demand, "demand_id")
    reached = [_with_match(states) for states in (CITY_SEES, INTRODUCED, RESULT)]
    rows = Demand.objects.public().values_list(
        "pk", "focus_area__code", "country", "original_language", "ranking__above_floor"
    )
    for pk, area, country, language, above in rows.iterator(AT_ONCE):
        beyond = [pk in demands for demands in reached]
        steps = [True, bool(above) or beyond[0], *beyond]
        for scope in scopes.of(pk, area, is_everywhere=False):
            numbers = found[scope][country, language]
            for place, is_reached in enumerate(steps):
                numbers[place] += is_reached
    return found


def _with_match(states: frozenset[str]) -> set[int]:
    return set(Match.objects.filter(state__in=states).values_list("demand_id", flat=True))


class _Scopes:
    """In which scopes a record counts: everything, each of its areas, and its topics within those."""

    def __init__(self, model: type[Demand] | type[Solution], owner: str) -> None:
        self.areas = _codes(model.more_focus_areas.through, owner, "focusarea__code")
        self.topics = _codes(model.topics.through, owner, "topic__code")
        self.area_of = dict(Topic.objects.values_list("code", "focus_area__code"))
        self.every_area = [area_scope(code) for code in dict.fromkeys(self.area_of.values())]

    def of(self, pk: int, area: str | None, *, is_everywhere: bool) -> Iterator[str]:
        """``is_everywhere``: what names no area counts in all of them, as the gate has it."""
        areas = {*self.areas.get(pk, ()), *([area] if area else [])}
        yield ALL
        yield from map(area_scope, areas)
        if not areas:
            yield NO_AREA
            yield from self.every_area if is_everywhere else ()
        for topic in self.topics.get(pk, ()):
            if self.area_of.get(topic) in areas or (is_everywhere and not areas):
                yield topic_scope(topic)


def _codes(through: Any, owner: str, code: str) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, value in through.objects.values_list(owner, code).iterator(AT_ONCE):
        found[pk].append(value)
    return found


def _euros(amount: Any, currency: str) -> float | None:
    euros = to_eur(amount, currency) if amount is not None and currency else None
    return None if euros is None else float(euros)


def _criteria() -> Mapping[int, Counter[str]]:
    """Of each demand: criterion → near misses that only it keeps apart. Counted in the database, being long."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT demand_id, verdict -> 'values' ->> 'criterion' AS criterion, count(*)
            FROM matching_ranking, jsonb_array_elements(near_misses) AS miss,
                 jsonb_array_elements(miss -> 'result' -> 'verdicts') AS verdict
            WHERE verdict ->> 'outcome' = 'fail' AND verdict -> 'values' ? 'criterion'
            GROUP BY 1, 2
            """
        )
        for demand, criterion, number in cursor.fetchall():
            found[demand][str(criterion)] = int(number)
    return found
