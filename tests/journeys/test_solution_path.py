"""A provider's draft, in Korean, on a telephone: what a lost session, Back and another device do to what was typed."""

from typing import Any

import pytest

from catalog.models import Solution
from tests.factories import SolutionFactory
from tests.journeys.people import PHONE, People, fits, holds, lose_the_session, may_sign_in, on_another_device, proceed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = {
    "how_it_works": "등기구를 교체하고 십 년간 운영합니다.",
    "not_suitable": "터널에는 적합하지 않습니다.",
}


def draft_of(world: Any) -> Solution:
    return SolutionFactory(provider=world.provider, language="ko", name="가로등 임대", state="draft", listed_at=None)


def test_draft_outlives_a_lost_session_and_back_shows_what_is_saved(people: People, site: str, world: Any) -> None:
    draft, person = draft_of(world), may_sign_in(world.provider_editor)
    page = people.page(person, "ko", PHONE)
    page.goto(f"{site}/ko/solutions/{draft.public_id}/edit/how/")
    for name, text in TYPED.items():
        page.locator(f'main form.form [name="{name}"]').fill(text)
    lose_the_session(page, person, TYPED)
    assert fits(page)
    proceed(page)
    assert page.url.endswith("/edit/focus/")
    page.go_back()
    holds(page, TYPED)
    saved = Solution.objects.get(pk=draft.pk)
    assert {name: getattr(saved, f"{name}_ko") for name in TYPED} == TYPED


def test_link_to_another_device_opens_the_same_section_there(people: People, site: str, world: Any) -> None:
    draft, person = draft_of(world), may_sign_in(world.provider_editor)
    page = people.page(person, "ko", PHONE)
    page.goto(f"{site}/ko/solutions/{draft.public_id}/edit/cost/")
    other = on_another_device(people, page, person)
    assert other.url.endswith(f"/ko/solutions/{draft.public_id}/edit/cost/")
