"""The firewall's eye: what reaches a person, in many spellings, and what merely looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.introductions.contacts import contacts_in, masked, refuse_contacts
from portal.common.errors import Incomplete

REACHES = (
    "ana.perez@city.example.org", "ana (at) city (dot) org", "ana AT city DOT org", "ana＠city．org",
    "ana [at] city.org",
    "https://city.example/contact", "www.city.example", "city.org/team", "meet.example.io", "mailto:x", "tel:+34911",
    "+34 600 123 456", "0034-600-123-456", "(011) 5555-1234", "02-123-4567", "010-1234-5678", "555-123-4567",
    "Tel. 91 234 56", "전화 02 123 4567", "電話 03-1234-5678", "手机 13800138000", "@ana_perez", "WhatsApp 600123456",
    "微信: ana2026", "ana@\u200bcity.org", "+\u200b34 600 123 456",
)  # fmt: skip
HARMLESS = (
    "12,500 lamps in 2026", "1 200 000 EUR", "2026-05-01", "01.05.2026", "TRL 8–9", "3.5 % a year",
    "IEC 62196-2",
    "at 10:30 on Tuesday", "14:00–16:30", "We aim at cost savings.", "Is 50 000 m³/day enough?",
    "e.g. poles, i.e. masts",
    "D7K3M9Q2X", "EN 50160:2010", "Dot the i.", "가로등 12,000개", "路灯1万2千盏", "GDPR, ISO 9001",
)  # fmt: skip


@pytest.mark.parametrize("text", REACHES)
def test_what_reaches_a_person_is_found_in_a_sentence(text: str) -> None:
    assert contacts_in(f"Please use {text} for this, thank you")


@pytest.mark.parametrize("text", REACHES)
def test_what_reaches_a_person_is_masked(text: str) -> None:
    assert contacts_in(masked(f"Please use {text} for this")) == []


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_dates_and_standards_are_left_alone(text: str) -> None:
    assert contacts_in(text) == []
    assert masked(text) == text


@pytest.mark.parametrize("text", ["Ask Ana Pérez.", "ANA PÉREZ knows", "Ana  Pérez"[:3] + " Pérez"])
def test_names_are_found_whatever_their_letters_case(text: str) -> None:
    assert contacts_in(text, ["Ana Pérez"])


def test_a_name_inside_a_longer_word_is_not_that_name() -> None:
    assert contacts_in("The Anandale line", ["Ana"]) == []


def test_a_korean_name_is_found_with_its_particle() -> None:
    assert masked("김민수에게 물어보세요", ["김민수"]) == "[…]에게 물어보세요"


def test_a_refusal_names_what_was_found_and_the_field() -> None:
    with pytest.raises(Incomplete, match=r"a@b\.org") as refused:
        refuse_contacts("Write to a@b.org", field="note")
    assert refused.value.missing == ("note",)


@given(st.text(max_size=400))
def test_masking_leaves_nothing_to_find_and_is_stable(text: str) -> None:
    once = masked(text, ["Ana Pérez"])
    assert masked(once, ["Ana Pérez"]) == once
