"""What a test that commits leaves to the next one."""

import pytest

from catalog.models import FocusArea, Topic
from portal.common.finding import are_marks_known
from tests.concurrency import committed
from tests.emptying import empty_filled_tables
from tests.factories import DemandFactory

__all__ = ["committed"]


@pytest.mark.usefixtures("committed")
def test_changed_vocabulary_is_put_back_in_a_database_that_counts_as_new() -> None:
    DemandFactory()
    kept = list(Topic.objects.order_by("pk").values_list("pk", "code"))
    areas = list(FocusArea.objects.values_list("pk", "order"))
    FocusArea.objects.update(order=0)
    empty_filled_tables()
    assert list(Topic.objects.order_by("pk").values_list("pk", "code")) == kept
    assert list(FocusArea.objects.values_list("pk", "order")) == areas
    assert are_marks_known()
