"""Words of all seven languages as PostgreSQL's text search keeps them: folded, and bigrams where nothing is spaced.

A vector holds each word of its weight A once more with ``HEAD`` before it: which records have a word in their title
then is a question to the index alone, however common the word is. Chinese characters stand in it as they were written
and in simplified form, so that either script finds the other. What filters ask of a record stands in it too, as marks
after ``MARK``: words with filters are one question to the index then, which reads no record that passes half of it.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from django.db import connection

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
WIDE = re.compile(rf"[{_CJK}]+")
_SPLIT = re.compile(rf"([{_CJK}]+)")
_WORD = re.compile(r"[^\W_]+")
# Accents and other marks that are set on letters; the two that make another kana (ga of ka) are letters of their own.
_MARKS = re.compile(
    "["
    + "".join(chr(c) for c in range(0x300, 0xFE30) if unicodedata.combining(chr(c)) and c not in (0x3099, 0x309A))
    + "]"
)
# What Unicode does not take apart, and people without the key for it write as two letters.
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
# Traditional Chinese characters and, below them, what they are in simplified ones (data/NOTICE.md).
_TRADITIONAL = str.maketrans(*(Path(__file__).parent / "data" / "traditional.txt").read_text("utf-8").split())
MAX_TOKENS = 4000
HEAD, MARK = "^", "="
# How a vector is made of a text. A higher number has those of existing records made anew (portal/searches/tasks.py).
INDEXED_AS = 3


def fold(text: str) -> str:
    """Lower-case, compatibility-normalised, without accents: ``Éclairage`` → ``eclairage``, ``ﾊﾞｽ`` → ``バス``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LIGATURES))
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed))


def simplified(text: str) -> str:
    """Traditional Chinese in simplified characters, one by one; the same text where it has none."""
    return text.translate(_TRADITIONAL)


def words_of(text: str) -> list[str]:
    """Words as they are written."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def pieces(text: str) -> list[str]:
    """Folded words, and whole runs of Chinese, Japanese or Korean, in the order of the text."""
    return [part for run in _WORD.findall(fold(text)) for part in filter(None, _SPLIT.split(run))]


def tokens_of(piece: str) -> list[str]:
    """A word by itself; overlapping character bigrams of a wide run."""
    if WIDE.fullmatch(piece):
        return [piece[i : i + 2] for i in range(len(piece) - 1)] or [piece]
    return [piece[:60]]


def tokens(text: str) -> list[str]:
    """Words of Latin and other spaced scripts; overlapping character bigrams of Chinese, Japanese and Korean runs."""
    found: list[str] = []
    for run in _WORD.findall(fold(text)):
        for part in filter(None, _SPLIT.split(run)):
            found += tokens_of(part)
        if len(found) >= MAX_TOKENS:
            break
    return found[:MAX_TOKENS]


def search_vector(weighted: dict[str, str]) -> str:
    """The text form of a tsvector from weight letter (A best … D) → text; PostgreSQL casts it on assignment."""
    entries: dict[str, list[str]] = {}
    position = 0
    for weight, text in sorted(weighted.items()):
        for written in tokens(text):
            position = min(position + 1, 16383)  # tsvector keeps positions up to here
            for token in dict.fromkeys((written, simplified(written))):
                places = entries.setdefault(token, [])
                if len(places) < 4:
                    places.append(f"{position}{weight if weight != 'D' else ''}")
                if weight == "A":
                    entries.setdefault(f"{HEAD}{token}", [])
    return " ".join(f"'{token}'{':' if places else ''}{','.join(places)}" for token, places in entries.items())


def marked(vector: str, marks: Iterable[str]) -> str:
    """With marks of letters, digits and "-_:" ("focus:mobility")."""
    return " ".join([vector, *(f"'{MARK}{mark}'" for mark in marks)])


def any_of(marks: Iterable[str]) -> str:
    """The tsquery of records that have one of them."""
    return "(" + " | ".join(f"'{MARK}{mark}'" for mark in marks) + ")"


def set_search(table: str, pk: int, weighted: dict[str, str], marks: Iterable[str]) -> None:
    """Store the vector of one row. Raw SQL, because Django would pass the text through to_tsvector's own tokeniser."""
    vector = marked(search_vector(weighted), marks)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {connection.ops.quote_name(table)} SET search = %s::tsvector "  # noqa: S608
            "WHERE id = %s AND search IS DISTINCT FROM %s::tsvector",
            [vector, pk, vector],
        )
