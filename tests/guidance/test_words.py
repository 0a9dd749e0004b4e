"""Words explained once a page, examples that open without a script, topics under their focus areas."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from portal.common.terms import TERMS
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db


def test_term_is_explained_the_first_time_it_stands_on_a_page() -> None:
    text = Template('{% load components %}{% term "gap" %}|{% term "gap" %}')
    first, again = text.render(Context({"request": RequestFactory().get("/")})).split("|")
    assert 'popovertarget="term-gap"' in first
    assert str(TERMS["gap"].text) in first
    assert not again.strip()


def test_text_question_of_the_wizard_shows_an_example(world: Any, client_of: Any) -> None:
    draft = DemandFactory(body=world.city, state="draft", published_at=None)
    page = client_of(world.city_editor).get(f"/en/demands/{draft.public_id}/edit/need/").content.decode()
    assert page.count('<details class="example">') == 2
    assert "lessons were cut short on 14 days" in page
