"""Lexical tokens: the exact words two texts share, which no sentence vector keeps.

The name of a standard, a model number or a rare term counts here. Only texts of one language are compared: words that
two languages happen to share say nothing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_CHARS: Final = 8000
MAX_TOKENS: Final = 400

# Runs of Chinese, Japanese and Korean letters have no spaces to split at (Korean glues particles to nouns): bigrams.
_WIDE_RUN: Final = re.compile(r"[\u1100-\u11ff\u3005-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff]+")
_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile(r"[\u0300-\u036f]+")

_STOP_TEXTS: Final = {
    "en": """a an and any are as at be been but by can for from has have if in into is it its may more must not of on or
        other our shall should such than that the their there these they this to was we were which will with""",
    "es": """al ante asi como con contra de del desde donde e el ella en entre es esta este esto ha han hasta la las le
        lo los mas no o otros para pero por que se segun ser si sin sobre son su sus un una uno unos y""",
    "fr": """a au aux avec ce ces cette comme d dans de des du elle en est et etre eux il ils l la le les leur leurs
        mais ne nos notre ou par pas plus pour qu que qui s sa sans se ses si son sont sur tout un une vers""",
    "pt": """a ao aos as ate com como da das de do dos e ela em entre essa esse esta este foi ha isso ja la mais mas na
        nas nao no nos num numa o os ou para pela pelas pelo pelos por que se sem ser seu seus so sua suas um uma""",
    "ko": "하는 있는 하고 위한 위해 대한 되는 한다 합니 니다 습니 있습 입니 에서 으로 까지 부터 그리 리고",
    "ja": "する ため こと です ます した して ある いる よう おり など から まで また より もの これ それ",
    "zh": "我们 以及 进行 可以 需要 通过 对于 这个 一个 已经 他们 为了 并且 或者 因此",
}
_STOP_WORDS: Final = {language: frozenset(words.split()) for language, words in _STOP_TEXTS.items()}


def base_language(language: str) -> str:
    """The primary subtag of a BCP 47 code in lower case: "zh" for "zh-Hans"."""
    return language.partition("-")[0].partition("_")[0].lower()


def tokens(text: str, language: str) -> frozenset[str]:
    """The distinct lexical tokens of a text: NFKC, case and accents off, bigrams in Chinese, Japanese and Korean.

    At most the first MAX_TOKENS distinct ones of the first MAX_CHARS characters. Stop-words of `language` are left
    out; a language without a list keeps all words.
    """
    plain = folded(text[:MAX_CHARS])
    stop_words = _STOP_WORDS.get(base_language(language), frozenset())
    found: dict[str, None] = {}
    for word in _WORD.findall(plain):
        for token in _split_wide(word):
            if len(token) > 1 and token not in stop_words:
                found.setdefault(token)
        if len(found) >= MAX_TOKENS:
            break
    return frozenset(list(found)[:MAX_TOKENS])


def folded(text: str) -> str:
    """NFKC, case and accents off: "Éclairage" as "eclairage"."""
    return _without_accents(unicodedata.normalize("NFKC", text).casefold())


def unaccented(text: str) -> str:
    """NFKC and accents off, capitals kept: "Éclairage" as "Eclairage"."""
    return _without_accents(unicodedata.normalize("NFKC", text))


def _without_accents(text: str) -> str:
    # Only marks on letters that decompose are accents; Hangul and kana voicing marks carry the word and are put back.
    return text if text.isascii() else unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))


def _split_wide(word: str) -> list[str]:
    parts: list[str] = []
    end = 0
    for run in _WIDE_RUN.finditer(word):
        parts.append(word[end : run.start()])
        letters = run.group()
        parts += [letters] if len(letters) < 3 else [letters[i : i + 2] for i in range(len(letters) - 1)]
        end = run.end()
    return [*parts, word[end:]]
