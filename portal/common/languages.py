"""The portal's seven languages: codes, tags, names, order of words, and guessing the language of a text.

Pure Python with Babel (CLDR) and py3langid; no Django, so that the engine's callers and scripts may use it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date as babel_format_date
from babel.numbers import format_decimal


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the portal: Django code, HTML tag, own name, model field suffix, Babel locale."""

    code: str
    tag: str
    endonym: str
    suffix: str
    locale: str


LANGUAGES = (
    Language("en", "en", "English", "en", "en"),
    Language("es", "es", "Español", "es", "es"),
    Language("fr", "fr", "Français", "fr", "fr"),
    Language("pt", "pt", "Português", "pt", "pt"),
    Language("ko", "ko", "한국어", "ko", "ko"),
    Language("ja", "ja", "日本語", "ja", "ja"),
    Language("zh-hans", "zh-Hans", "简体中文", "zh_hans", "zh_Hans"),
)
CODES = tuple(language.code for language in LANGUAGES)
BY_CODE = {language.code: language for language in LANGUAGES}


def normalise_language(tag: str) -> str | None:
    """The portal's code for a BCP 47 tag or Django code of any spelling ("pt-BR", "zh_CN"); None for other languages.

    Chinese in the traditional script ("zh-TW", "zh-Hant") counts as Chinese: it is the nearest that we have.
    """
    primary = re.split(r"[-_.]", tag.strip().lower(), maxsplit=1)[0]
    code = "zh-hans" if primary == "zh" else primary
    return code if code in BY_CODE else None


@lru_cache(maxsize=len(CODES))
def babel_locale(code: str) -> Locale:
    """The Babel locale of one of the seven; KeyError for any other."""
    return Locale.parse(BY_CODE[code].locale)


def language_name(tag: str, in_language: str) -> str:
    """The name of the language of a BCP 47 tag in one of the seven; the tag itself where CLDR has none.

    Only the primary language counts ("pt-BR" is Portuguese), except that zh-Hans and zh-Hant are told apart.
    """
    primary = tag.strip().replace("_", "-").lower()
    names = babel_locale(in_language).languages
    if primary in {"zh-hans", "zh-hant"}:
        return names.get(primary.replace("-hans", "_Hans").replace("-hant", "_Hant")) or names["zh"]
    return names.get(primary.split("-")[0], tag)


def format_number(value: Decimal | float, language: str, decimals: int | None = None) -> str:
    """A number with the separators of the language; at most three decimals, or exactly `decimals`."""
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=babel_locale(language))


def format_day(day: date, language: str, style: str = "long") -> str:
    """A date in words of the language; `style` is short, medium, long or full."""
    return babel_format_date(day, format=style, locale=babel_locale(language))  # type: ignore[arg-type]


# The order of kanji words is that of their reading; country and region names begin with these only.
_READINGS = (("中華人民共和国", "ちゆうかじんみんきようわこく"), ("中央", "ちゆうおう"), ("中部", "ちゆうふ"), ("中国", "ちゆうこく"),
             ("南極", "なんきよく"), ("英領", "えいりよう"), ("赤道", "せきとう"), ("仏領", "ふつりよう"),
             ("米領", "へいりよう"), ("日本", "につほん"), ("北朝鮮", "きたちようせん"), ("韓国", "かんこく"),
             ("台湾", "たいわん"), ("東南", "とうなん"), ("南部", "なんふ"), ("合衆国", "かつしゆうこく"), ("西", "にし"), ("東", "ひかし"), ("南", "みなみ"),
             ("北", "きた"), ("世界", "せかい"))
_LARGE_KANA = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_VOWELS = {vowel: row for vowel, row in zip("あいうえお", (
    "あかさたなはまやらわ", "いきしちにひみり", "うくすつぬふむゆる", "えけせてねへめれ", "おこそとのほもよろを"), strict=True)}
# GB 2312 sorts its common characters by pinyin; these of country names are not among them or are read otherwise.
_SAME_SOUND = str.maketrans({"瑙": "恼", "梵": "饭", "斐": "匪", "汶": "问", "秘": "闭"})


def sort_key(text: str, language: str) -> tuple[Any, ...]:
    """A key that orders words as readers of the language expect.

    Latin: accents and case ignored. Korean: order of Hangul. Japanese: order of kana (JIS X 4061 without its finest
    levels), kanji by the reading of the words that names of places begin with. Chinese: by pinyin.
    """
    if language == "ja":
        return (_kana(text), text)
    if language == "zh-hans":
        return (text.translate(_SAME_SOUND).encode("gb18030"), text)
    if language == "ko":
        return (text,)
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum() or char == " ")
    return (plain.casefold(), text)


def _kana(text: str) -> str:
    """Hiragana without voicing marks and small forms; a long mark becomes the vowel it prolongs."""
    for word, reading in _READINGS:
        text = text.replace(word, reading)
    plain = [char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)]
    kana = "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in plain).translate(_LARGE_KANA)
    spelt: list[str] = []
    for char in kana:
        if char == "ー" and spelt:
            char = next((vowel for vowel, row in _VOWELS.items() if spelt[-1] in row), char)
        if char not in "・ ":
            spelt.append(char)
    return "".join(spelt)
