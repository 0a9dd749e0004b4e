"""The main job in a real browser: a need in Korean and a solution in English become an introduction with an outcome.

The worker, the broker, the sweeper and the bundled encoder are the real ones; only people are played.
"""

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from catalog.models import Solution
from cities.models import Demand
from matching.models import Introduction, Match, Ranking
from tests.factories import MembershipFactory, ProviderFactory, PublicBodyFactory, StaffRoleFactory, UserFactory
from tests.journeys.people import PHONE, People, decide, press, send
from tests.journeys.workers import workers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

PATIENCE = 300.0  # the models load once, on two cores that others may use as well


def file_need(page: Page, site: str) -> Demand:
    page.goto(f"{site}/ko/demands/new/")
    page.locator("[name=title]").fill("이면도로 노후 가로등 4,200등을 고효율 LED로 교체")
    press(page)
    demand = Demand.objects.get()
    edit = f"{site}/ko/demands/{demand.public_id}/edit"
    page.goto(f"{edit}/need/")
    page.locator("[name=summary]").fill("노후 나트륨등 4,200등을 교체하여 밝기를 높이고 전기요금을 줄이고자 합니다.")
    page.locator("[name=problem]").fill(
        "나트륨등의 절반이 15년이 넘어 고장이 잦고, 전기요금이 시 예산의 큰 부담입니다."
    )
    press(page)
    page.goto(f"{edit}/outcome/")
    page.locator("[name=outcome]").fill("골목길이 더 밝아지고 가로등 전력 사용량이 절반 이하로 줄어듭니다.")
    press(page)
    page.goto(f"{edit}/focus/")
    page.locator("[name=focus_area][value=smart_energy]").check()
    press(page)
    page.goto(f"{edit}/topics/")
    page.locator("[name=topics][value=street_lighting]").check()
    press(page)
    page.goto(f"{edit}/size/")
    page.locator("[name=people_served]").fill("310,000")
    page.locator("[name=quantity]").fill("4,200")
    page.locator("[name=scale_unit]").select_option("lamps")
    press(page)
    page.goto(f"{edit}/timing/")
    page.locator("[name=stage][value=concept]").check()
    press(page)
    page.goto(f"{site}/ko/demands/{demand.public_id}/check/")
    press(page)
    demand.refresh_from_db()
    assert demand.state == "submitted"
    return demand


def list_solution(page: Page, site: str) -> Solution:
    page.goto(f"{site}/en/solutions/new/")
    page.locator("[name=name]").fill("LED street lighting as a service")
    press(page)
    solution = Solution.objects.get()
    edit = f"{site}/en/solutions/{solution.public_id}/edit"
    page.goto(f"{edit}/what/")
    page.locator("[name=tagline]").fill("New street lights for a monthly fee, paid from the energy saved")
    page.locator("[name=solves]").fill(
        "Old sodium lamps fail often and waste electricity, and cities lack the capital to replace them."
    )
    press(page)
    page.goto(f"{edit}/how/")
    page.locator("[name=how_it_works]").fill(
        "We replace the lamps, run them for twelve years and are paid for the hours of light delivered."
    )
    page.locator("[name=not_suitable]").fill("Fewer than 500 lamps, or columns that cannot carry a new head.")
    press(page)
    page.goto(f"{edit}/focus/")
    page.locator("[name=focus_area][value=smart_energy]").check()
    press(page)
    page.goto(f"{edit}/topics/")
    page.locator("[name=topics][value=street_lighting]").check()
    press(page)
    for dimension in ("efficient", "resilient", "sustainable"):
        page.goto(f"{edit}/{dimension}/")
        page.locator("[name=statement]").fill("Measured on twelve sites over two years against the old lamps.")
        press(page)
    page.goto(f"{site}/en/solutions/{solution.public_id}/check/")
    press(page)
    solution.refresh_from_db()
    assert solution.state == "submitted"
    return solution


def wait_for_match(demand: Demand) -> Match:
    """The suggestion with its meaning compared: a busy machine makes the list without it first."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        # The ranking first: a match that was read before it may be the one without meaning.
        is_whole = Ranking.objects.filter(demand=demand, has_meaning=True).exists()
        match = Match.objects.filter(demand=demand).first()
        if is_whole and match is not None:
            return match
        time.sleep(0.2)
    raise AssertionError("the worker suggested nothing")


def test_need_in_korean_and_solution_in_english_come_to_a_contract(
    people: People, plain: People, site: str, settings: Any, tmp_path: Path
) -> None:
    """The city works on a telephone without scripts, the provider and the moderator with them."""
    settings.EMBEDDING_BACKEND = "bundled"
    body = PublicBodyFactory(
        organisation__country="KR", city__country="KR", city__name_en="Suwon", city__name_ko="수원"
    )
    provider = ProviderFactory(regions=["001"], languages=["en", "ko"])
    official, engineer = UserFactory(language="ko"), UserFactory()
    MembershipFactory(user=official, organisation=body.organisation)
    MembershipFactory(user=engineer, organisation=provider.organisation)
    moderator = StaffRoleFactory(role="moderator").user
    city, seller, desk = plain.page(official, "ko", PHONE), people.page(engineer, "en"), people.page(moderator, "en")

    with workers(tmp_path / "workers.log"):
        demand, solution = file_need(city, site), list_solution(seller, site)
        desk.goto(f"{site}/en/queue/solutions/{solution.public_id}/")
        decide(desk, "list", fit="4", clarity="4", evidence="3", limits="5")
        desk.goto(f"{site}/en/queue/demands/{demand.public_id}/")
        decide(desk, "publish")
        match = wait_for_match(demand)

        assert match.solution == solution
        assert next(c["value"] for c in match.result["contributions"] if c["component"] == "meaning") > 0.5

        desk.goto(f"{site}/en/queue/matches/{match.public_id}/")
        assert "LED street lighting as a service" in desk.locator("main").inner_text()
        decide(desk, "offer")
        city.goto(f"{site}/ko/matches/{match.public_id}/")
        assert engineer.email not in city.content()
        decide(city, "accept")
        seller.goto(f"{site}/en/matches/{match.public_id}/")
        assert official.email not in seller.content()
        decide(seller, "accept")

    introduction = Introduction.objects.get()
    assert (introduction.city_consent_by, introduction.provider_consent_by) == (official, engineer)
    seller.goto(f"{site}/en/introductions/{match.public_id}/")
    assert official.email in seller.content()
    city.goto(f"{site}/ko/introductions/{match.public_id}/")
    send(city, body="현장 조사를 언제 시작할 수 있습니까?")
    seller.goto(f"{site}/en/introductions/{match.public_id}/")
    assert "현장 조사를 언제 시작할 수 있습니까?" in seller.locator("#thread").inner_text()

    city.goto(f"{site}/ko/introductions/{match.public_id}/")
    decide(city, "sign_contract", value="1,200,000", currency="EUR")
    match.refresh_from_db()
    introduction.refresh_from_db()
    assert (match.state, introduction.outcome_value, introduction.outcome_currency) == ("contract", 1_200_000, "EUR")
