"""The queue, explained matches, introductions and the gap in a real browser: barriers, weight, keys, no script."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog.models import Criterion, Solution
from cities.models import Demand, Requirement
from matching.actions import offer_match
from matching.engine import EXPERT
from matching.learning.actions import propose_profile
from matching.models import Match, Message
from matching.ranking import rank_demand
from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution
from tests.factories import (
    DemandFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    SolutionFactory,
    StaffRoleFactory,
)
from tests.journeys.accessibility import check_page, problems
from tests.journeys.people import People, arriving, go

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def rank(demand: Demand, solutions: int = 0) -> None:
    """A full list: with figures on both sides, must-haves, near misses, and texts in another language."""
    for code, number in (("warranty_years", 5), ("energy_saving_percent", 40), ("iso_9001", None)):
        Requirement.objects.create(demand=demand, criterion=Criterion.objects.get(code=code), number=number)
    SolutionFactory.create_batch(
        solutions, name="고효율 LED 가로등 교체와 유지관리 서비스", language="ko", cost_max=10**6, currency="EUR"
    )
    SolutionFactory.create_batch(3, regions=["KR"], name="Only for Korea")
    listed = [wording_of_solution(one) for one in Solution.objects.listed()]
    ensure_vectors([wording_of_demand(demand), *listed])
    rank_demand(demand)


def submitted(**fields: Any) -> Demand:
    made: Demand = DemandFactory(
        state="submitted", published_at=None, submitted_at=timezone.now() - timedelta(days=1), **fields
    )
    return made


# --- Barriers ---


def test_profile_with_a_full_report_has_no_barrier(page: Page, site: str, world: Any, sign_in: Any) -> None:
    rank(world.demand)
    side = [[world.solution.pk, 61]]
    report = {
        "active": EXPERT.id, "judgements": 60, "demands": 30, "pairs": 90, "calibration": "platt",
        "ndcg": {"old": 0.7, "new": 0.8, "low": 0.05, "high": 0.15, "demands": 30},
        "accuracy": [0.7, 0.75], "calibration_error": [0.1, 0.04],
        "curve": [{"low": 0.4, "high": 0.5, "count": 31, "said": 0.44, "found": 0.39}],
        "lists": [{"demand": world.demand.pk, "old": side, "new": side}],
    }  # fmt: skip
    profile = propose_profile(by=world.moderator, config=replace(EXPERT, version="learned-1"), report=report)
    sign_in(page.context, world.neutrality)
    check_page(page, f"{site}/ko/ranking/profiles/{profile.pk}/", widths=(320, 1280))


def test_open_decisions_of_the_queue_have_no_barrier(page: Page, site: str, world: Any, sign_in: Any) -> None:
    demand, solution = submitted(), SolutionFactory(state="submitted", submitted_at=timezone.now())
    organisation = MembershipFactory(organisation=OrganisationFactory(state="pending")).organisation
    rank(world.demand)
    match = MatchFactory(demand=world.demand, solution=world.solution)
    sign_in(page.context, world.moderator)
    for kind, record, key in (
        ("organisations", organisation, "a"),
        ("demands", demand, "r"),
        ("solutions", solution, "a"),
    ):
        check_page(page, f"{site}/en/queue/{kind}/{record.public_id}/", prepare=press(key), widths=(320, 1280))
    check_page(page, f"{site}/ko/queue/matches/{match.public_id}/", prepare=press("r"))


def press(key: str) -> Callable[[Page], None]:
    return lambda page: page.keyboard.press(key)


def test_errors_and_refusals_have_no_barrier(page: Page, site: str, world: Any, sign_in: Any) -> None:
    match = MatchFactory()
    sign_in(page.context, world.moderator)
    page.goto(f"{site}/en/queue/matches/{match.public_id}/")
    page.keyboard.press("r")
    page.get_by_label("Note for your colleagues").last.fill("They need lamps, not poles.")
    page.locator("details[open]").get_by_role("button", name="Reject").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert problems(page) == []
    offer_match(by=StaffRoleFactory(role="moderator").user, match=match)
    page.get_by_label("Does not address the need").check()
    page.locator("details[open]").get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else was quicker")
    expect(page.get_by_label("Note for your colleagues").last).to_have_value("They need lamps, not poles.")
    assert problems(page) == []


# --- Weight ---


# --- Keys ---


@pytest.fixture
def desk(page: Page, site: str, world: Any, sign_in: Any) -> Page:
    sign_in(page.context, world.moderator)
    page.set_viewport_size({"width": 1366, "height": 768})
    return page


def test_match_is_rejected_with_one_key_and_a_reason(desk: Page, site: str) -> None:
    first, second = MatchFactory(probability=0.9), MatchFactory(probability=0.8)
    desk.goto(f"{site}/en/queue/matches/{first.public_id}/")
    desk.keyboard.press("r")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(f"{site}/en/queue/matches/{second.public_id}/#item")
    expect(desk.locator("#item")).to_be_focused()
    row = Match.objects.get(pk=first.pk)
    assert (row.state, row.reason) == ("rejected", "not_available")


def test_demand_is_published_with_one_key(desk: Page, site: str) -> None:
    first, second = submitted(title="First"), submitted(title="Second")
    desk.goto(f"{site}/en/queue/demands/{first.public_id}/")
    desk.keyboard.press("a")
    expect(desk.locator("#item")).to_have_text("Second")
    assert [Demand.objects.get(pk=one.pk).state for one in (first, second)] == ["published", "submitted"]


def test_keys_go_through_the_queue_and_to_the_record(desk: Page, site: str) -> None:
    first, second = submitted(title="First"), submitted(title="Second")
    desk.goto(f"{site}/en/queue/demands/{first.public_id}/")
    for key, title in (("j", "Second"), ("k", "First")):
        with arriving(desk):
            desk.keyboard.press(key)
        expect(desk.locator("#item")).to_have_text(title)
    desk.keyboard.press("o")
    expect(desk).to_have_url(f"{site}/en/demands/{first.public_id}/")
    assert second.state == "submitted"


def test_keys_are_letters_while_somebody_types(desk: Page, site: str) -> None:
    demand = submitted()
    desk.goto(f"{site}/en/queue/demands/{demand.public_id}/")
    desk.keyboard.press("i")
    desk.keyboard.type("a jar")
    expect(desk.get_by_label("What has to change?")).to_have_value("a jar")
    assert Demand.objects.get(pk=demand.pk).state == "submitted"


def test_reasons_and_the_bar_are_seen_without_scrolling(desk: Page, site: str, world: Any) -> None:
    rank(world.demand)
    match = MatchFactory(demand=world.demand, solution=world.solution)
    desk.goto(f"{site}/en/queue/matches/{match.public_id}/")
    for part in (desk.get_by_role("heading", name="What speaks for it"), desk.get_by_role("region", name="Decide")):
        expect(part).to_be_in_viewport(ratio=1)


# --- Without a script ---


def test_whole_road_without_a_script(plain: People, site: str, world: Any) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution)
    room = f"{site}/en/introductions/{match.public_id}/"

    def as_(user: Any, url: str) -> Page:
        page = plain.page(user, "en")
        page.goto(url)
        return page

    page = as_(world.moderator, f"{site}/en/queue/matches/{match.public_id}/")
    choose(page, "Offer to the city")
    page = as_(world.city_approver, f"{site}/en/matches/{match.public_id}/")
    choose(page, "Yes, we want to talk")
    page = as_(world.provider_admin, f"{site}/en/matches/{match.public_id}/")
    choose(page, "Yes, we want to talk")
    expect(page).to_have_url(room)
    page.get_by_label("Your message", exact=True).fill("Good morning.")
    go(page, page.get_by_role("button", name="Send"))
    expect(page.get_by_text("Your message is sent.")).to_be_visible()
    choose(page, "A pilot has started")
    assert (Match.objects.get().state, Message.objects.get().body) == ("pilot", "Good morning.")


def choose(page: Page, label: str) -> None:
    page.locator("summary", has_text=label).click()
    go(page, page.locator("details[open]").get_by_role("button", name=label))
