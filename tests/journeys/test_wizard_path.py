"""Somebody new, in Korean, on a telephone: how many screens and questions, what Back, a lost session and another
device do to what was typed."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cities.models import Demand
from tests.factories import DemandFactory
from tests.journeys.people import (
    PHONE,
    People,
    fits,
    go,
    holds,
    lose_the_session,
    may_sign_in,
    on_another_device,
    proceed,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_SCREENS, MOST_QUESTIONS = 12, 5
# Values and texts by field, in the order of the screens; boxes and lists by their value.
ANSWERS: tuple[dict[str, str], ...] = (
    {"title": "초등학교 교실 냉방"},
    {"summary": "열두 학교의 교실이 너무 덥습니다.", "problem": "5월부터 교실 온도가 34도를 넘습니다."},
    {"outcome": "수업 중 27도를 넘지 않습니다.", "indicator": "교실 온도", "indicator_target": "27도 이하"},
    {"focus_area": "buildings"},
    {},
    {"people_served": "4,800"},
    {"budget_max": "2,500,000"},
    {"stage": "design"},
    {"mandate": "council"},
    {},
    {},
)
KEPT_ON = 1  # the screen on which the session is lost; Back is pressed on each


def questions(page: Page) -> int:
    """What is asked on this screen; a group of choices is one question."""
    return page.locator("main form.form .field").count()


def answer(page: Page, given: dict[str, str]) -> None:
    for name, value in given.items():
        box = page.locator(f'main form.form [name="{name}"]')
        if box.first.get_attribute("type") == "radio":
            page.locator(f'main form.form [name="{name}"][value="{value}"]').check()
        else:
            box.first.fill(value)


def test_newcomer_files_a_demand_in_twelve_screens_and_loses_nothing(people: People, site: str, world: Any) -> None:
    person = may_sign_in(world.city_approver)
    page = people.page(person, "ko", PHONE)
    page.goto(f"{site}/ko/demands/new/")
    asked = []
    for number, given in enumerate(ANSWERS):
        assert fits(page)
        asked.append(questions(page))
        answer(page, given)
        if number == KEPT_ON:
            lose_the_session(page, person, given)
        here = page.url
        proceed(page)
        page.go_back()
        assert page.url == here
        holds(page, given)
        proceed(page)
    assert page.url.endswith("/check/")
    assert len(asked) + 1 <= MOST_SCREENS
    assert [count for count in asked if count > MOST_QUESTIONS] == []
    go(page, page.locator('form[action$="/submit/"] button'))
    demand = Demand.objects.get(title_ko="초등학교 교실 냉방")
    assert (demand.state, demand.problem_ko, demand.people_served) == ("submitted", ANSWERS[1]["problem"], 4800)


def test_link_to_another_device_opens_the_same_step_there(people: People, site: str, world: Any) -> None:
    draft = DemandFactory(body=world.city, language="ko", title="가로등 교체", state="draft", published_at=None)
    page = people.page(may_sign_in(world.city_editor), "ko", PHONE)
    page.goto(f"{site}/ko/demands/{draft.public_id}/edit/budget/")
    other = on_another_device(people, page, world.city_editor)
    assert other.url.endswith(f"/ko/demands/{draft.public_id}/edit/budget/")


def test_explained_word_opens_by_keyboard_without_a_script_and_closes_on_escape(
    plain: People, site: str, world: Any
) -> None:
    draft = DemandFactory(body=world.city, state="draft", published_at=None)
    page = plain.page(world.city_editor, "ko", PHONE)
    page.goto(f"{site}/ko/demands/{draft.public_id}/edit/")
    button = page.locator('[popovertarget="term-readiness"]')
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#term-readiness")).to_be_visible()
    assert fits(page)
    page.keyboard.press("Escape")
    expect(page.locator("#term-readiness")).to_be_hidden()
    expect(button).to_be_focused()
