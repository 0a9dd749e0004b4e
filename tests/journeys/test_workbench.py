"""A moderator's day in a real browser: fifty decisions by keyboard alone, two at once, many together, undo without
a script; and that the pages hold no barrier, on a telephone too."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cities.models import Demand
from matching.models import Match
from matching.ranking import score_pair
from portal.common.models import public_id
from tests.factories import DemandFactory, MatchFactory, SolutionFactory, StaffRoleFactory
from tests.factories.introductions import DocumentFactory, QuestionFactory
from tests.journeys.people import PHONE, People, arriving, go, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANY, DECISIONS = 200, 50


def submitted(**fields: Any) -> Demand:
    made: Demand = DemandFactory(
        state="submitted", published_at=None, submitted_at=timezone.now() - timedelta(days=1), **fields
    )
    return made


def suggest_many() -> None:
    """Ten demands alike times twenty solutions alike: scored once."""
    demands, solutions = DemandFactory.create_batch(10), SolutionFactory.create_batch(MANY // 10)
    alike = {**score_pair(demands[0], solutions[0]), "position": 1, "state": "suggested", "state_since": timezone.now()}
    Match.objects.bulk_create(
        Match(demand=demand, solution=solution, public_id=public_id("M"), **alike)
        for demand in demands
        for solution in solutions
    )


def test_fifty_of_two_hundred_are_decided_by_keyboard_alone(page: Page, site: str, world: Any, sign_in: Any) -> None:
    """J finds the first row, Enter opens it; then one key, or one and a reason, for each decision."""
    suggest_many()
    sign_in(page.context, world.moderator)
    page.goto(f"{site}/en/queue/?kind=match")
    page.keyboard.press("j")
    keys = ("Enter",)
    for number in range(DECISIONS + 1):
        with arriving(page):
            for key in keys:
                page.keyboard.press(key)
        expect(page.locator("#item")).to_be_focused()
        keys = ("l", "Tab", "Enter") if number % 5 else ("r", "ArrowDown", "Enter")
    assert Match.objects.filter(state="rejected").count() == DECISIONS // 5
    assert Match.objects.filter(state="shortlisted").count() == DECISIONS - DECISIONS // 5


def test_answers_and_documents_are_decided_by_keyboard(page: Page, site: str, world: Any, sign_in: Any) -> None:
    """One page after the other: the words of an answer are on the way to its button, a document has none."""
    match = MatchFactory(demand=world.demand, solution=world.solution, state="invited")
    question, held = QuestionFactory(match=match, state="answered"), DocumentFactory(match=match, held_for="disputed")
    sign_in(page.context, world.moderator)
    page.goto(f"{site}/en/queue/")
    page.keyboard.press("j")
    with arriving(page):
        page.keyboard.press("Enter")
    for _item in range(2):
        expect(page.locator("#item")).to_be_focused()
        is_question = "/questions/" in page.url
        with arriving(page):
            page.keyboard.press("a")
            if is_question:
                expect(page.locator("[name=release-text]")).to_be_focused()
                for _field in range(2):
                    page.keyboard.press("Tab")
                page.keyboard.press("Enter")
    question.refresh_from_db()
    held.refresh_from_db()
    assert (question.state, held.is_held) == ("released", False)


def test_second_moderator_keeps_what_was_typed(people: People, site: str, world: Any) -> None:
    match, other = MatchFactory(), StaffRoleFactory(role="moderator", user__name="Ana").user
    first, second = people.page(other, "en"), people.page(world.moderator, "en")
    for page in (first, second):
        page.goto(f"{site}/en/queue/matches/{match.public_id}/")
    with arriving(first):  # a key pressed while the page is on its way is lost
        first.keyboard.press("c")
    second.reload()
    expect(second.get_by_text("Ana is at it since")).to_be_visible()
    second.keyboard.press("r")
    second.get_by_label("Note for your colleagues").last.fill("They need lamps, not poles.")
    first.keyboard.press("a")
    first.get_by_role("button", name="Offer to the city").last.click()
    expect(first.get_by_role("button", name="Undo")).to_be_visible()
    second.get_by_label("Does not address the need").check()
    second.get_by_role("button", name="Reject").last.click()
    expect(second.get_by_text("Somebody else was quicker")).to_be_visible()
    expect(second.get_by_text("Decided by Ana")).to_be_visible()
    expect(second.get_by_label("Note for your colleagues").last).to_have_value("They need lamps, not poles.")


def test_decision_is_undone_without_a_script(plain: People, site: str, world: Any) -> None:
    demand = submitted(title="First")
    page = plain.page(world.moderator, "es", PHONE)
    page.goto(f"{site}/es/queue/demands/{demand.public_id}/")
    press(page, "publish")
    assert Demand.objects.get(pk=demand.pk).state == "published"
    go(page, page.locator("form[action*='/queue/undo/'] button"))
    assert Demand.objects.get(pk=demand.pk).state == "submitted"
    expect(page.locator("#item")).to_contain_text("First")


def test_items_are_decided_together_after_a_preview(page: Page, site: str, world: Any, sign_in: Any) -> None:
    demands = [submitted(title=f"Demand {number}") for number in range(3)]
    sign_in(page.context, world.moderator)
    page.goto(f"{site}/en/queue/?kind=demand")
    for _row in demands:
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.keyboard.press("b")
    page.get_by_label("Demands · Publish").check()
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_role("heading", name="Possible for 3 of 3")).to_be_visible()
    Demand.objects.filter(pk=demands[0].pk).update(state="withdrawn")
    page.get_by_role("button", name="Do it for 3 items").click()
    expect(page.get_by_role("heading", name="2 done")).to_be_visible()
    expect(page.get_by_role("heading", name="1 not done")).to_be_visible()
    go(page, page.get_by_role("button", name="Undo"))
    states = [Demand.objects.get(pk=one.pk).state for one in demands]
    assert states == ["withdrawn", "submitted", "submitted"]
