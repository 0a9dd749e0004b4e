"""A provider's profile: translated beside its original like its solutions, and marked when the original changes."""

from typing import Any

import pytest

from catalog.models import Provider
from catalog.provider_actions import edit_provider
from portal.common.errors import NotAllowed
from portal.translating.actions import translate_text
from tests.conftest import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile(world: World) -> Provider:
    provider = world.solution.provider
    provider.original_language, provider.description_en = "en", "We build street lights."
    provider.save()
    return provider


def test_profile_is_translated_from_the_page_that_links_to_it(client_of: Any, world: World, profile: Provider) -> None:
    client, texts = client_of(world.provider_admin), f"/en/providers/{profile.public_id}/texts/"
    assert f'href="{texts}"' in client.get(profile.get_absolute_url()).content.decode()
    assert client.get(texts).content.decode().count("1 text to write or renew") == 6
    client.post(f"{texts}ko/", {"description": "가로등을 만듭니다."})
    profile.refresh_from_db()
    assert (profile.description_ko, profile.translations) == ("가로등을 만듭니다.", {"description": {"ko": "human"}})


def test_translation_is_marked_when_the_original_changes(world: World, profile: Provider) -> None:
    translate_text(by=world.moderator, subject=profile, language="ko", texts={"description": "가로등을 만듭니다."})
    edit_provider(by=world.provider_admin, provider=profile, changes={"description": "We build benches."})
    profile.refresh_from_db()
    assert (profile.description_ko, profile.translations["description"]["ko"]) == ("가로등을 만듭니다.", "stale")


def test_other_changes_and_another_language_leave_no_wrong_mark(world: World, profile: Provider) -> None:
    translate_text(by=world.moderator, subject=profile, language="ko", texts={"description": "가로등을 만듭니다."})
    edit_provider(by=world.provider_admin, provider=profile, changes={"regions": ["CL"]})
    profile.refresh_from_db()
    assert profile.translations["description"]["ko"] == "human"
    changes = {"description": "Hacemos luminarias.", "original_language": "es"}
    edit_provider(by=world.provider_admin, provider=profile, changes=changes)
    profile.refresh_from_db()
    assert (profile.description_ko, profile.translations) == (None, {})


def test_strangers_do_not_translate_a_profile(client_of: Any, world: World, profile: Provider) -> None:
    with pytest.raises(NotAllowed):
        translate_text(by=world.city_admin, subject=profile, language="ko", texts={"description": "가로등"})
    assert client_of(world.city_admin).get(f"/en/providers/{profile.public_id}/texts/").status_code == 404
