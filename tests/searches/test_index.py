"""Records that an older version of the portal indexed are found as today's are, without anybody doing anything."""

from typing import Any

import pytest
from django.db import connection

from catalog.models import ReferenceData, Solution
from cities.actions import refresh_search
from cities.models import Demand
from portal.common.search import tokens
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from portal.searches import index_actions
from portal.searches.tasks import INDEX, learn_new_words
from tests.factories import DemandFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def as_of_old(record: Any, text: str) -> None:
    """Indexed with the characters as they were written, and no others."""
    vector = " ".join(f"'{token}'" for token in tokens(text))
    with connection.cursor() as cursor:
        table = record._meta.db_table
        cursor.execute(f"UPDATE {table} SET search = %s::tsvector WHERE id = %s", [vector, record.pk])


def test_records_of_old_are_indexed_anew_in_slices(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_actions, "AT_ONCE", 2)
    for number in range(3):
        as_of_old(DemandFactory(language="zh-hans", title=f"更換路燈{number}"), f"更換路燈{number}")
    as_of_old(SolutionFactory(language="zh-hans", name="節能路燈"), "節能路燈")
    ReferenceData.objects.filter(name=index_actions.NAME).delete()
    learn_new_words()
    learn_new_words()
    assert Job.objects.filter(kind=INDEX).count() == 1
    run_due()
    assert len(client.get("/zh-hans/demands/", {"q": "路灯"}).context["page_obj"]) == Demand.objects.count() == 3
    assert (
        len(client.get("/zh-hans/solutions/", {"q": "节能路灯"}).context["page_obj"]) == Solution.objects.count() == 1
    )


def test_a_new_database_is_owed_nothing() -> None:
    DemandFactory()
    learn_new_words()
    assert not Job.objects.filter(kind=INDEX).exists()


def test_either_script_is_marked_for_the_other(client: Any) -> None:
    refresh_search(DemandFactory(language="zh-hans", title="更換路燈", summary="", problem="", outcome=""))
    assert "更換<mark>路燈</mark>" in client.get("/zh-hans/demands/", {"q": "路灯"}).content.decode()
