"""The picture of likeness: what the score weighs references by, fact by fact, the closest city first."""

import pytest

from catalog.models import Reference
from matching.alike import cities_alike
from tests.factories import CityFactory, DemandFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def test_cities_alike_stand_closest_first_with_a_verdict_for_each_fact() -> None:
    demand = DemandFactory(city=CityFactory(country="CL", population=200_000, koppen="Csb"))
    solution = SolutionFactory()
    for country, population, zone in (("NO", 2_000_000, "Dfc"), ("CL", 240_000, "Csb")):
        city = CityFactory(country=country, population=population, koppen=zone)
        Reference.objects.create(solution=solution, geonames_id=city.geonames_id, country=country, city_name=city.name)
    found = cities_alike(demand, solution)
    assert found is not None
    assert [one.reference.country for one in found.cities] == ["CL", "NO"]
    assert [fact.verdict for fact in found.cities[0].facts] == ["same", "same", "same", "same"]
    assert [fact.verdict for fact in found.cities[1].facts] == ["other", "other", "same", "other"]
    assert found.cities[0].percent > 90 > 50 > found.cities[1].percent


def test_city_that_the_portal_does_not_know_has_no_verdict_on_its_size() -> None:
    solution = SolutionFactory()
    Reference.objects.create(solution=solution, geonames_id=None, country="CL", city_name="Somewhere")
    found = cities_alike(DemandFactory(city=CityFactory(country="CL")), solution)
    assert found is not None
    assert [(fact.text, fact.verdict) for fact in found.cities[0].facts[:2]] == [("", ""), ("", "")]


def test_solution_without_references_has_no_picture() -> None:
    assert cities_alike(DemandFactory(), SolutionFactory()) is None
