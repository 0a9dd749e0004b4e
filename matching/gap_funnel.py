"""How far demands have come, from publication to a result: counts of those that reached at least each step."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Demand
from matching.enums import MatchState as S
from matching.gap import Slice
from matching.gap_tables import small
from matching.models import Match
from matching.states import CITY_SEES, INTRODUCED
from portal.common.geography import expand_regions

STEPS = (
    ("published", _("Published")),
    ("possible", _("At least one solution fits")),
    ("offered", _("ICLEI offered a match to the city")),
    ("introduced", _("City and provider were introduced")),
    ("result", _("Came to a pilot, a tender or a contract")),
)
RESULT = frozenset({S.PILOT, S.TENDER, S.LOST, S.CONTRACT, S.OPERATING, S.STOPPED})


@dataclass(frozen=True, slots=True)
class Step:
    """``number`` demands reached it, of ``most`` that were published."""

    label: Any
    number: int
    most: int

    @property
    def is_small(self) -> bool:
        return small(self.number)


def funnel(chosen: Slice) -> list[Step]:
    """The steps of all public demands of the slice, closed ones too; each step counts those of the next as well."""
    numbers = _counted(chosen, _stamp())
    return [Step(label, numbers[code], numbers["published"]) for code, label in STEPS]


def _stamp() -> tuple[Any, ...]:
    demands = Demand.objects.public().aggregate(n=Count("pk"), at=Max("updated_at"))
    matches = Match.objects.filter(state__in=CITY_SEES).aggregate(n=Count("pk"), at=Max("updated_at"))
    return (*demands.values(), *matches.values())


@lru_cache(maxsize=256)
def _counted(chosen: Slice, stamp: tuple[Any, ...]) -> dict[str, int]:
    """Remembered until a demand or a match moves: the page is for everybody."""
    demands = public_demands(chosen)
    offered = Q(pk__in=_with_match(CITY_SEES))
    return demands.aggregate(
        published=Count("pk"),
        possible=Count("pk", filter=Q(ranking__above_floor__gt=0) | offered),
        offered=Count("pk", filter=offered),
        introduced=Count("pk", filter=Q(pk__in=_with_match(INTRODUCED))),
        result=Count("pk", filter=Q(pk__in=_with_match(RESULT))),
    )


def _with_match(states: frozenset[str]) -> QuerySet[Match, int]:
    return Match.objects.filter(state__in=states).values_list("demand_id", flat=True)


def public_demands(chosen: Slice) -> QuerySet[Demand]:
    """What ``Slice.admits_need`` admits, as a query."""
    demands = Demand.objects.public()
    if chosen.focus:
        further = Demand.more_focus_areas.through.objects.filter(focusarea__code=chosen.focus).values("demand_id")
        demands = demands.filter(Q(focus_area__code=chosen.focus) | Q(pk__in=further))
    if chosen.topic:
        topics = Demand.topics.through.objects.filter(topic__code=chosen.topic).values("demand_id")
        demands = demands.filter(pk__in=topics)
    if chosen.place:
        demands = demands.filter(country__in=expand_regions([chosen.place]))
    return demands.filter(original_language=chosen.language) if chosen.language else demands
