"""The editor: beside the original, in parts, never losing a word; and what readers are told of each text."""

from typing import Any

import pytest

from cities.models import Demand
from portal.translating.actions import translate_text
from tests.conftest import World

pytestmark = pytest.mark.django_db


def address(world: World, language: str = "ko") -> str:
    return f"/en/demands/{world.demand.public_id}/texts/{language}/"


def mark(world: World, of: str, **texts: str) -> None:
    Demand.objects.filter(pk=world.demand.pk).update(
        **{f"{name}_ko": text for name, text in texts.items()}, translations={name: {"ko": of} for name in texts}
    )


def test_overview_counts_what_is_left_in_each_language(client_of: Any, world: World) -> None:
    mark(world, "machine", title="가로등")
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"summary": "요약"})
    html = client_of(world.moderator).get(f"/en/demands/{world.demand.public_id}/texts/").content.decode()
    assert (html.count("4 texts to write or renew"), html.count("3 texts to write or renew")) == (5, 1)


def test_editor_stands_beside_the_original_with_a_state_for_each_text(client_of: Any, world: World) -> None:
    mark(world, "machine", title="가로등")
    html = client_of(world.moderator).get(address(world)).content.decode()
    assert f'lang="en"><p>{world.demand.title_en}</p>' in html
    assert (html.count("not translated"), html.count(">machine translation<")) == (3, 1)


def test_part_of_the_texts_is_saved(client_of: Any, world: World) -> None:
    client_of(world.moderator).post(address(world), {"title": "가로등"})
    fresh = Demand.objects.get(pk=world.demand.pk)
    assert (fresh.title_ko, fresh.summary_ko or "") == ("가로등", "")


def test_text_that_is_too_long_is_kept_and_said(client_of: Any, world: World) -> None:
    answer = client_of(world.moderator).post(address(world), {"title": "긴" * 300, "summary": "요약"})
    html = answer.content.decode()
    assert (answer.status_code, "긴" * 300 in html, "요약" in html) == (422, True, True)


def test_slower_of_two_sees_both_texts_and_decides(client_of: Any, world: World) -> None:
    client = client_of(world.moderator)
    form = client.get(address(world)).context["form"]
    sight = {f"seen-{piece.key}": form[f"seen-{piece.key}"].value() for piece in form.pieces}
    translate_text(by=world.moderator, subject=world.demand, language="ko", texts={"title": "먼저"})
    answer = client.post(address(world), {**sight, "title": "나중"})
    html = answer.content.decode()
    assert (answer.status_code, "먼저" in html, 'value="나중"' in html) == (409, True, True)
    again = answer.context["form"]
    sight = {f"seen-{piece.key}": again[f"seen-{piece.key}"].value() for piece in again.pieces}
    client.post(address(world), {**sight, "title": "나중"})
    assert Demand.objects.get(pk=world.demand.pk).title_ko == "나중"


def test_check_of_a_machines_text_is_one_tick(client_of: Any, world: World) -> None:
    mark(world, "machine", title="가로등")
    client_of(world.moderator).post(address(world), {"title": "가로등", "right-title": "on"})
    assert Demand.objects.get(pk=world.demand.pk).translations["title"]["ko"] == "checked"


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("human", "human translation"),
        ("checked", "machine translation, checked by a person"),
        ("machine", "machine translation"),
        ("stale", "translation of an earlier version"),
        ("stale_machine", "machine translation of an earlier version"),
    ],
)
def test_reader_is_told_what_a_text_is_and_led_to_the_original(client: Any, world: World, of: str, words: str) -> None:
    mark(world, of, title="가로등", problem="자주 고장난다.")
    html = client.get(f"/en/demands/{world.demand.public_id}/?text=ko").content.decode()
    label = f'<span class="original-note">{words} · <a href="?text=en">original: English</a></span>'
    assert f'<div class="user-text--block" lang="ko"><p>자주 고장난다.</p></div> {label}' in html


def test_solution_is_read_in_the_language_chosen(client: Any, world: World) -> None:
    translate_text(
        by=world.moderator, subject=world.solution, language="ko", texts={"name": "조명", "solves": "낡은 등"}
    )
    html = client.get(f"/en/solutions/{world.solution.public_id}/?text=ko").content.decode()
    assert '<h1><span lang="ko">조명</span></h1>' in html
    assert "human translation" in html


def test_provider_of_a_listed_solution_is_led_to_its_next_version(client_of: Any, world: World) -> None:
    page = client_of(world.provider_editor).get(f"/en/solutions/{world.solution.public_id}/texts/").content.decode()
    assert f"/en/solutions/{world.solution.public_id}/revise/" in page
