"""Warnings about brands and one provider's own terms, in seven languages; they warn and never block."""

from typing import Any

import pytest

from cities.models import Demand
from cities.wording import warnings_of
from tests.conftest import World
from tests.factories import DemandFactory, ProviderFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def warned(problem: str, language: str = "en") -> list[str]:
    return [item.word for item in warnings_of(DemandFactory(language=language, problem=problem))]


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "We need the patented nozzle.", "patented"),
        ("es", "Queremos la tecnología patentada.", "patentada"),
        ("fr", "Un système breveté est souhaité.", "breveté"),
        ("pt", "Software proprietário já em uso.", "proprietário"),
        ("ko", "특허 제품을 원합니다.", "특허 제품"),
        ("ja", "特許技術を使いたい。", "特許技術"),
        ("zh-hans", "需要专利技术。", "专利技术"),
    ],
)
def test_terms_of_one_provider_are_found_in_each_language(language: str, text: str, word: str) -> None:
    assert warned(text, language) == [word]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Lamps such as SGS-200X or equivalent."),
        ("es", "Lámparas SGS-200X o equivalente."),
        ("fr", "Lampes SGS-200X ou équivalent."),
        ("pt", "Lâmpadas SGS-200X ou similar."),
        ("ko", "SGS-200X 또는 동등 이상의 제품."),
        ("ja", "SGS-200Xまたは同等品。"),
        ("zh-hans", "SGS-200X或同等产品。"),
    ],
)
def test_or_equivalent_beside_the_name_silences_the_warning(language: str, text: str) -> None:
    assert warned(text, language) == []


@pytest.mark.parametrize("text", ["SGS-200X", "CoolFilm®", "Thermo™"])
def test_types_and_trademarks_are_found(text: str) -> None:
    assert warned(f"We want {text} on all roofs.") == [text]


@pytest.mark.parametrize(
    "text", ["ISO 14001", "IEC 61850", "EN 13201", "IP65", "CO2", "PM10", "LED", "KS 7658", "JIS 9131"]
)
def test_standards_units_and_grades_are_no_types(text: str) -> None:
    assert warned(f"It has to meet {text}.") == []


def test_names_from_the_catalogue_are_found_whole_and_in_any_case(world: World) -> None:
    ProviderFactory(organisation__name="Lampenwerk Süd")
    SolutionFactory(name="CoolRoof")
    assert warned("Like lampenwerk süd did with coolroof.") == ["lampenwerk süd", "coolroof"]
    assert warned("The coolroofing of schools.") == []


def test_names_of_common_words_are_not_warned_of(world: World) -> None:
    SolutionFactory(name="LED lighting")
    assert warned("We want LED lighting in all streets.") == []


def test_each_word_is_named_once() -> None:
    assert warned("A patented lamp. Another patented lamp.") == ["patented"]


def test_warning_blocks_nothing(world: World, client_of: Any) -> None:
    draft = DemandFactory(body=world.city, state="draft", published_at=None, problem="The patented nozzle.")
    client = client_of(world.city_approver)
    assert "Words to think about" in client.get(f"/en/demands/{draft.public_id}/check/").content.decode()
    assert client.post(f"/en/demands/{draft.public_id}/submit/").status_code == 302
    assert Demand.objects.get(pk=draft.pk).state == "submitted"
