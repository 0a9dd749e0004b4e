"""The numbers behind the choices of a filter: what each would leave, for this reader, given all other filters."""

import re
from typing import Any

import pytest
from django.core.cache import cache

from cities.actions import refresh_search
from portal.common import finding, listing
from portal.jobs.tasks import run_due
from tests.factories import DemandFactory, SolutionFactory

pytestmark = pytest.mark.django_db
LIST = "/en/demands/"


def choices(client: Any, query: str, field: str, url: str = LIST) -> dict[str, int]:
    """Code → number, as the form shows them."""
    found = {}
    for code, label in client.get(f"{url}?{query}").context["form"].fields[field].choices:
        for key, words in label if isinstance(label, list | tuple) else [(code, label)]:
            number = re.search(r'\((\d+)\)$|aria-hidden="true">(\d+)<', str(words))
            if number:
                found[key] = int(number[1] or number[2])
    return found


def test_choice_counts_what_it_would_leave_given_all_others(client: Any) -> None:
    DemandFactory(stage="idea", language="en")
    DemandFactory.create_batch(2, stage="concept", language="en")
    DemandFactory(stage="concept", language="fr")
    assert choices(client, "language=en&stage=idea", "stage") == {"idea": 1, "concept": 2}
    assert choices(client, "language=en&stage=idea", "language") == {"en": 1}


def test_chosen_choice_stays_when_it_leaves_nothing(client: Any) -> None:
    DemandFactory(stage="idea")
    assert choices(client, "stage=concept", "stage") == {"idea": 1, "concept": 0}


def test_words_and_places_count_too(client: Any) -> None:
    for title, country in (("Bridge", "CL"), ("Bridge", "KE"), ("Tunnel", "KE")):
        refresh_search(DemandFactory(title=title, country=country, problem="", summary="", outcome=""))
    found = choices(client, "q=bridge", "place")
    assert {code: found[code] for code in ("CL", "KE", "002")} == {"CL": 1, "KE": 1, "002": 1}


def test_budget_is_counted_in_euros(client: Any) -> None:
    DemandFactory(budget_min=None, budget_max=90_000, currency="EUR")
    DemandFactory(budget_min=None, budget_max=20_000_000, currency="JPY")
    DemandFactory(budget_min=None, budget_max=None, currency="")
    assert choices(client, "", "budget") == {"to-100k": 1, "100k-1m": 1}


@pytest.mark.parametrize("hidden", [{"state": "draft"}, {"visibility": "members"}])
def test_what_the_reader_may_not_see_is_not_counted(client: Any, hidden: dict[str, str]) -> None:
    DemandFactory(stage="idea")
    DemandFactory(stage="concept", **hidden)
    assert choices(client, "", "stage") == {"idea": 1}


def test_solutions_count_their_arrays(client: Any) -> None:
    SolutionFactory(languages=["en", "ko"])
    SolutionFactory(languages=["ko"])
    assert choices(client, "", "language", "/en/solutions/") == {"en": 1, "ko": 2}


def test_screen_readers_hear_results_and_chips_no_numbers(client: Any) -> None:
    DemandFactory()
    page = client.get(f"{LIST}?focus=smart_energy").content.decode()
    assert '<span class="sr-only">1 result</span>' in page
    chips = page[page.index('<ul class="chips"') :]
    assert "sr-only" not in chips[: chips.index("</ul>")].replace('<span class="sr-only">Remove filter:', "")


def test_long_list_is_counted_by_a_worker(client: Any, monkeypatch: Any) -> None:
    cache.clear()
    monkeypatch.setattr(listing, "MANY", 0)
    DemandFactory(stage="idea")
    assert choices(client, "open=on", "stage") == {}
    run_due()
    assert choices(client, "open=on", "stage") == {"idea": 1}


def test_very_common_word_shows_the_best_and_says_so(client: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(finding, "MANY", 1)
    monkeypatch.setattr(finding, "MOST", 2)
    texts = [("Other", "needle"), ("A needle", ""), ("Another", "needle"), ("Needles", "needle")]
    for title, summary in texts:
        refresh_search(DemandFactory(title=title, summary=summary, problem="", outcome=""))
    response = client.get(f"{LIST}?q=needle")
    assert [one.title for one in response.context["page_obj"]] == ["Needles", "A needle"]
    assert "these are the best" in response.content.decode()
