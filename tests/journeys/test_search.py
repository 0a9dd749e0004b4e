"""Suggestions by keyboard and by thumb, and the same search without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cities.actions import refresh_search
from portal.searches.word_actions import recount_words
from tests.factories import DemandFactory, UserFactory
from tests.journeys.accessibility import check_page
from tests.journeys.people import People, go

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demand() -> Any:
    made = DemandFactory(language="ko", title="친환경 버스 도입", problem="", summary="", outcome="")
    refresh_search(made)
    recount_words()
    return made


def test_suggestions_are_chosen_with_the_keyboard(page: Page, site: str, demand: Any) -> None:
    page.goto(f"{site}/en/demands/")
    box = page.get_by_role("combobox", name="Words to search for")
    box.press_sequentially("street li")
    option = page.get_by_role("listbox").get_by_role("option").first
    expect(option).to_contain_text("Street lighting")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("Escape")
    expect(option).to_be_hidden()
    expect(box).to_have_value("street li")
    box.press_sequentially("g")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(page.locator(".suggestions > [aria-selected=true]")).to_contain_text("Street lighting")
    with page.expect_navigation():
        box.press("Enter")
    assert "topic=street_lighting" in page.url


def test_results_and_open_suggestions_have_no_barrier(page: Page, site: str, demand: Any) -> None:
    def type_words(page: Page) -> None:
        page.locator("[data-suggest]").fill("street l")
        expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()

    check_page(page, f"{site}/ko/demands/?q=bus", widths=(390,))
    check_page(page, f"{site}/en/demands/?q=stree", widths=(390,), prepare=type_words)


def test_search_is_saved_without_javascript(plain: People, demand: Any) -> None:
    page = plain.page(UserFactory(), "en")
    page.goto(f"{plain.site}/en/demands/?q=bus")
    expect(page.locator("mark").first).to_have_text("버스")
    go(page, page.get_by_role("link", name="Save this search"))
    go(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_role("link", name="bus", exact=True)).to_be_visible()
