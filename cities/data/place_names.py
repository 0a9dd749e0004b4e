"""Cleans the city names of the source into one script and one convention per language.

Used only when the data file is rebuilt. The source merges alternate names of GeoNames and Natural Earth without saying
which is current: its Chinese column mixes both scripts with Japanese forms, its Korean one carries names of former
times (경성 for Seoul), its Japanese one Chinese characters. What no rule can mend is dropped, so that the reader sees
the international name rather than a wrong one; what readers see most is set right by hand in curated_names.tsv.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
_PARENTHESIS = re.compile(r"\s*[(（].*?[)）]")
_ALTERNATIVE = re.compile(r"[/／，,].*")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]+(?:[-·][\u4e00-\u9fff]+)*")
_HANGUL_NAME = re.compile(r"[가-힣]+(?:[ -][가-힣]+)*")
_JAPANESE_NAME = re.compile(
    r"[\u3041-\u3096\u30a1-\u30fa\u30fc々〆ヶ\u4e00-\u9fff]+"
    r"(?:[・＝-][\u3041-\u3096\u30a1-\u30fa\u30fc々〆ヶ\u4e00-\u9fff]+)*"
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\ufeff"))
# 市 belongs to these names; everywhere else it only says "city".
_ICHI = {"四日市", "廿日市", "八日市", "五日市", "野々市", "今市"}
# Simplified and pre-war forms that Japanese place names do not take. Others (龍, 諫) are genuine in some names.
_JAPANESE_FORMS = dict(zip("戶吳瀨卷歲关丰儿东务进德黑滨岛长龙", "戸呉瀬巻歳関豊児東務進徳黒浜島長竜", strict=True))


def simplified_table() -> dict[str, str]:
    """Character to its Simplified form, from han_simplified.tsv."""
    lines = (HERE / "han_simplified.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


_SIMPLIFIED = simplified_table()


def base_clean(name: str) -> str:
    """The first of several alternatives, without parenthesis, invisible characters and odd spaces or dashes."""
    name = unicodedata.normalize("NFC", name).translate(_INVISIBLE)
    name = _ALTERNATIVE.sub("", _PARENTHESIS.sub("", name))
    for dash in "‐－─–—":
        name = name.replace(dash, "-")
    return " ".join(name.split())


def simplified_chinese(name: str) -> str:
    """The name in Simplified Chinese, or "" where it is not Han.

    A character of GB 2312 stands; another is replaced by its Simplified form; one that has none (槻 of a Japanese
    town) stands, as mainland Chinese writes it so.
    """
    name = base_clean(name).replace("巿", "市")
    name = re.sub(r"(.)々", r"\1\1", name)
    name = "".join(char if _in_gb2312(char) else _SIMPLIFIED.get(char, char) for char in name)
    if not _HAN_NAME.fullmatch(name):
        return ""
    return name[:-1] if name.endswith("市") and len(name) > 2 and name not in _ICHI else name


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def korean(name: str, romanised: str, country: str) -> str:
    """The name in Hangul without the word for "city", or "" where it is not Hangul."""
    name = base_clean(name)
    if not _HANGUL_NAME.fullmatch(name):
        return ""
    name = name.removesuffix(" 시")
    says_city = name.endswith("시") and len(name) > 2 and country in {"CN", "KR", "TW"}
    return name[:-1] if says_city and not romanised.lower().endswith(("xi", "shi")) else name


def japanese(name: str, country: str) -> str:
    """The name in kana or kanji without the word for "city", or "" where it is another script."""
    name = base_clean(name).replace("―", "ー").replace("=", "＝")
    if country == "JP":
        name = "".join(_JAPANESE_FORMS.get(char, char) for char in name)
    name = name.removeprefix("テーサバーンナコーン・")
    if not _JAPANESE_NAME.fullmatch(name) or not _in_jis(name):
        return ""
    is_loan = "ァ" <= name[0] <= "ヺ"
    for suffix in ("特別市", "市", *(("県",) if is_loan else ())):
        if name.endswith(suffix) and len(name) > len(suffix) + 1 and name not in _ICHI:
            return name.removesuffix(suffix)
    return name


def _in_jis(name: str) -> bool:
    try:
        name.encode("iso2022_jp")
    except UnicodeEncodeError:
        return name.isascii()
    return True


def folded(name: str) -> str:
    """The name without accents, case and apostrophes: two spellings of one name fold to the same."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return re.sub(r"[’‘'`ʻʼ\-\s]+", " ", plain).strip().casefold().replace("ı", "i")


def english(name: str, known: str) -> str:
    """The English name: the source's, unless it only drops the accents of the name itself or adds a word for "city"."""
    known = base_clean(known).removeprefix("City of ") if known else name
    for word in (" District", " County", " Municipality", " town", " City"):
        if folded(known) == folded(name + word) or word != " City":
            known = known.removesuffix(word)
    return name if folded(known) == folded(name) else known
