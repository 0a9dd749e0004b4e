"""How many solutions would pass the must-haves on the page, and which of them costs most."""

from typing import Any

import pytest

from catalog.models import Capability, Criterion, Solution
from cities.models import Demand, Requirement
from matching.coach.passing import passing
from tests.conftest import World
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db


def criterion(code: str) -> Criterion:
    return Criterion.objects.get(code=code)


def offering(**values: Any) -> Solution:
    """A solution that states these criteria."""
    solution = SolutionFactory()
    for code, value in values.items():
        kept = {"flag": value} if isinstance(value, bool) else {"number": value}
        Capability.objects.create(solution=solution, criterion=criterion(code), **kept)
    return solution


def asked(**values: Any) -> list[Requirement]:
    return [
        Requirement(criterion=criterion(code), number=None if value is True else value)
        for code, value in values.items()
    ]


def loaded(demand: Demand) -> Demand:
    return Demand.objects.for_detail().get(pk=demand.pk)


def test_without_must_haves_all_that_fit_pass(world: World) -> None:
    offering()
    found = passing(loaded(world.demand), [])
    assert (found.count, found.of, found.costs) == (2, 2, ())


def test_no_to_a_must_have_falls_out_and_silence_passes_without_being_counted_as_stated(world: World) -> None:
    offering(iso_9001=True), offering(iso_9001=False)
    found = passing(loaded(world.demand), asked(iso_9001=True))
    assert (found.count, found.of, found.stated) == (2, 3, 1)


def test_dearest_must_have_stands_first_with_what_would_pass_without_it(world: World) -> None:
    for years in (2, 3, 10):
        offering(warranty_years=years, iso_9001=True)
    offering(warranty_years=10, iso_9001=False)
    found = passing(loaded(world.demand), asked(warranty_years=5, iso_9001=True))
    assert found.count == 2
    assert [(cost.criterion.code, cost.without) for cost in found.costs] == [("warranty_years", 4), ("iso_9001", 3)]


def test_solutions_of_another_focus_or_region_do_not_pass(world: World) -> None:
    SolutionFactory(regions=["JP"])
    assert passing(loaded(world.demand), []).count == 1


def test_expired_information_does_not_pass(world: World) -> None:
    Solution.objects.update(expires_on="2020-01-01")
    assert passing(loaded(world.demand), []).count == 0


def test_draft_is_counted_like_a_published_demand(world: World) -> None:
    Demand.objects.update(state="draft")
    assert passing(loaded(world.demand), []).count == 1


def test_change_of_a_solution_is_seen_at_once(world: World) -> None:
    assert passing(loaded(world.demand), []).count == 1
    Solution.objects.update(state="suspended")
    assert passing(loaded(world.demand), []).count == 0


def lines(world: World, **more: str) -> dict[str, str]:
    return {
        "r-TOTAL_FORMS": "1", "r-INITIAL_FORMS": "0", "r-0-criterion": "iso_9001", "r-0-weight": "must",
        "version": str(world.demand.version), "seen": "", **more,
    }  # fmt: skip


def test_count_while_typing_saves_nothing(world: World, client_of: Any) -> None:
    offering(iso_9001=False)
    page = f"/en/demands/{world.demand.public_id}/passing/"
    html = client_of(world.city_editor).post(page, lines(world)).content.decode()
    assert "1 of 2 solutions would pass" in html
    assert "2 instead of 1" in html
    assert not world.demand.requirements.exists()


def test_count_without_a_script_saves_and_comes_back(world: World, client_of: Any) -> None:
    offering(iso_9001=False)
    page = f"/en/demands/{world.demand.public_id}/edit/requirements/"
    client = client_of(world.city_editor)
    response = client.post(page, lines(world, count="1"))
    assert response.url == f"{page}#passing"
    assert "2 instead of 1" in client.get(page).content.decode()
    assert world.demand.requirements.get().criterion.code == "iso_9001"


def test_count_of_half_typed_lines_takes_the_whole_ones(world: World, client_of: Any) -> None:
    page = f"/en/demands/{world.demand.public_id}/passing/"
    more = {"r-TOTAL_FORMS": "2", "r-1-criterion": "warranty_years", "r-1-weight": "must", "r-1-number": "five"}
    response = client_of(world.city_editor).post(page, lines(world, **more))
    assert (response.status_code, "would pass" in response.content.decode()) == (200, True)
