"""The map and the funnel of the gap: dots where demands are, tinted as the heat table says, and how far they came."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import gap
from matching.enums import MatchState
from matching.gap import Slice
from matching.gap_funnel import funnel
from matching.gap_map import MOST_DOTS, gap_map
from portal.common.projection import HEIGHT, WIDTH, projected
from tests.factories import CityFactory, DemandFactory, MatchFactory


def drawn(found: gap.Moment, heat: int | None = None) -> list[tuple[int | None, int, int]]:
    """(heat, width, dots) of each layer."""
    layers = gap_map(found, Slice(), lambda country: heat).layers
    return [(layer.heat, layer.width, len(re.findall("M", layer.path))) for layer in layers]


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_every_place_of_the_world_is_on_the_map(longitude: float, latitude: float) -> None:
    x, y = projected(longitude, latitude)
    assert -1e-6 <= x <= WIDTH + 1e-6
    assert -1 <= y <= HEIGHT + 1


def test_places_lie_to_each_other_as_on_the_globe() -> None:
    santiago, suwon, oslo = projected(-70.6, -33.4), projected(127, 37.3), projected(10.8, 59.9)
    assert santiago[0] < oslo[0] < suwon[0]
    assert oslo[1] < suwon[1] < santiago[1]
    assert abs(projected(11.5, 0)[0] - WIDTH / 2) < 1e-6


@pytest.mark.django_db
def test_demands_of_one_city_share_a_dot_that_grows() -> None:
    city = CityFactory()
    for _ in range(5):
        DemandFactory(city=city)
    DemandFactory(city=CityFactory(latitude=37.3, longitude=127.0, country="KR"))
    DemandFactory(city=None, organisation=None, source="ted", country="DE")
    found = gap.moment()
    assert drawn(found, heat=3) == [(3, 14, 1), (3, 9, 1)]
    assert gap_map(found, Slice(), lambda country: None).unplaced == 1


@pytest.mark.django_db
def test_crowded_map_draws_a_bounded_number_of_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.gap_map.MOST_DOTS", 3)
    for step in range(8):
        DemandFactory(city=CityFactory(longitude=-60 + 2.0 * step))
    assert MOST_DOTS == 400
    assert sum(dots for _heat, _width, dots in drawn(gap.moment())) <= 3


@pytest.mark.django_db
def test_funnel_counts_each_step_with_those_beyond_it() -> None:
    reached = ("rejected", "offered", "introduced", "dialogue", "pilot", "contract")
    for state in reached:
        MatchFactory(state=MatchState(state))
    DemandFactory()
    MatchFactory(state=MatchState.PILOT, demand=DemandFactory(state="closed"))
    MatchFactory(state=MatchState.PILOT, demand=DemandFactory(visibility="members"))
    assert [step.number for step in funnel(gap.moment(), Slice())] == [8, 6, 6, 5, 3]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "chosen", [Slice(), Slice(focus="mobility"), Slice(place="019"), Slice(language="ko"), Slice(focus="x", topic="y")]
)
def test_funnel_starts_with_the_demands_that_the_slice_admits(chosen: Slice) -> None:
    DemandFactory()
    DemandFactory(language="ko", country="KR")
    moment = gap.moment()
    assert funnel(moment, chosen)[0].number == moment.figures(chosen).open
