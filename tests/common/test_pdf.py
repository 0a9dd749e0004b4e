"""Printable files: every language's letters are in the file, and nothing in a name reorders what stands around it."""

from datetime import UTC, datetime

import pytest

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
