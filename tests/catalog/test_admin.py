"""The back office: words of the vocabulary, by administrators, on the road of every write."""

from typing import Any

import pytest

from catalog.models import Topic
from catalog.vocabulary_actions import edit_vocabulary
from portal.audit.models import AuditEvent
from portal.common.errors import NotAllowed

pytestmark = pytest.mark.django_db
LIST = "/admin/catalog/topic/"


@pytest.fixture
def topic() -> Topic:
    return Topic.objects.get(code="cycling")


@pytest.fixture
def office(client_of: Any, world: Any) -> Any:
    world.administrator.is_staff = True
    world.administrator.save(update_fields=["is_staff"])
    return client_of(world.administrator)


def values(client: Any, topic: Topic, **changes: Any) -> dict[str, Any]:
    form = client.get(f"{LIST}{topic.pk}/change/").context["adminform"].form
    found = {name: form[name].value() for name in form.fields}
    found = {name: ",".join(value) if isinstance(value, list) else value for name, value in found.items()}
    return {**found, **changes}


def test_a_changed_word_is_audited(office: Any, topic: Topic, world: Any) -> None:
    office.post(f"{LIST}{topic.pk}/change/", values(office, topic, label_ko="자전거 교통"))
    topic.refresh_from_db()
    event = AuditEvent.objects.get(action="vocabulary.edit")
    assert topic.label_ko == "자전거 교통"
    assert (event.actor, event.after) == (f"user:{world.administrator.pk}", {"label_ko": "자전거 교통"})


def test_a_code_cannot_be_changed(office: Any, topic: Topic) -> None:
    office.post(f"{LIST}{topic.pk}/change/", values(office, topic, code="bikes"))
    topic.refresh_from_db()
    assert topic.code == "cycling"


def test_nothing_is_added_or_deleted_by_hand(office: Any, topic: Topic) -> None:
    assert office.get(f"{LIST}add/").status_code == 403
    assert office.post(f"{LIST}{topic.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Topic.objects.filter(pk=topic.pk).count() == 1


def test_the_pages_load_nothing_from_elsewhere(office: Any, topic: Topic) -> None:
    page = office.get(f"{LIST}{topic.pk}/change/").content.decode()
    assert "한국어" in page
    assert "//ajax" not in page


@pytest.mark.parametrize("name", ["moderator", "neutrality", "provider_admin", "newcomer"])
def test_others_do_not_get_in_even_as_staff_of_the_back_office(
    client_of: Any, world: Any, topic: Topic, name: str
) -> None:
    user = world.users[name]
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    assert client_of(user).get(LIST).status_code == 403
    with pytest.raises(NotAllowed):
        edit_vocabulary(by=user, entry=topic, changes={"label_en": "X"})


def test_what_records_point_at_is_refused_by_the_action_itself(world: Any, topic: Topic) -> None:
    with pytest.raises(NotAllowed):
        edit_vocabulary(by=world.administrator, entry=topic, changes={"code": "bikes"})
