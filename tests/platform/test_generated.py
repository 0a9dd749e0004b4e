"""Records to measure with: what comes, that it is read like any other, and that all of it goes."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.evidence import weigh
from catalog.models import Solution
from cities.models import Demand
from matching.models import Match, Ranking
from portal.accounts.models import Organisation, User
from tests.factories import CityFactory, DemandFactory


@pytest.fixture
def cities(db: None) -> None:
    for country, languages in (("CL", ["es"]), ("KR", ["ko"]), ("DE", ["de"])):
        CityFactory(country=country, working_languages=languages, population=90_000)


def generate(**more: Any) -> None:
    call_command("generate_records", demands=80, solutions=80, handled=20, verbosity=0, **more)


def test_generated_records_have_lists_and_matches_and_can_be_read(cities: None, client: Any) -> None:
    generate()
    assert (Demand.objects.count(), Solution.objects.count()) == (80, 80)
    assert Ranking.objects.count() == Demand.objects.live().count() > 40
    assert Match.objects.count() > 0
    assert client.get("/en/demands/").context["count"] > 40
    listed = Solution.objects.listed().first()
    assert listed is not None
    assert client.get(listed.get_absolute_url()).status_code == 200


def test_generated_solutions_are_found_by_filters_as_written_ones_are(cities: None) -> None:
    generate()
    filtered = ("reach", "proven", "has_reference")
    generated = list(Solution.objects.order_by("pk").values_list(*filtered))
    for solution in Solution.objects.all():
        solution.save()
        weigh(solution)
    assert generated == list(Solution.objects.order_by("pk").values_list(*filtered))
    assert len({proven for _reach, proven, _has_reference in generated}) > 2


def test_the_same_seed_generates_the_same_records(cities: None) -> None:
    """Whatever the keys are: the second time they have a digit more."""
    with connection.cursor() as cursor:
        for table in ("cities_demand", "catalog_solution", "catalog_provider", "accounts_organisation"):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 940)", [table])
    found = []
    for _time in range(2):
        generate(seed=7)
        found.append(list(Demand.objects.order_by("pk").values_list("public_id", "title", "state", "country")))
        call_command("generate_records", remove=True)
    assert found[0] == found[1]


def test_removal_takes_what_was_generated_and_nothing_else(cities: None) -> None:
    own = DemandFactory()
    people = User.objects.count()
    generate(into_existing=True)
    call_command("generate_records", remove=True)
    assert list(Demand.objects.all()) == [own]
    assert (Solution.objects.count(), Match.objects.count(), Ranking.objects.count()) == (0, 0, 0)
    assert (Organisation.objects.count(), User.objects.count()) == (1, people)


def test_nothing_is_generated_among_records_unless_told(cities: None) -> None:
    DemandFactory()
    with pytest.raises(CommandError, match="--into-existing"):
        generate()
    assert Demand.objects.count() == 1
