"""Concepts of city work and of how it is paid, found by each language's own words: what texts in two languages share.

concepts.tsv has a row a concept and a column a language. Phrases are parted by ";"; "a/b" in a phrase are two ways to
write one word, "a?" a word that may be missing; the first phrase, in its first spelling, is the concept's label.
`implies` names a wider concept that comes with it: who sells as a service is paid later. `topics` counts the
vocabulary's topics that speak of the concept: the rarer, the more it says. Pure; no models.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

from matching.engine.wording import base_language, folded

FILE: Final = Path(__file__).with_name("concepts.tsv")
READ_CHARS: Final = 3000
TOPICS: Final = 62  # of the vocabulary that `topics` was counted in
LEAST_RARITY: Final = 0.2
TITLE_COUNTS: Final = 2.0  # against 1 for a concept that only the text names

_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD: Final = re.compile(r"[^\W_]+")
# "LED照明" holds the word LED.
_SPACED_WORD: Final = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_COLUMNS: Final = frozenset({"code", "implies", "topics"})
_SPACELESS: Final = frozenset({"ja", "zh"})

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Finder:
    """The phrases of one language: spaced ones by their first word, longest first; others as strings, longest first."""

    spaced: dict[str, list[tuple[Words, str]]]
    wide: list[tuple[str, str]]

    def found(self, text: str) -> set[str]:
        plain = folded(text[:READ_CHARS])
        return {*self._spaced(_SPACED_WORD.findall(plain)), *self._wide(re.sub(r"\s+", "", plain))}

    def _spaced(self, words: list[str]) -> Iterator[str]:
        for place, word in enumerate(words):
            for phrase, code in self.spaced.get(word, ()):
                if tuple(words[place : place + len(phrase)]) == phrase:
                    yield code

    def _wide(self, text: str) -> Iterator[str]:
        if _WIDE.search(text):
            yield from (code for phrase, code in self.wide if phrase in text)


class Lexicon:
    """The concepts of a table such as concepts.tsv. Build it once; it holds nothing of the texts it reads."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self._rows = {row["code"]: row for row in rows}
        self.codes = tuple(self._rows)
        self._implied = {code: row["implies"] for code, row in self._rows.items() if row["implies"]}
        self.topics = {code: int(row["topics"]) for code, row in self._rows.items()}
        self.rarity = {code: _rarity(topics) for code, topics in self.topics.items()}
        languages = next(iter(self._rows.values())).keys() - _COLUMNS
        self._finders = {language: self._finder(language) for language in languages}

    def label(self, code: str, language: str) -> str:
        """The concept's name in a language of the portal, English where there is none; "" for an unknown code."""
        row = self._rows.get(code, {})
        language = base_language(language)
        phrases = row.get(language) or row.get("en", "")
        words = [word.partition("/")[0] for word in phrases.partition(";")[0].split() if not word.endswith("?")]
        return ("" if language in _SPACELESS else " ").join(words)

    def found(self, text: str, language: str) -> frozenset[str]:
        """The concepts that a text names in its own language."""
        finder = self._finders.get(base_language(language))
        named = finder.found(text) if finder else set()
        return frozenset(named | {self._implied[code] for code in named & self._implied.keys()})

    def weights(self, title: str, text: str, language: str) -> dict[str, float]:
        """A record's concepts with their weights, a vector of unit length; those of the title count double.

        A concept that implies another counts half: what matters of it is the other.
        """
        head, every = self.found(title, language), self.found(f"{title}\n{text}", language)
        counted = {
            code: (TITLE_COUNTS if code in head else 1.0)
            * (0.5 if code in self._implied else 1.0)
            * self.rarity[code] ** 0.5
            for code in sorted(every)
        }
        length = math.sqrt(math.fsum(weight * weight for weight in counted.values()))
        return {code: round(weight / length, 6) for code, weight in counted.items()}

    def _finder(self, language: str) -> _Finder:
        spaced: dict[str, set[tuple[Words, str]]] = {}
        wide: set[tuple[str, str]] = set()
        for code, row in self._rows.items():
            for words in spellings(row[language]):
                if _WIDE.search("".join(words)):
                    wide.add(("".join(words), code))
                else:
                    spaced.setdefault(words[0], set()).add((words, code))
        return _Finder({first: sorted(found) for first, found in spaced.items()}, sorted(wide))


def spellings(phrases: str) -> Iterator[Words]:
    """Every way to write the phrases of one cell, as folded words."""
    for phrase in filter(None, map(str.strip, phrases.split(";"))):
        choices = [word.removesuffix("?").split("/") + [""] * word.endswith("?") for word in phrase.split()]
        for chosen in product(*choices):
            yield tuple(_WORD.findall(folded(" ".join(chosen))))


def _rarity(topics: int) -> float:
    """Between LEAST_RARITY and 1: the logarithm of how few topics speak of it."""
    return max(math.log((TOPICS + 1) / (topics + 0.5)) / math.log((TOPICS + 1) / 0.5), LEAST_RARITY)


@cache
def lexicon() -> Lexicon:
    """The shipped concepts."""
    with FILE.open(encoding="utf-8", newline="") as rows:
        return Lexicon(csv.DictReader(rows, delimiter="\t"))


@cache
def _unpaid() -> re.Pattern[str]:
    """ "Without initial investment" in every language, as it may stand in a clean text."""
    with FILE.open(encoding="utf-8", newline="") as table:
        row = next(row for row in csv.DictReader(table, delimiter="\t") if row["code"] == "no_upfront")
    written = {words for code in row.keys() - _COLUMNS for words in spellings(row[code])}
    return re.compile("|".join(_pattern(words) for words in sorted(written, key=lambda w: (-len("".join(w)), w))))


def _pattern(words: Words) -> str:
    if _WIDE.search("".join(words)):
        return r"\s*".join(map(re.escape, "".join(words)))
    return r"(?<![^\W_])" + r"[\s\-'’]+".join(map(re.escape, words)) + r"(?![^\W_])"


def without_terms_of_payment(text: str) -> str:
    """A clean text without "no initial investment" and its like, in whatever language; as it was if nothing is left.

    An encoder takes such words for the subject and finds solar panels for street lamps. They are compared as concepts.
    """
    plain = folded(text)
    if len(plain) != len(text):  # a letter that folds into two would shift what is cut
        return text
    kept, end = "", 0
    for match in _unpaid().finditer(plain):
        kept, end = kept + text[end : match.start()], match.end()
    kept = " ".join((kept + text[end:]).split())
    kept = re.sub(r"\s+([.,;:!?。、，])", r"\1", kept)
    return kept if _WORD.search(kept) else text
