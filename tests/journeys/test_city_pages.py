"""The pages of the cities in a real browser: barriers, weight, and the wizard with and without a script."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from catalog.models import Criterion
from cities.actions import edit_demand
from cities.models import Demand, Requirement
from tests.factories import DemandFactory
from tests.journeys.accessibility import problems
from tests.journeys.people import go
from tests.journeys.windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(world: Any) -> Demand:
    demand = DemandFactory(body=world.city, state="draft", published_at=None)
    Requirement.objects.create(demand=demand, criterion=Criterion.objects.get(code="warranty_years"), number=5)
    Requirement.objects.create(demand=demand, criterion=Criterion.objects.get(code="iso_9001"), is_mandatory=False)
    return demand


def test_errors_have_no_barrier(page: Page, site: str, world: Any, draft: Demand, sign_in: Any) -> None:
    sign_in(page.context, world.city_approver)
    page.goto(f"{site}/en/demands/{draft.public_id}/edit/need/")
    page.get_by_label("Title").fill("")
    proceed(page)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert problems(page) == []


def test_conflict_has_no_barrier_and_the_second_continue_saves(
    page: Page, site: str, world: Any, draft: Demand, sign_in: Any
) -> None:
    sign_in(page.context, world.city_approver)
    page.goto(f"{site}/en/demands/{draft.public_id}/edit/need/")
    edit_demand(by=world.city_admin, demand=draft, changes={"problem": "Theirs"})
    page.get_by_label("The problem").fill("Mine")
    proceed(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Somebody else changed this demand meanwhile")
    expect(alert).to_contain_text("Theirs")
    assert problems(page) == []
    proceed(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The outcome you want")
    assert Demand.objects.get(pk=draft.pk).problem == "Mine"


def test_back_shows_what_is_saved_now(page: Page, site: str, world: Any, draft: Demand, sign_in: Any) -> None:
    """The browser's own Back after Continue: no stale page, and saving again is no conflict with oneself."""
    sign_in(page.context, world.city_approver)
    page.goto(f"{site}/en/demands/{draft.public_id}/edit/need/")
    page.get_by_label("The problem").fill("First thought")
    proceed(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The outcome you want")
    page.go_back()
    expect(page.get_by_label("The problem")).to_have_value("First thought")
    page.get_by_label("The problem").fill("Second thought")
    proceed(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The outcome you want")


@pytest.mark.parametrize("java_script", [True, False])
def test_official_files_a_demand(windows: Windows, site: str, world: Any, sign_in: Any, java_script: bool) -> None:
    page = windows.take(java_script=java_script)
    sign_in(page.context, world.city_approver)
    page.goto(f"{site}/en/demands/new/")
    page.get_by_label("What does your city need?").fill("Cooler classrooms")
    proceed(page)
    write_the_need(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    go(page, page.get_by_role("button", name="Submit", exact=True))
    expect(page.get_by_text("Your demand is submitted")).to_be_visible()
    demand = Demand.objects.get(title_en="Cooler classrooms")
    assert (demand.state, demand.stage, demand.focus_area.code) == ("submitted", "design", "buildings")
    assert [(row.criterion.code, row.number) for row in demand.requirements.all()] == [("warranty_years", 10)]
    assert (int(demand.budget_max), demand.currency) == (2_500_000, "CLP")


def proceed(page: Page) -> None:
    go(page, page.get_by_role("button", name="Continue"))


def write_the_need(page: Page) -> None:
    """Every section in turn, as an official would."""
    page.get_by_label("Summary").fill("Twelve schools are too hot.")
    page.get_by_label("The problem").fill("In May the rooms reach 34 degrees.")
    proceed(page)
    page.get_by_label("What will be better at the end?").fill("No room above 27 degrees.")
    proceed(page)
    page.get_by_role("group", name="Main focus area").get_by_label("Commercial and industrial").check()
    proceed(page)
    page.get_by_label("Public buildings").first.check()
    proceed(page)
    page.get_by_label("How many people will benefit?").fill("4,800")
    proceed(page)
    page.get_by_label("Budget to").fill("2,500,000")
    proceed(page)
    page.get_by_label("Design", exact=True).check()
    proceed(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mandate and data")
    proceed(page)
    page.get_by_label("What do you ask for?").select_option("warranty_years")
    page.get_by_label("Number").fill("10")
    go(page, page.get_by_role("button", name="Save and add another line"))
    expect(page.get_by_text("Warranty: at least … years").first).to_be_visible()
    proceed(page)
    page.get_by_label("English").check()
    proceed(page)
