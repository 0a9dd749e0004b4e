"""The box on the home page: words typed there are searched in either list, at the list's own address."""

import re
from typing import Any

import pytest

from catalog.writing_actions import refresh_search as index_solution
from cities.actions import refresh_search
from tests.factories import DemandFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def test_words_typed_on_the_home_page_find_demands_and_solutions(client: Any) -> None:
    demand, solution = (
        DemandFactory(language="ko", title="가로등 교체"),
        SolutionFactory(language="ko", name="가로등 임대"),
    )
    refresh_search(demand)
    index_solution(solution)
    form = re.search(r'<form class="hero__search".*?</form>', client.get("/ko/").content.decode(), re.DOTALL)[0]
    name = re.search(r'type="search"[^>]* name="(\w+)"', form)[1]
    demands, solutions = (re.search(rf'{where}="([^"]+)"', form)[1] for where in (" action", "formaction"))
    assert [one.pk for one in client.get(demands, {name: "가로등"}).context["page_obj"]] == [demand.pk]
    assert [one.pk for one in client.get(solutions, {name: "가로등"}).context["page_obj"]] == [solution.pk]
