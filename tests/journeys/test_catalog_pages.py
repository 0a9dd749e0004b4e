"""The pages of the catalogue, of organisations and of accounts in a real browser: barriers, weight, no script."""

from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog.models import Capability, Claim, Criterion, Reference, Solution
from catalog.writing_actions import edit_solution, refresh_search
from tests.conftest import make_world
from tests.factories import SolutionFactory
from tests.journeys.accessibility import check_budget, check_page, problems
from tests.journeys.people import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECTIONS = ("what", "focus", "where", "cost", "terms", "capabilities", "efficient", "references", "validity")


@pytest.fixture
def world() -> Any:
    cache.clear()  # attempts to sign in are counted there
    return make_world()


def prove(solution: Solution) -> Solution:
    """Give a solution something in every part of its page."""
    for dimension in ("efficient", "resilient", "sustainable"):
        Claim.objects.create(
            solution=solution, dimension=dimension, statement_en=f"It is {dimension}.", indicator="kWh", value=30,
            unit="% less", method="Meters", evidence_url="https://a.example/report",
        )  # fmt: skip
    for code, number in (("warranty_years", 10), ("trl", 9)):
        Capability.objects.create(solution=solution, criterion=Criterion.objects.get(code=code), number=number)
    Capability.objects.create(solution=solution, criterion=Criterion.objects.get(code="iso_9001"), flag=True)
    Reference.objects.create(
        solution=solution, city_name="Galway", country="IE", results="Half the power", lessons="Start early",
        started_on=timezone.localdate(), status="stopped",
    )  # fmt: skip
    return solution


@pytest.fixture
def draft(world: Any) -> Solution:
    return prove(SolutionFactory(provider=world.provider, state="draft", listed_at=None))


def proceed(page: Page) -> None:
    page.get_by_role("button", name="Continue", exact=True).click()


def test_public_pages_have_no_barrier(page: Page, site: str, world: Any) -> None:
    prove(world.solution)
    long = SolutionFactory(
        language="ko", name="가로등 " * 45, name_en="Unbreakablewordthatisverylong" * 6, is_demo=True
    )
    check_page(page, f"{site}/en/solutions/")
    check_page(page, f"{site}/ko/solutions/?focus=mobility&q=nothing&reference=on")
    check_page(page, f"{site}/en/solutions/?place=Atlantis&focus=smart_energy")
    check_page(page, f"{site}/en/solutions/{world.solution.public_id}/")
    check_page(page, f"{site}/en/solutions/{long.public_id}/")
    check_page(page, f"{site}/en/providers/{world.provider.organisation.public_id}/")
    check_page(page, f"{site}/en/organisations/{world.provider.organisation.public_id}/")
    check_page(page, f"{site}/en/developers/", widths=(320, 1280))


def test_pages_of_the_editor_have_no_barrier(page: Page, site: str, world: Any, draft: Solution, sign_in: Any) -> None:
    sign_in(page.context, world.provider_approver)
    base = f"{site}/en/solutions/{draft.public_id}"
    check_page(page, f"{site}/en/solutions/new/")
    for path in ("edit/", "check/", "preview/", "move/archive/", ""):
        check_page(page, f"{base}/{path}")
    for section in SECTIONS:
        check_page(page, f"{base}/edit/{section}/", widths=(320, 1280))
    check_page(page, f"{base}/edit/criteria/", widths=(320, 1280))


def test_registration_and_own_pages_have_no_barrier(page: Page, site: str, world: Any, sign_in: Any) -> None:
    sign_in(page.context, world.provider_admin)
    public_id = world.provider.organisation.public_id
    for path in (
        "register/provider/", f"providers/{public_id}/edit/?step=2", f"organisations/{public_id}/",
        f"organisations/{public_id}/edit/", "account/",
    ):  # fmt: skip
        check_page(page, f"{site}/en/{path}")


def test_pages_of_signing_in_have_no_barrier(page: Page, site: str, world: Any) -> None:
    for path in ("login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/bad/", "inactive/"):
        check_page(page, f"{site}/en/account/{path}", widths=(320, 1280))
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
    for path in ("2fa/", "email/", "password/change/", "logout/"):
        check_page(page, f"{site}/en/account/{path}", widths=(320, 1280))


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
    page.get_by_role("button", name="Save and go to the overview").click()
    page.get_by_role("link", name="Check your answers and submit").click()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_text("Your solution is submitted")).to_be_visible()
    solution = Solution.objects.get(name_en="Drain sensors")
    assert (solution.state, solution.references.get().country) == ("submitted", "DE")


def test_list_and_page_keep_their_weight(page: Page, site: str, world: Any) -> None:
    for number in range(20):
        solution = prove(
            SolutionFactory(
                name=f"Solution number {number} with a name of usual length", tagline="What it does for a city. " * 7,
                regions=[], source="ademe_territoires_cae", source_id=str(number),
                source_licence="Licence Ouverte 2.0", focus_guessed=True,
            )
        )  # fmt: skip
        refresh_search(solution)
    for path in ("en/solutions/", "ko/solutions/?focus=smart_energy", f"en/solutions/{solution.public_id}/"):
        page.request.get(f"{site}/{path}")  # the first visit of all compiles templates
        check_budget(page, f"{site}/{path}")
