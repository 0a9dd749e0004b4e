"""“We think this is about …”: put forward to the author, taken over with one click, never against what people said."""

from typing import Any

import pytest

from catalog.models import FocusArea, Topic
from matching.suggesting import probable_topics
from tests.factories import DemandFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def codes(record: Any) -> list[str]:
    return [topic.code for topic in probable_topics(record)]


@pytest.fixture
def draft(world: Any) -> Any:
    return DemandFactory(body=world.city, state="draft", published_at=None, focus_area=None)


@pytest.fixture
def offer(world: Any) -> Any:
    return SolutionFactory(provider=world.provider, state="draft", listed_at=None, focus_area=None)


@pytest.fixture
def editor(client_of: Any, world: Any) -> Any:
    return client_of(world.city_editor)


def areas(record: Any) -> list[str]:
    return [record.focus_area.code, *(area.code for area in record.more_focus_areas.all())]


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def test_topics_are_read_out_of_the_text(draft: Any) -> None:
    assert codes(draft)[0] == "street_lighting"


def test_nothing_is_put_forward_where_the_author_has_named_topics(draft: Any) -> None:
    draft.topics.set(Topic.objects.filter(code="solar_power"))
    assert codes(draft) == []


def test_guess_of_an_import_is_put_forward_for_confirmation(draft: Any) -> None:
    draft.topics.set(Topic.objects.filter(code="solar_power"))
    draft.focus_guessed = True
    assert codes(draft)[0] == "street_lighting"


def test_topics_outside_of_the_areas_chosen_are_not_put_forward(draft: Any) -> None:
    draft.focus_area = FocusArea.objects.get(code="mobility")
    assert "street_lighting" not in codes(draft)


@pytest.mark.parametrize("page", ["edit/", "edit/focus/"])
def test_page_shows_them_with_yes_and_change(editor: Any, draft: Any, page: str) -> None:
    content = editor.get(f"/en/demands/{draft.public_id}/{page}").content.decode()
    assert "We think this is about" in content
    assert f'action="/en/demands/{draft.public_id}/topics/"' in content
    assert 'value="street_lighting"' in content


def test_yes_states_topics_and_their_areas(editor: Any, draft: Any) -> None:
    sent = {"topics": ["street_lighting", "stormwater"], "version": draft.version}
    response = editor.post(f"/en/demands/{draft.public_id}/topics/", sent)
    after = fresh(draft)
    assert response.url == f"/en/demands/{draft.public_id}/edit/"
    assert (after.focus_area.code, [area.code for area in after.more_focus_areas.all()]) == (
        "smart_energy",
        ["resilience"],
    )
    assert {topic.code for topic in after.topics.all()} == {"street_lighting", "stormwater"}
    assert (after.focus_guessed, codes(after)) == (False, [])


def test_areas_that_people_chose_stay(editor: Any, draft: Any) -> None:
    draft.focus_area = FocusArea.objects.get(code="mobility")
    draft.save()
    editor.post(f"/en/demands/{draft.public_id}/topics/", {"topics": ["street_lighting"], "version": draft.version})
    after = fresh(draft)
    assert (after.focus_area.code, [area.code for area in after.more_focus_areas.all()]) == (
        "mobility",
        ["smart_energy"],
    )


@pytest.mark.parametrize("sent", [{}, {"topics": ["nonsense"], "version": 1}, {"topics": ["street_lighting"]}])
def test_what_was_never_put_forward_changes_nothing(editor: Any, draft: Any, sent: dict[str, Any]) -> None:
    response = editor.post(f"/en/demands/{draft.public_id}/topics/", sent, follow=True)
    assert "could not be taken over" in response.content.decode()
    assert (fresh(draft).focus_area, fresh(draft).version) == (None, draft.version)


def test_yes_to_an_older_text_is_refused(editor: Any, draft: Any) -> None:
    sent = {"topics": ["street_lighting"], "version": draft.version - 1}
    response = editor.post(f"/en/demands/{draft.public_id}/topics/", sent, follow=True)
    assert "Somebody else has saved changes meanwhile" in response.content.decode()
    assert fresh(draft).focus_area is None


def test_provider_takes_them_over_for_a_solution(client_of: Any, world: Any, offer: Any) -> None:
    client = client_of(world.provider_editor)
    topic = probable_topics(offer)[0]
    assert "We think this is about" in client.get(f"/en/solutions/{offer.public_id}/edit/").content.decode()
    client.post(f"/en/solutions/{offer.public_id}/topics/", {"topics": [topic.code], "version": offer.version})
    assert [one.code for one in fresh(offer).topics.all()] == [topic.code]
    assert fresh(offer).focus_area == topic.focus_area


def test_other_organisation_cannot(client_of: Any, world: Any, draft: Any) -> None:
    sent = {"topics": ["street_lighting"], "version": draft.version}
    assert client_of(world.provider_editor).post(f"/en/demands/{draft.public_id}/topics/", sent).status_code == 404
    assert fresh(draft).focus_area is None
