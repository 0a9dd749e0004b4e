"""The picture beside a shared link: its size, its words in every script, and that it is for public records only."""

import io
from typing import Any

import pytest
from PIL import Image

from portal.common.social import MOST_LINES, TITLE_SIZES, _fitting, picture
from tests.factories import DemandFactory, SolutionFactory

TITLES = {
    "en": "Renew public street lighting with no upfront investment",
    "ja": "豪雪・寒冷地の小学校を、光熱費を増やさずZEBとして建て替える",
    "ko": "아이들이 기다리는 곳에 그늘을 만들고 한여름 정류장을 시원하게",
    "fr": "Anticonstitutionnellement" * 12,
}


def drawn(content: bytes) -> Any:
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("language", TITLES)
def test_preview_is_of_the_size_that_networks_ask_for_and_light(language: str) -> None:
    content = picture(TITLES[language], "Rancagua", language)
    assert drawn(content).size == (1200, 630)
    assert len(content) < 60_000


@pytest.mark.parametrize("title", [*TITLES.values(), "", " ", "word " * 120])
def test_title_of_any_length_fits(title: str) -> None:
    size, lines = next(_fitting(title, "en"))
    assert size in TITLE_SIZES
    assert len(lines) <= MOST_LINES
    assert "".join(lines).rstrip("…") in title


def test_other_words_make_another_picture() -> None:
    assert drawn(picture("One", "Chile", "en")).tobytes() != drawn(picture("Two", "Chile", "en")).tobytes()


def test_han_letters_are_drawn_as_the_language_writes_them() -> None:
    assert drawn(picture("直骨角", "", "ja")).tobytes() != drawn(picture("直骨角", "", "zh-hans")).tobytes()


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [DemandFactory, SolutionFactory])
def test_page_of_a_public_record_names_its_picture(client: Any, factory: Any, settings: Any) -> None:
    record = factory()
    address = f"{record.get_absolute_url()}social.png"
    page = client.get(record.get_absolute_url()).content.decode()
    assert f'<meta property="og:image" content="{settings.SITE_URL}{address}">' in page
    found = client.get(address)
    assert (found.status_code, found["Content-Type"]) == (200, "image/png")
    assert "public" in found["Cache-Control"]
