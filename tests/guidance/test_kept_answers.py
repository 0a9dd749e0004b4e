"""What was typed when the session had ended: on every screen of a demand and of a solution it is there again."""

from typing import Any

import pytest
from django.test import Client

from catalog.completeness import Section
from cities.answers import ORDER
from cities.models import Demand
from tests.factories import DemandFactory, SolutionFactory

SCREENS = [
    *(("demands", "need"), ("solutions", "what")),
    *(("demands", slug) for slug in ORDER[1:] if slug != "requirements"),
    *(("solutions", slug) for slug in Section.values[1:] if slug not in ("capabilities", "references")),
]


def typed_into(form: Any) -> dict[str, str]:
    """Something for every question: the last choice where there are choices, else words that also are a number."""
    found = {}
    for field in form.visible_fields():
        choices = [code for code, _label in getattr(field.field, "choices", ()) if code and isinstance(code, str)]
        found[field.html_name] = choices[-1] if choices else "7"
    return found


@pytest.mark.parametrize(("kind", "section"), SCREENS)
def test_answers_typed_after_the_session_ended_wait_on_the_same_screen(
    world: Any, client: Client, kind: str, section: str
) -> None:
    if kind == "demands":
        person, draft = world.city_editor, DemandFactory(body=world.city, state="draft", published_at=None)
    else:
        person, draft = world.provider_editor, SolutionFactory(provider=world.provider, state="draft", listed_at=None)
    url = f"/en/{kind}/{draft.public_id}/edit/{section}/"
    client.force_login(person)
    typed = typed_into(client.get(url).context["form"])
    client.logout()
    assert typed
    assert client.post(url, typed)["Location"].startswith("/en/account/login/")
    client.force_login(person)
    page = client.get(url)
    form = page.context["form"]
    assert {name: form.data[name] for name in typed} == typed
    assert "Your text is still here" in page.content.decode()


@pytest.mark.parametrize(
    ("persona", "path", "name"), [("city_editor", "demands", "title"), ("provider_editor", "solutions", "name")]
)
def test_going_back_to_the_first_screen_and_on_again_opens_the_draft_that_began_there(
    world: Any, client: Client, persona: str, path: str, name: str
) -> None:
    client.force_login(getattr(world, persona))
    sent = [
        client.post(f"/en/{path}/new/", {name: "Cool classrooms", "language": "en"})["Location"] for _time in (1, 2)
    ]
    assert sent[0] == sent[1]
    other = client.post(f"/en/{path}/new/", {name: "Warm classrooms", "language": "en"})["Location"]
    assert other != sent[0]


def test_draft_of_another_city_with_the_same_title_is_not_opened(world: Any, client: Client) -> None:
    theirs = DemandFactory(body=world.other_city, title="Cool classrooms", state="draft", published_at=None)
    client.force_login(world.city_editor)
    client.post("/en/demands/new/", {"title": "Cool classrooms", "language": "en"})
    assert Demand.objects.exclude(pk=theirs.pk).filter(title_en="Cool classrooms").count() == 1
