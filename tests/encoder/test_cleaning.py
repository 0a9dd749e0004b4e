"""Nothing hostile reaches a model, and nothing worth reading is lost on the way."""

import re
import time
import unicodedata
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matching.encoder import clean, sentences, text_hash
from matching.encoder.cleaning import MAX_CHARS, MAX_SENTENCES

any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@given(any_text)
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@given(any_text)
def test_clean_text_holds_no_control_surrogate_or_invisible_character(text):
    categories = {unicodedata.category(character) for character in clean(text)}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn"}


@given(any_text)
@example("tree \U0001f333\ufe0f!")
@example("a\u3000b\x1c c\n")
@example("gone \ufffd")
@example("cafe\u0301")
def test_what_needs_no_scrubbing_is_what_scrubbing_would_leave(text):
    with patch("matching.encoder.cleaning._UNSEEN", re.compile("")):
        scrubbed = clean(text)
    assert clean(text) == scrubbed


@given(any_text)
def test_clean_text_can_be_encoded(text):
    assert clean(text).encode("utf-8").decode("utf-8") == clean(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ""),
        ("", ""),
        (" \t\r\n ", ""),
        ("a\x00b", "a b"),
        ("a\ud800b", "a b"),
        ("pay\u202eload\u2066!", "payload!"),
        ("zero\u200bwidth \u200dhere", "zerowidth here"),
        ("soft\u00adhyphen", "softhyphen"),
        ("ﬁve ＬＥＤ ㎞", "five LED km"),
        ("cafe\u0301", "café"),
        ("two\u00a0\u2003\u2028spaces", "two spaces"),
        ("가로등 교체", "가로등 교체"),
        ("洪水・対策", "洪水・対策"),
        ("tree \U0001f333\ufe0f!", "tree \U0001f333!"),
        ("\ue000private\U000e0041", "private"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


def test_ten_ligatures_that_crash_the_c_tokenizer_unfold_to_plain_words():
    assert clean("\ufdfa" * 10).split()[:4] == ["صلى", "الله", "عليه", "وسلمصلى"]


@pytest.mark.parametrize(
    "unit", ["a", "\x00", "\ufdfa", "\u0301\u0316", "가", "x ", "\u202e", "\U0001f468\u200d", "end. ", "\ud800"]
)
def test_a_million_characters_are_cut_in_no_time(unit):
    started = time.process_time()
    text = unit * (1_000_000 // len(unit))
    assert len(clean(text)) <= MAX_CHARS
    assert len(sentences(text)) <= MAX_SENTENCES
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The lights are old. They fail often!", ["The lights are old.", "They fail often!"]),
        ("街灯が古い。よく故障する！予算はある？", ["街灯が古い。", "よく故障する!", "予算はある?"]),
        ("가로등이 낡았습니다. 자주 고장납니다.", ["가로등이 낡았습니다.", "자주 고장납니다."]),
        (
            "Replace the lamps\n- in the old town\n- on the ring road",
            ["Replace the lamps", "- in the old town", "- on the ring road"],
        ),
        ("See annex No. 5 for the list.", ["See annex No.", "5 for the list."]),
        ("Road a) north side b) south", ["Road a) north side b) south"]),
        ("Same line here.\nSame line here.", ["Same line here."]),
        ("Yes.", ["Yes."]),
        ("", []),
        (None, []),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


def test_fragment_joins_the_sentence_after_it():
    assert sentences("a) Lamps. b) New poles for the whole district.") == [
        "a) Lamps. b) New poles for the whole district."
    ]


def test_texts_that_clean_to_the_same_share_a_hash():
    assert text_hash("LED\u200b  lamps") == text_hash("ＬＥＤ lamps") != text_hash("LED lamp")
