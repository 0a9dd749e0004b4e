"""Lexical tokens in the seven languages."""

import pytest

from matching.engine import base_language, tokens


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The street lights of the city", "en", {"street", "lights", "city"}),
        ("Iluminación pública en la ciudad", "es", {"iluminacion", "publica", "ciudad"}),
        ("L'éclairage public à Angers", "fr", {"eclairage", "public", "angers"}),
        ("Iluminação pública não poluente", "pt", {"iluminacao", "publica", "poluente"}),
        ("도시 가로등", "ko", {"도시", "가로", "로등"}),
        ("街路灯の更新", "ja", {"街路", "路灯", "灯の", "の更", "更新"}),
        ("城市污水处理", "zh-hans", {"城市", "市污", "污水", "水处", "处理"}),
        ("LED灯 IP66 ISO9001", "zh-hans", {"led", "灯", "ip66", "iso9001"} - {"灯"}),
        ("ＬＥＤ　ﾗﾝﾌﾟ", "ja", {"led", "ラン", "ンプ"}),
        ("", "en", set()),
        ("the of and", "en", set()),
        ("the of and", "xx", {"the", "of", "and"}),
    ],
)
def test_tokens(text, language, expected):
    assert tokens(text, language) == expected


def test_hangul_keeps_its_letters():
    assert tokens("한국", "ko") == {"한국"}


def test_voiced_kana_stay_voiced():
    assert tokens("がか", "ja") == {"がか"}


def test_endless_text_gives_a_bounded_set():
    assert len(tokens(" ".join(f"w{number}" for number in range(100_000)), "en")) == 400


@pytest.mark.parametrize("text", ["\x00\ud800", "\ufdfa" * 10, "\u0301" * 9000, "\U0001f468\u200d\U0001f469"])
def test_hostile_text_gives_tokens_or_none(text):
    assert isinstance(tokens(text, "en"), frozenset)


@pytest.mark.parametrize(("code", "base"), [("zh-hans", "zh"), ("pt_BR", "pt"), ("EN", "en"), ("", "")])
def test_base_language(code, base):
    assert base_language(code) == base
