"""What similar cities did, and who wants much the same."""

from typing import Any
from unittest.mock import patch

import pytest

from catalog.models import FocusArea, Reference, Topic
from cities.models import City, Demand
from matching.coach.alike import examples_for, likeness
from matching.coach.near import near_demands
from matching.vectors import ensure_vectors, wording_of_demand
from tests.conftest import World
from tests.factories import CityFactory, DemandFactory, PublicBodyFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def city(**values: Any) -> City:
    return CityFactory(**{"country": "CL", "population": 240_000, "koppen": "Csb", **values})


def alike(one: City, other: City) -> float:
    found: float = City.objects.annotate(close=likeness(one)).get(pk=other.pk).close
    return found


def of(place: City, **values: Any) -> Demand:
    return DemandFactory(body=PublicBodyFactory(city=place), **values)


@pytest.mark.parametrize(
    ("values", "least", "most"),
    [
        ({}, 1.0, 1.0),
        ({"population": 2_400_000}, 0.6, 0.6),
        ({"koppen": "Cfa"}, 0.8, 0.9),
        ({"koppen": "Af"}, 0.7, 0.7),
        ({"country": "MZ"}, 0.7, 0.9),
        ({"population": None, "koppen": ""}, 0.6, 0.7),
        ({"population": 0}, 0.8, 0.8),
    ],
)
def test_likeness_is_made_of_size_climate_and_income(values: dict[str, Any], least: float, most: float) -> None:
    assert least - 1e-9 <= alike(city(), city(**values)) <= most + 1e-9


def test_likeness_is_the_same_from_both_sides() -> None:
    one, other = city(koppen="Dfb", population=50_000), city(country="IN", koppen="Aw")
    assert alike(one, other) == pytest.approx(alike(other, one))


def test_examples_are_of_the_same_subject_in_the_cities_most_alike_whatever_their_language() -> None:
    mine = of(city())
    near = of(city(country="PE"), language="ko")
    far = of(city(country="NE", koppen="BWh", population=9_000))
    other = of(city(), focus_area=FocusArea.objects.exclude(pk=mine.focus_area_id).first())
    assert examples_for(mine).demands == [near]
    assert not {far, other} & set(examples_for(mine).demands)


def test_examples_name_references_of_listed_solutions_only() -> None:
    there = city()
    listed = Reference.objects.create(
        solution=SolutionFactory(), geonames_id=there.geonames_id, city_name="x", country="CL"
    )
    Reference.objects.create(
        solution=SolutionFactory(state="draft"), geonames_id=there.geonames_id, city_name="x", country="CL"
    )
    assert [item for item, _city in examples_for(of(city())).references] == [listed]


@pytest.mark.parametrize("values", [{"state": "draft"}, {"state": "withdrawn"}, {"visibility": "members"}])
def test_examples_show_nothing_that_is_not_public(values: dict[str, Any]) -> None:
    of(city(), **values)
    assert not examples_for(of(city())).has_any


def test_near_demands_share_topics_and_the_own_citys_are_marked(world: World) -> None:
    topics = list(Topic.objects.order_by("pk")[:2])
    mine = DemandFactory(body=world.city, state="draft", published_at=None, topics=topics)
    own, others = DemandFactory(body=world.city, topics=topics), DemandFactory(topics=topics)
    DemandFactory(topics=[Topic.objects.order_by("pk").last()], title="Something else", focus_area=None)
    assert {(near.demand, near.is_own) for near in near_demands(mine)} == {(own, True), (others, False)}


WORDS = dict.fromkeys(("title", "summary", "problem", "outcome"), "Pumps for flooded streets")


def test_near_demands_read_alike_whatever_their_subject() -> None:
    other = FocusArea.objects.last()
    mine, alike = DemandFactory(**WORDS), DemandFactory(**WORDS, focus_area=other)
    DemandFactory(title="Lamps for dark streets", focus_area=other)
    ensure_vectors([wording_of_demand(demand) for demand in Demand.objects.all()])
    assert [near.demand for near in near_demands(mine)] == [alike]


def test_near_demands_are_the_likest_of_many() -> None:
    topics = list(Topic.objects.order_by("pk")[:1])
    mine, nearest, near = (DemandFactory(topics=topics, **{**WORDS, "title": f"Pumps{end}"}) for end in ("", "", " 2"))
    far = DemandFactory(topics=topics, title="Lamps for dark streets")
    ensure_vectors([wording_of_demand(demand) for demand in (mine, nearest, near, far)])
    with patch("matching.coach.near.LOOKED_AT", 2):
        assert [near.demand for near in near_demands(mine)] == [nearest, near]


def test_beside_many_of_the_same_subject_near_demands_are_those_with_nearly_the_same_title() -> None:
    topics = list(Topic.objects.order_by("pk")[:1])
    mine, same = DemandFactory(**WORDS, topics=topics), DemandFactory(**WORDS)
    DemandFactory(**{**WORDS, "title": f"{same.title} downtown"})
    many = DemandFactory(topics=topics, title="Lamps for dark streets")
    ensure_vectors([wording_of_demand(demand) for demand in Demand.objects.all()])
    with patch("matching.coach.near.LOOKED_AT", 1), patch("matching.coach.near.SHOWN", 9):
        assert [near.demand for near in near_demands(mine)] == [same]
    same.delete()
    with patch("matching.coach.near.LOOKED_AT", 1):
        assert [near.demand for near in near_demands(mine)] == [many]


@pytest.mark.parametrize("state", ["draft", "submitted", "closed", "merged", "on_hold"])
def test_near_demands_are_open_ones(world: World, state: str) -> None:
    topics = list(Topic.objects.order_by("pk")[:2])
    DemandFactory(topics=topics, state=state)
    assert near_demands(DemandFactory(body=world.city, topics=topics)) == []


@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
def test_council_brief_prints_and_downloads_in_the_readers_language(
    world: World, client_of: Any, language: str
) -> None:
    long = "가로등이 오래되어 자주 꺼집니다. " * 80
    texts = {"title": "가로등 교체", "summary": long[:300], "problem": long, "outcome": long}
    demand = DemandFactory(body=world.city, language="ko", **texts)
    client = client_of(world.city_editor)
    page = client.get(f"/{language}/demands/{demand.public_id}/brief/")
    file = client.get(f"/{language}/demands/{demand.public_id}/brief.pdf")
    assert "가로등 교체" in page.content.decode()
    assert (file["Content-Type"], file.content.count(b"/Type /Page\n")) == ("application/pdf", 1)


def test_council_brief_is_for_the_city_and_iclei(world: World, client_of: Any) -> None:
    page = f"/en/demands/{world.demand.public_id}/brief/"
    assert client_of(world.moderator).get(page).status_code == 200
    assert client_of(world.provider_admin).get(page).status_code == 404
    assert client_of(world.other_city_admin).get(f"{page[:-1]}.pdf").status_code == 404
