"""What a row of the results says about why it is there, and what the page says about what was searched."""

from typing import Any

import pytest

from cities.actions import refresh_search
from portal.searches.word_actions import recount_words
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db


def searchable(**fields: Any) -> Any:
    demand = DemandFactory(**{"problem": "", "outcome": "", "summary": "", **fields})
    refresh_search(demand)
    return demand


def page_of(client: Any, query: str, language: str = "en") -> str:
    recount_words()
    return client.get(f"/{language}/demands/?{query}").content.decode()


def test_words_are_marked_where_they_stand(client: Any) -> None:
    searchable(title="Lamps", summary="Our <old> Éclairage is dark.")
    assert "Our &lt;old&gt; <mark>Éclairage</mark> is dark." in page_of(client, "q=eclairage")


def test_word_of_another_language_says_what_it_stands_for(client: Any) -> None:
    searchable(language="ko", title="친환경 버스 도입")
    page = page_of(client, "q=bus")
    assert '<q lang="ko">친환경 <mark>버스</mark> 도입</q> (“버스” for “bus”)' in page


def test_long_text_is_cut_around_what_was_found(client: Any) -> None:
    searchable(title="Lamps", summary=f"{'before ' * 60}needle {'after ' * 60}")
    page = page_of(client, "q=needle")
    assert "… " in page
    assert "<mark>needle</mark>" in page


def test_words_elsewhere_are_said_to_be_elsewhere(client: Any) -> None:
    searchable(title="Lamps", outcome="A needle.")
    assert "Your words stand in another part of it." in page_of(client, "q=needle")


def test_other_order_explains_nothing(client: Any) -> None:
    searchable(title="Needle")
    assert "<mark>" not in page_of(client, "q=needle&sort=newest")


def test_slip_is_set_right_and_can_be_kept(client: Any) -> None:
    searchable(title="Drainage of the valley")
    page = page_of(client, "q=drainaeg")
    assert "Results for “drainage”." in page
    assert "?q=drainaeg&amp;typed=drainaeg" in page
    assert "<h1>0 demands</h1>" in page_of(client, "q=drainaeg&typed=drainaeg")


def test_word_that_only_the_reader_may_see_is_no_slip(client_of: Any, world: Any) -> None:
    searchable(title="Drainage of the valley")
    searchable(title="Drainoge", visibility="members")
    recount_words()
    response = client_of(world.provider_editor).get("/en/demands/?q=drainoge")
    assert response.context["reading"].corrected == ""
    assert response.context["count"] == 1
