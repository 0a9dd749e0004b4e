"""Values of a column, looked up one by one."""

import pytest

from cities.models import Demand
from portal.common.occurring import occurring
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db


def test_values_that_occur_are_found_once_and_in_order() -> None:
    for country, state in (("KR", "published"), ("BR", "published"), ("KR", "published"), ("ES", "draft")):
        demand = DemandFactory(state=state)
        Demand.objects.filter(pk=demand.pk).update(country=country)
    assert occurring(Demand.objects.public(), "country") == ["BR", "KR"]
    assert occurring(Demand.objects.none(), "country") == []
