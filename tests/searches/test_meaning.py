"""Records that are near in meaning: which are found, for whom, and what happens when nobody answers."""

from typing import Any

import numpy as np
import pytest
from django.core.cache import cache

from cities.models import Demand
from matching.vectors import ensure_vectors, wording_of_demand
from portal.searches import meaning
from portal.searches.meaning import keep_vector, near_enough, widened
from portal.searches.meaning_actions import learn_meanings
from portal.searches.models import DemandMeaning
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _asked(settings: Any, monkeypatch: Any) -> None:
    """A worker that answers at once."""
    cache.clear()
    settings.SEARCH_PATIENCE_MS = 100
    monkeypatch.setattr(meaning, "_silent_until", 0.0)
    monkeypatch.setattr(meaning, "ask", lambda _task, arguments, _queue: keep_vector(*arguments) or True)


def learnt(**fields: Any) -> Demand:
    demand = DemandFactory(**fields)
    ensure_vectors([wording_of_demand(demand)])
    learn_meanings(subject="demands")
    return demand


@pytest.mark.usefixtures("_asked")
def test_near_record_is_found_and_said_to_be_near(client: Any, monkeypatch: Any) -> None:
    demand = learnt(title="Kindergartens without stairs")
    far = learnt(title="Sewers")
    monkeypatch.setattr(meaning, "FLOOR", 0.0)
    monkeypatch.setattr(meaning, "near_enough", lambda _vector, _space, records: [demand.pk])
    page = client.get("/en/demands/?q=unheardofword")
    assert [one.pk for one in page.context["page_obj"]] == [demand.pk]
    assert far.title not in page.content.decode()
    assert "Near in meaning: none of your words occurs." in page.content.decode()


def test_nearest_comes_first_and_the_hidden_not_at_all() -> None:
    near, nearer, hidden = (DemandFactory() for _number in range(3))
    for demand, angle in ((near, 0.2), (nearer, 0.1), (hidden, 0.0)):
        row = np.array([np.cos(angle), np.sin(angle)], np.float16)
        DemandMeaning.objects.create(record=demand, space="s", version=1, vector=widened(row))
    asked = widened(np.array([1, 0], np.float16))
    readable = Demand.objects.exclude(pk=hidden.pk)
    assert near_enough(asked, "s", readable) == [nearer.pk, near.pk]
    assert near_enough(asked, "another space", readable) == []


def test_only_public_records_are_learnt_and_each_once() -> None:
    demand = learnt()
    learnt(state="draft")
    learnt(visibility="members")
    assert list(DemandMeaning.objects.values_list("record", flat=True)) == [demand.pk]


def test_changed_record_is_learnt_again() -> None:
    demand = learnt()
    Demand.objects.filter(pk=demand.pk).update(version=2)
    learn_meanings(subject="demands")
    assert DemandMeaning.objects.get().version == 2


def test_page_without_an_answer_says_that_only_words_were_searched(
    client: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.SEARCH_PATIENCE_MS = 30
    monkeypatch.setattr(meaning, "_silent_until", 0.0)
    learnt(title="Sewers")
    page = client.get("/en/demands/?q=unanswered").content.decode()
    assert "Only words were searched this time, not meaning." in page
