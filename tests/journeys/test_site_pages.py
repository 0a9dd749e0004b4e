"""The pages of the site itself and the style guide, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.accessibility import check_page
from tests.journeys.people import People, go

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_PAGES = ("", "styleguide/", "demands/", "solutions/", "gap/", "ranking/", "help/cities/", "account/signup/")
CLIPPED = """() => [...document.querySelectorAll(".button, .badge, .chip, .tabs a, h1, h2, h3, th, dt, dd, legend")]
  .filter((one) => one.offsetParent && getComputedStyle(one).display !== "inline")
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 100))"""


@pytest.fixture(autouse=True)
def _open_styleguide(settings: Any) -> None:
    settings.STYLEGUIDE_PUBLIC = True


def test_open_menus_have_no_barrier(page: Page, site: str) -> None:
    def open_menu(page: Page) -> None:
        page.locator("details.menu:visible > summary").last.click()

    check_page(page, f"{site}/ko/", prepare=open_menu)


def test_missing_page_has_no_barrier_and_says_what_to_do(page: Page, site: str) -> None:
    check_page(page, f"{site}/en/no-such-page/", status=404)
    expect(page.get_by_role("link", name="Go to the home page")).to_be_visible()


def test_text_twice_as_large_needs_no_sideways_scroll(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 640, "height": 900})
    page.goto(f"{site}/fr/styleguide/")
    page.evaluate("document.documentElement.style.fontSize = '212%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("width", [320, 1280])
def test_words_much_longer_than_english_clip_nothing(page: Page, site: str, settings: Any, width: int) -> None:
    settings.PSEUDO_LOCALE = True
    page.set_viewport_size({"width": width, "height": 900})
    for path in LONG_PAGES:
        page.goto(f"{site}/en-xa/en/{path}")
        assert page.evaluate("document.documentElement.lang") == "en-XA"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(CLIPPED) == [], path


def test_language_selector_keeps_the_page_and_the_query(page: Page, site: str) -> None:
    page.goto(f"{site}/en/about/?from=mail")
    page.locator("summary", has_text="Language:").click()
    go(page, page.get_by_role("link", name="한국어"))
    assert page.url == f"{site}/ko/about/?from=mail"
    assert page.evaluate("document.documentElement.lang") == "ko"


def test_menu_works_without_script_on_a_phone(plain: People, site: str) -> None:
    page = plain.page(None, "en", 320)
    page.goto(f"{site}/en/")
    page.locator(".menu--main > summary").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Help").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help and contact")


def test_escape_closes_the_menu_and_gives_the_focus_back(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    summary = page.locator("details.menu > summary").first
    summary.click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.locator("details.menu[open]")).to_have_count(0)


def test_filters_stand_open_beside_the_list_without_script(plain: People, site: str) -> None:
    page = plain.page(None, "en", 1280)
    page.goto(f"{site}/en/styleguide/")
    expect(page.get_by_role("button", name="Show results")).to_be_visible()


def test_error_summary_leads_to_the_field(page: Page, site: str) -> None:
    page.goto(f"{site}/en/styleguide/")
    page.locator(".error-summary a", has_text="Project stage").click()
    expect(page.locator("#id_s-stage_0")).to_be_focused()


COMPOSING = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true, isComposing: true}))"
PRESSED = "document.querySelector('[data-key=a]').addEventListener('click', () => { document.title += '!'; })"


@pytest.fixture
def shortcuts(page: Page, site: str) -> Callable[[], int]:
    """The style guide open, its Approve button listened to; answers how often it was pressed."""
    page.goto(f"{site}/en/styleguide/")
    page.evaluate(PRESSED)
    return lambda: page.title().count("!")


def test_shortcut_presses_its_button(page: Page, shortcuts: Callable[[], int]) -> None:
    page.keyboard.press("a")
    assert shortcuts() == 1


def test_shortcut_sleeps_while_somebody_types(page: Page, shortcuts: Callable[[], int]) -> None:
    page.get_by_label("Search").fill("")
    page.keyboard.type("a")
    assert page.get_by_label("Search").input_value() == "a"
    assert shortcuts() == 0


@pytest.mark.parametrize("keys", ["Control+a", "Alt+a", "Meta+a"])
def test_shortcut_leaves_the_browsers_own_keys_alone(page: Page, shortcuts: Callable[[], int], keys: str) -> None:
    page.keyboard.press(keys)
    assert shortcuts() == 0


def test_shortcut_sleeps_while_an_ime_composes(page: Page, shortcuts: Callable[[], int]) -> None:
    page.evaluate(COMPOSING)
    assert shortcuts() == 0


def test_shortcuts_can_be_switched_off_for_good(page: Page, shortcuts: Callable[[], int]) -> None:
    page.get_by_label("Keyboard shortcuts on").uncheck()
    page.locator("h1").click()
    page.keyboard.press("a")
    assert shortcuts() == 0
    page.reload()
    expect(page.get_by_label("Keyboard shortcuts on")).not_to_be_checked()


def test_changed_form_asks_before_it_is_left(page: Page, site: str) -> None:
    page.goto(f"{site}/en/styleguide/")
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
    page.locator("form[data-guard]").get_by_label("Title").fill("Changed")
    page.goto(f"{site}/en/")
    page.remove_listener("dialog", stay)
    assert asked == ["beforeunload"]
