"""Printable files: every language's letters are in the file, and nothing in a name reorders what stands around it."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.common import pdf
from portal.common.languages import CODES

MADE = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
WORDS = {
    "en": "Street lights", "es": "Alumbrado público", "fr": "Éclairage à la carte", "pt": "Iluminação",
    "ko": "가로등 교체", "ja": "街路灯の更新と直骨", "zh-hans": "路灯改造与骨干",
}  # fmt: skip


def document(language: str) -> pdf.Document:
    return pdf.Document(title="Clean file", language=language, foot="UrbanLink", made_at=MADE)


@pytest.mark.parametrize("language", CODES)
def test_every_language_is_written_without_a_missing_letter(language: str, caplog: pytest.LogCaptureFixture) -> None:
    made = document(language)
    made.heading(WORDS[language], 1)
    made.paragraph(" ".join(WORDS.values()) + " Łódź, İzmir, Brașov")
    made.facts([(WORDS[language], 12), ("", None)])
    made.table(["#", WORDS[language]], [[1, WORDS["ja"]], [2, WORDS["ko"]]], (1, 9))
    assert made.content().startswith(b"%PDF-")
    assert "missing" not in caplog.text


def test_fonts_are_embedded_as_far_as_they_are_used() -> None:
    made = document("ja")
    made.paragraph(WORDS["ja"])
    assert len(made.content()) < 60_000


def test_the_same_content_is_the_same_file() -> None:
    first, second = document("ko"), document("ko")
    for made in (first, second):
        made.heading(WORDS["ko"])
    assert first.content() == second.content()


def test_direction_marks_are_printed_as_their_numbers() -> None:
    assert pdf.plain("bid\u202etxt.exe\u202c") == "bid[U+202E]txt.exe[U+202C]"


def test_control_characters_are_left_out() -> None:
    assert pdf.plain("a\x00b\u200b\x85c") == "abc"


def test_a_line_of_japanese_may_end_between_letters_but_not_before_a_full_stop() -> None:
    assert pdf.breakable("都市。市") == "都\u200b市。\u200b市"


def test_a_long_table_goes_on_to_the_next_page() -> None:
    made = document("en")
    made.table(["#"], [[number] for number in range(90)], (1,))
    assert made.content().count(b"/Type /Page\n") > 1


def test_a_cell_longer_than_a_page_goes_on_on_the_next() -> None:
    made = document("en")
    made.table(["#", "Answer"], [[1, "A long answer to a short question. " * 300]], (1, 2))
    read = PdfReader(BytesIO(made.content()))
    assert len(read.pages) > 1
    assert sum(page.extract_text().count("question") for page in read.pages) == 300


def test_letters_of_two_fonts_stand_in_the_order_of_the_text() -> None:
    made = document("ko")
    made.paragraph("LED 가로등 교체 2026 Łódź 路灯")
    read = PdfReader(BytesIO(made.content())).pages[0].extract_text().replace("\0", "")
    assert "LED 가로등 교체 2026 Łódź 路灯" in read


def test_a_word_wider_than_its_cell_ends_where_the_line_does() -> None:
    made = document("en")
    made.facts([("Hash", "0123456789abcdef" * 20)])
    assert "0123456789abcdef" * 20 in PdfReader(BytesIO(made.content())).pages[0].extract_text().replace("\n", "")
