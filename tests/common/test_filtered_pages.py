"""Pages of what filters leave: keys and number in one look, the rows by key."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cities.models import City
from portal.common.pagination import InOneLook
from tests.factories.cities import CityFactory

pytestmark = pytest.mark.django_db


def pages(number_of_cities: int) -> InOneLook:
    for _ in range(number_of_cities):
        CityFactory(country="CL")
    CityFactory(country="FR")
    return InOneLook(City.objects.filter(country="CL").order_by("-pk"), 4)


@pytest.mark.parametrize(
    ("asked", "number", "queries"),
    [
        (None, 1, 2), ("", 1, 2), ("x", 1, 2), ("2", 2, 2), ("3", 3, 2), ("4", 3, 3), ("9" * 30, 3, 2), ("0", 3, 2),
        ("-1", 3, 2),
    ],
)  # fmt: skip
def test_page_is_found_and_counted_in_one_look(asked: Any, number: int, queries: int) -> None:
    found, expected = pages(10), list(City.objects.filter(country="CL").order_by("-pk"))
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        page = found.get_page(asked)
        rows = list(page)
    assert (page.number, rows, page.paginator.count) == (number, expected[4 * number - 4 : 4 * number], 10)
    assert len(asked_for) == queries


def test_nothing_is_a_page_too() -> None:
    page = pages(0).get_page("1")
    assert (list(page), page.paginator.count, page.number) == ([], 0, 1)
