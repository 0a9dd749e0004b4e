"""A city confirms by mail without an account, an official is coached, a provider renews: in a real browser."""

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from catalog.confirmations.asking_actions import ask_city
from catalog.models import Capability, Criterion, Reference
from cities.models import Demand
from portal.jobs.tasks import run_due
from tests.factories import DemandFactory, SolutionFactory
from tests.journeys.people import PHONE, People, fits, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def question(world: Any) -> str:
    """The path that the mail leads to."""
    reference = Reference.objects.create(
        solution=world.solution, city_name="수원시", country="KR", results="전기 사용량 40 % 감소"
    )
    ask_city(by=world.provider_approver, reference=reference, email="road@suwon.go.kr", language="ko")
    run_due()
    return re.search(r"https?://[^/]+(/ko/confirm/\S+)", mail.outbox[-1].body).group(1)


def test_city_confirms_on_a_phone_in_korean_with_scripts_off(plain: People, site: str, world: Any) -> None:
    path = question(world)
    page = plain.page(None, "ko", PHONE)
    page.goto(f"{site}{path}")
    expect(page.get_by_text("전기 사용량 40 % 감소")).to_be_visible()
    assert fits(page)
    page.locator("input[name=answer][value=correct]").check()
    press(page)
    assert page.locator("textarea[name=comment]").get_attribute("aria-invalid") == "true"
    page.locator("input[name=answer][value=confirm]").check()
    press(page)
    assert Reference.objects.get().grade == "city_confirmed"
    assert "suwon.go.kr" in Reference.objects.get().confirmed_by


def test_official_sees_what_a_must_have_costs_while_typing(page: Page, site: str, world: Any, sign_in: Any) -> None:
    criterion = Criterion.objects.get(code="iso_9001")
    for flag in (True, False, False):
        Capability.objects.create(solution=SolutionFactory(), criterion=criterion, flag=flag)
    draft = DemandFactory(body=world.city, state="draft", published_at=None)
    sign_in(page.context, world.city_editor)
    page.goto(f"{site}/en/demands/{draft.public_id}/edit/requirements/")
    expect(page.locator("#passing")).to_contain_text("4 of 4 solutions would pass")
    page.locator("select[name=r-0-criterion]").select_option("iso_9001")
    expect(page.locator("#passing")).to_contain_text("2 of 4 solutions would pass")
    expect(page.locator("#passing")).to_contain_text("4 instead of 2")
    assert not Demand.objects.get(pk=draft.pk).requirements.exists()
