"""The pages of the catalogue, of organisations and of accounts in a real browser: barriers, weight, no script."""

from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from catalog.models import Solution
from catalog.writing_actions import edit_solution
from tests.conftest import make_world
from tests.factories import SolutionFactory
from tests.journeys.accessibility import check_page, problems
from tests.journeys.people import People, go

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> Any:
    cache.clear()  # attempts to sign in are counted there
    return make_world()


@pytest.fixture
def draft(world: Any) -> Solution:
    return SolutionFactory(provider=world.provider, state="draft", listed_at=None)


def proceed(page: Page) -> None:
    go(page, page.get_by_role("button", name="Continue", exact=True))


def test_registration_with_errors_has_no_barrier(page: Page, site: str, world: Any) -> None:
    page.goto(f"{site}/en/account/signup/")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert problems(page) == []


def test_pages_of_the_second_factor_have_no_barrier(page: Page, site: str, world: Any, sign_in: Any) -> None:
    person = world.newcomer
    person.set_password("a sentence to remember")
    person.save(update_fields=["password"])
    sign_in(page.context, person)
    page.goto(f"{site}/en/account/2fa/totp/activate/")
    assert problems(page) == []
    page.get_by_label("Password").fill("a sentence to remember")
    proceed(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up the authenticator app")
    assert problems(page) == []
    check_page(page, f"{site}/en/account/logout/", widths=(320,))


def test_error_is_focused_and_leads_to_its_field(
    page: Page, site: str, world: Any, draft: Solution, sign_in: Any
) -> None:
    sign_in(page.context, world.provider_approver)
    page.goto(f"{site}/en/solutions/{draft.public_id}/edit/where/")
    page.get_by_label("Single countries").fill("Atlantis")
    proceed(page)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert problems(page) == []
    page.get_by_role("link", name="We do not know: Atlantis.").click()
    expect(page.get_by_label("Single countries")).to_be_focused()


def test_conflict_shows_both_texts_and_the_second_continue_saves(
    page: Page, site: str, world: Any, draft: Solution, sign_in: Any
) -> None:
    sign_in(page.context, world.provider_approver)
    page.goto(f"{site}/en/solutions/{draft.public_id}/edit/how/")
    edit_solution(by=world.provider_admin, solution=draft, changes={"not_suitable": "Theirs"})
    page.get_by_label("When it does not suit").fill("Mine")
    proceed(page)
    expect(page.get_by_role("alert")).to_contain_text("Theirs")
    assert problems(page) == []
    proceed(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Focus areas")
    assert Solution.objects.get(pk=draft.pk).not_suitable == "Mine"


def test_a_solution_is_written_and_submitted_without_a_script(plain: People, site: str, world: Any) -> None:
    page = plain.page(world.provider_approver, "en")
    page.goto(f"{site}/en/solutions/new/")
    page.get_by_label("What is your solution called?").fill("Drain sensors")
    proceed(page)
    page.get_by_label("In one line").fill("They warn before a drain overflows")
    page.get_by_label("What it solves").fill("Floods without a warning")
    proceed(page)
    page.get_by_label("How it works").fill("Sensors and radio")
    page.get_by_label("When it does not suit").fill("Salt water")
    proceed(page)
    page.get_by_role("group", name="Main focus area").get_by_label("Adaptation and resilience planning").check()
    proceed(page)
    page.goto(page.url.replace("/topics/", "/efficient/"))
    for dimension in ("efficient", "resilient", "sustainable"):
        page.get_by_label("In one or two sentences").fill(f"It is {dimension}.")
        proceed(page)
    page.get_by_label("City").fill("Kleindorf, Germany")
    page.get_by_label("Results, before and after").fill("No flood since")
    go(page, page.get_by_role("button", name="Save and go to the overview"))
    go(page, page.get_by_role("link", name="Check your answers and submit"))
    go(page, page.get_by_role("button", name="Submit", exact=True))
    expect(page.get_by_text("Your solution is submitted")).to_be_visible()
    solution = Solution.objects.get(name_en="Drain sensors")
    assert (solution.state, solution.references.get().country) == ("submitted", "DE")
