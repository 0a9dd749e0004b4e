from datetime import date
from decimal import Decimal

import pytest

from portal.imports.cleaning import clean_text, cut
from portal.imports.parsing import parse_date, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("1 234,50", "1234.50"),
        ("1'000'000", "1000000"), ("1.200.000", "1200000"), ("1,234", "1234"), ("0.125", "0.125"), ("0,125", "0.125"),
        ("12,5", "12.5"), ("R$ 1.200.000,00", "1200000"), ("EUR 1200", "1200"), ("1200 €", "1200"),
        ("￥１，２３４", "1234"), ("٣٤", "34"), ("-5", "-5"), ("(1,234)", "-1234"), ("−5", "-5"),
    ],
)  # fmt: skip
def test_number_in_any_usual_spelling_is_read(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "1.5 million", "12k", "1,2,3", "1e5", "1-2", "(5", "1" * 60, "nan"])
def test_number_that_is_none_is_not_guessed(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    "text",
    ["2027-03-31", "2027/3/31", "20270331", "2027-03-31T09:00:00Z", "31.03.2027", "31/03/2027", "03/31/2027",
     "2027年3月31日", "2027년 3월 31일", "２０２７-０３-３１"],
)  # fmt: skip
def test_date_in_any_clear_spelling_is_read(text: str) -> None:
    assert parse_date(text) == date(2027, 3, 31)


@pytest.mark.parametrize("text", ["03/04/2027", "2027-02-30", "2027", "FY2021", "spring 2027", ""])
def test_date_that_can_be_read_in_two_ways_is_not_guessed(text: str) -> None:
    assert parse_date(text) is None


def test_month_alone_is_its_first_day() -> None:
    assert parse_date("2027-03") == date(2027, 3, 1)


def test_clean_text_keeps_lines_only_where_wanted() -> None:
    raw = "\ufeffa \t b\r\n\r\n\r\n\r\nc\x0bd"
    assert clean_text(raw, lines=True).text == "a b\n\nc d"
    assert clean_text(raw, lines=False).text == "a b c d"
    assert clean_text(raw, lines=True).removed == ()


def test_clean_text_survives_a_tower_of_combining_marks() -> None:
    assert len(clean_text("e" + "\u0301\u0323" * 200_000, lines=False).text) < 12


def test_cut_ends_at_a_word_within_the_limit() -> None:
    assert cut("one two three four five", 21) == "one two three four…"
    assert cut("日本語の長い文章です", 5) == "日本語の…"
    assert cut("short", 5) == "short"
