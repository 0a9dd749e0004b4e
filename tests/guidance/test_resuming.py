"""The way back to a draft: on another device, at the same step, for oneself alone."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from portal.jobs.tasks import run_due
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world: Any) -> Any:
    return DemandFactory(body=world.city, state="draft", published_at=None)


def test_mailed_link_opens_the_same_step_after_signing_in(world: Any, draft: Any, client_of: Any) -> None:
    client_of(world.city_editor).post(f"/en/my/continue/demand/{draft.public_id}/?section=size")
    run_due()
    [message] = [one for one in mail.outbox if world.city_editor.email in one.to]
    path = f"/en/demands/{draft.public_id}/edit/size/"
    assert path in message.body
    elsewhere = Client()
    entrance = elsewhere.get(path)
    assert entrance["Location"].endswith(f"?next={path}")
    elsewhere.force_login(world.city_editor)
    assert elsewhere.get(path).status_code == 200


def test_page_shows_the_link_and_a_picture_of_it(world: Any, draft: Any, client_of: Any) -> None:
    page = client_of(world.city_editor).get(f"/ko/my/continue/demand/{draft.public_id}/?section=budget")
    text = page.content.decode()
    assert f"/ko/demands/{draft.public_id}/edit/budget/</a>" in text
    assert "<path" in text


def test_unknown_section_leads_to_the_overview(world: Any, draft: Any, client_of: Any) -> None:
    page = client_of(world.city_editor).get(f"/en/my/continue/demand/{draft.public_id}/?section=//evil.example")
    assert f"/en/demands/{draft.public_id}/edit/</a>" in page.content.decode()


def test_link_is_mailed_once_a_minute(world: Any, draft: Any, client_of: Any) -> None:
    for _again in range(3):
        client_of(world.city_editor).post(f"/en/my/continue/demand/{draft.public_id}/")
    run_due()
    assert len(mail.outbox) == 1
