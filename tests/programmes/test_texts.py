"""Translations of programmes, calls and events: beside the original, marked, and never lost."""

from typing import Any

import pytest
from django.utils import translation

from portal.common.errors import DomainError, NotAllowed
from portal.common.translated import shown
from portal.programmes.call_actions import Asked, Weighted, edit_call, set_rules
from portal.programmes.event_actions import edit_event
from portal.programmes.models import Call, Event, Milestone
from portal.programmes.texts import pieces_of
from portal.translating.actions import translate_text
from tests.conftest import World
from tests.factories.programmes import CallFactory, EventFactory, ProgrammeFactory, manager

pytestmark = pytest.mark.django_db


def in_korean(call: Call) -> dict[str, str]:
    return {piece.key: f"한국어 {number}" for number, piece in enumerate(pieces_of(call))}


def test_call_criteria_and_questions_are_read_in_the_readers_language() -> None:
    call = CallFactory()
    translate_text(by=manager(), subject=call, language="ko", texts=in_korean(call))
    fresh = Call.objects.get()
    texts = [shown(row, name, "ko").text for row, name in
             ((fresh, "title"), (fresh.criteria.get(order=1), "title"), (fresh.questions.get(), "text"))]  # fmt: skip
    assert texts == ["한국어 0", "한국어 3", "한국어 4"]


def test_text_without_a_translation_is_the_original_and_says_so() -> None:
    call = CallFactory(programme__original_language="fr", title_en="", title_fr="Écoles", about_fr="Villes.")
    assert shown(call, "title", "ja")[:3] == ("Écoles", "fr", True)


def test_changed_original_marks_its_translations_as_older() -> None:
    call, by = CallFactory(programme__state="announced"), manager()
    translate_text(by=by, subject=call, language="ko", texts=in_korean(call))
    edit_call(by=by, call=call, texts={"title": "Colder classrooms"}, facts={})
    fresh = Call.objects.get()
    assert (shown(fresh, "title", "ko").status, shown(fresh, "about", "ko").status) == ("stale", "human")


def test_translation_written_again_is_current() -> None:
    event, by = EventFactory(), manager()
    translate_text(by=by, subject=event, language="ja", texts={"title": "研修"})
    edit_event(by=by, event=event, texts={"title": "Longer workshop"}, facts={})
    translate_text(by=by, subject=event, language="ja", texts={"title": "長い研修"})
    assert shown(Event.objects.get(), "title", "ja")[::3] == ("長い研修", "human")


def test_empty_text_takes_a_translation_away() -> None:
    call, by = CallFactory(), manager()
    translate_text(by=by, subject=call, language="ko", texts={"title": "교실"})
    translate_text(by=by, subject=call, language="ko", texts={"title": ""})
    assert shown(Call.objects.get(), "title", "ko").is_foreign
    assert Call.objects.get().translations["title"] == {}


def test_rules_written_anew_keep_the_translations_of_lines_that_stay() -> None:
    call, by = CallFactory(programme__state="announced"), manager()
    translate_text(by=by, subject=call, language="ko", texts=in_korean(call))
    set_rules(
        by=by, call=call, criteria=[Weighted("Readiness", 70), Weighted("Learning", 30)],
        questions=[Asked("Why now?", False)],
    )  # fmt: skip
    first, second = call.criteria.all()
    assert (shown(first, "title", "ko").text, shown(second, "title", "ko").is_foreign) == ("한국어 3", True)
    assert shown(call.questions.get(), "text", "ko").text == "한국어 4"


def test_rules_are_kept_in_the_language_of_the_programme_whatever_the_managers_page() -> None:
    call = CallFactory(programme__state="announced", programme__original_language="pt")
    with translation.override("ja"):
        set_rules(by=manager(), call=call, criteria=[Weighted("Preparo", 100)], questions=[])
    assert call.criteria.get().title_pt == "Preparo"


def test_same_line_twice_is_refused_in_words() -> None:
    call = CallFactory(programme__state="announced")
    with pytest.raises(DomainError, match="say the same"):
        set_rules(by=manager(), call=call, criteria=[Weighted("Need", 50), Weighted("Need", 50)], questions=[])


def test_original_is_not_translated_into_itself() -> None:
    with pytest.raises(DomainError):
        translate_text(by=manager(), subject=CallFactory(), language="en", texts={"title": "x"})


def test_only_managers_translate(world: World) -> None:
    with pytest.raises(NotAllowed):
        translate_text(by=world.moderator, subject=CallFactory(), language="ko", texts={"title": "x"})


def test_page_of_a_translation_stands_beside_the_original_and_says_what_is_older(client_of: Any) -> None:
    call, by = CallFactory(programme__state="announced"), manager()
    translate_text(by=by, subject=call, language="ko", texts=in_korean(call))
    edit_call(by=by, call=call, texts={"title": "Colder classrooms"}, facts={})
    html = client_of(by).get(f"/en/workspace/calls/{call.public_id}/texts/ko/").content.decode()
    assert 'lang="en"><p>Colder classrooms</p>' in html
    assert 'value="한국어 0"' in html
    assert html.count("translation of an earlier version") == 1


def test_translations_are_written_by_their_page(client_of: Any) -> None:
    programme, by = ProgrammeFactory(), manager()
    milestone = Milestone.objects.create(programme=programme, title_en="Begin")
    data = {"title": "시원한 학교", "summary": "", "about": "", f"milestone-{milestone.pk}": "시작"}
    answer = client_of(by).post(f"/en/workspace/programmes/{programme.public_id}/texts/ko/", data)
    assert answer.headers["Location"].endswith("/texts/")
    milestone.refresh_from_db()
    assert milestone.title_ko == "시작"
