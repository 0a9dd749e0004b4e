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
    # British, as the words are: 9 March 2027; a, b and c.
    Language("en", "en", "English", "en", "en_GB"),
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
        return str(names.get(primary.replace("-hans", "_Hans").replace("-hant", "_Hant")) or names["zh"])
    return str(names.get(primary.split("-")[0], tag))


def is_grouped(value: Decimal | float, language: str) -> bool:
    """Whether thousands are parted: Spanish writes 4800 and 12.500 (CLDR's minimumGroupingDigits; Babel has none)."""
    return language != "es" or abs(value) >= 10_000


def format_number(value: Decimal | float, language: str, decimals: int | None = None) -> str:
    """A number with the separators of the language; at most three decimals, or exactly `decimals`."""
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    grouped = is_grouped(value, language)
    return format_decimal(value, format=pattern, locale=babel_locale(language), group_separator=grouped)


def format_day(day: date, language: str, style: str = "long") -> str:
    """A date in words of the language; `style` is short, medium, long or full."""
    return babel_format_date(day, format=style, locale=babel_locale(language))


# From one to another: CLDR's range pattern, for Chinese GB/T 15834; elsewhere a dash with spaces, as amounts hold some.
_RANGES = {"ko": "{}~{}", "ja": "{}～{}", "zh-hans": "{}～{}"}
# A name within a larger one.
_WITHIN = {"ja": "{}（{}）", "zh-hans": "{}（{}）"}


def format_range(low: str, high: str, language: str) -> str:
    return _RANGES.get(language, "{} – {}").format(low, high)


def format_place(name: str, country: str, language: str) -> str:
    """ "Suwon, South Korea"; one of them alone where the other is empty."""
    return _WITHIN.get(language, "{}, {}").format(name, country) if name and country else name or country


# The order of kanji words is that of their reading; country and region names begin with these only.
_READINGS = {
    "中華人民共和国": "ちゆうかじんみんきようわこく",
    "中央": "ちゆうおう",
    "中部": "ちゆうふ",
    "中国": "ちゆうこく",
    "南極": "なんきよく",
    "英領": "えいりよう",
    "赤道": "せきとう",
    "仏領": "ふつりよう",
    "米領": "へいりよう",
    "日本": "につほん",
    "北朝鮮": "きたちようせん",
    "韓国": "かんこく",
    "台湾": "たいわん",
    "東南": "とうなん",
    "南部": "なんふ",
    "合衆国": "かつしゆうこく",
    "世界": "せかい",
    "西": "にし",
    "東": "ひかし",
    "南": "みなみ",
    "北": "きた",
}
_LARGE_KANA = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_VOWEL_ROWS = {
    "あ": "あかさたなはまやらわ",
    "い": "いきしちにひみり",
    "う": "うくすつぬふむゆる",
    "え": "えけせてねへめれ",
    "お": "おこそとのほもよろを",
}
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
    for word, reading in _READINGS.items():
        text = text.replace(word, reading)
    plain = [char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)]
    kana = "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in plain).translate(_LARGE_KANA)
    spelt: list[str] = []
    for char in kana:
        if char == "ー" and spelt:
            char = next((vowel for vowel, row in _VOWEL_ROWS.items() if spelt[-1] in row), char)
        if char not in "・ ":
            spelt.append(char)
    return "".join(spelt)


# Close relatives of the four Latin languages, which py3langid takes short titles for.
_RELATIVES = {"an", "ast", "ca", "gl", "ht", "la", "oc", "pcm", "wa"}
_SURE_OF_ANOTHER = 0.8  # below this, another language is more often a misread title than a foreign text
_SURE_ENOUGH = 0.45  # among four; acronyms and bare names stay below


def guess_language(text: str) -> str | None:
    """The portal language a text is written in, or None where it cannot be told or is another language.

    Script decides first: kana is Japanese, Hangul Korean, Han alone Chinese (Japanese where a character exists only
    there). Latin text goes to py3langid. A lone acronym gives None.
    """
    hangul, kana, han, latin, other = _count_scripts(text)
    if other > hangul + kana + han + latin:
        return None
    # A syllable or ideograph says as much as two or three Latin letters: "LED照明" is Japanese or Chinese.
    if 3 * (hangul + kana + han) > latin:
        if hangul >= max(kana, 1):
            return "ko"
        return "ja" if kana or any(_is_japanese_only(char) for char in text) else "zh-hans"
    return _guess_latin(text) if latin > 1 else None


def _count_scripts(text: str) -> tuple[int, int, int, int, int]:
    """Letters of Hangul, kana, Han, Latin and any other script."""
    counts = [0, 0, 0, 0, 0]
    for char in text:
        if char.isalpha():
            place = next((place for place, (low, high) in _SCRIPTS if low <= char <= high), 4)
            counts[place] += 1
    return tuple(counts)  # type: ignore[return-value]


_SCRIPTS = (
    (3, ("A", "\u024f")),
    (3, ("\u1e00", "\u1eff")),
    (0, ("가", "힣")),
    (0, ("\u1100", "\u11ff")),
    (0, ("\u3131", "\u318e")),
    (1, ("ぁ", "ヿ")),
    (1, ("ｦ", "ﾟ")),
    (2, ("\u3400", "\u9fff")),
    (2, ("\uf900", "\ufaff")),
    (2, ("\U00020000", "\U0003ffff")),
)


def _is_japanese_only(char: str) -> bool:
    """True for a Han character of the Japanese standard that neither Chinese one has (広, 対, 県)."""
    return "\u4e00" <= char <= "\u9fff" and [_is_in(char, coding) for coding in ("shift_jis", "gb2312", "big5")] == [
        True,
        False,
        False,
    ]


def _is_in(char: str, coding: str) -> bool:
    try:
        char.encode(coding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Loaded at the first guess: the model costs most of a second. Our own instance, as the library's is shared state.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _guess_latin(text: str) -> str | None:
    shares = dict(_identifier().rank(text.encode("utf-8", "ignore").decode()))
    best = max(shares, key=shares.__getitem__)
    ours = {code: shares[code] for code in ("en", "es", "fr", "pt")}
    if best not in ours and best not in _RELATIVES and shares[best] > _SURE_OF_ANOTHER:
        return None
    code = max(ours, key=ours.__getitem__)
    return code if ours[code] > _SURE_ENOUGH * sum(ours.values()) else None
