"""Concepts of city work and of how it is paid, found by each language's own words: what texts in two languages share.

concepts.tsv has a row a concept and a column a language. Phrases are parted by ";"; "a/b" in a phrase are two ways to
write one word, "a?" a word that may be missing; the first phrase, in its first spelling, is the concept's label. "!a"
is where the phrases mean something else ("car park"): nothing in it counts. Capitals are abbreviations, found as
capitals only: "LED" is not "led".
`implies` names a concept that comes with it and matters more: who sells as a service is paid later. `within` names the
wider concept of a narrower one: who speaks of leachate speaks of landfill. `topics` counts the
vocabulary's topics that speak of the concept: the rarer, the more it says. Pure; no models.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, reduce
from itertools import accumulate, product
from pathlib import Path
from typing import Final

from matching.engine.wording import base_language, folded, unaccented

FILE: Final = Path(__file__).with_name("concepts.tsv")
READ_CHARS: Final = 3000
TOPICS: Final = 62  # of the vocabulary that `topics` was counted in
LEAST_RARITY: Final = 0.2
TITLE_COUNTS: Final = 2.0  # against 1 for a concept that only the text names
# What a text may be about without our knowing its name: who names one thing alone is not known to be about that alone.
UNNAMED: Final = 1.5

_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD: Final = re.compile(r"[^\W_]+")
# "LED照明" holds the word LED.
_SPACED_WORD: Final = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_BEFORE_STOP: Final = re.compile(r" (?=[.,;:!?。、，])")
_ABBREVIATION: Final = re.compile(r"[A-Z]{2,}")
_COLUMNS: Final = frozenset({"code", "implies", "within", "topics"})
_SPACELESS: Final = frozenset({"ja", "zh"})

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """What is looked through: words as written and folded, and all of it with and without the spaces."""

    written: list[str]
    words: list[str]
    plain: str
    joined: str
    starts: frozenset[int]

    @classmethod
    def of(cls, text: str) -> _Text:
        written = _SPACED_WORD.findall(unaccented(text))
        pieces = folded(text).split()
        starts = accumulate((len(piece) for piece in pieces), initial=0)
        return cls(written, [folded(word) for word in written], " ".join(pieces), "".join(pieces), frozenset(starts))

    def holds(self, place: int, phrase: Words) -> bool:
        """Whether the words from `place` on are the phrase; its capitals want capitals."""
        there = zip(phrase, self.words[place : place + len(phrase)], self.written[place:], strict=False)
        return place + len(phrase) <= len(self.words) and all(
            wanted in ((written,) if wanted.isupper() else (word,)) for wanted, word, written in there
        )

    def names(self, phrase: str) -> bool:
        """Whether the phrase stands within a word, or across words from the beginning of one (Korean spaces vary)."""
        if phrase in self.plain:
            return True
        place = self.joined.find(phrase)
        while place >= 0 and place not in self.starts:
            place = self.joined.find(phrase, place + 1)
        return place >= 0


@dataclass(frozen=True, slots=True)
class _Finder:
    """The phrases of one language: spaced ones by their first word, others as strings; and where they do not count."""

    spaced: dict[str, list[tuple[Words, str]]]
    wide: list[tuple[str, str]]
    otherwise_spaced: dict[str, list[Words]]
    otherwise_wide: dict[str, list[str]]

    def found(self, text: str) -> set[str]:
        read = _Text.of(text[:READ_CHARS])
        return {*self._spaced(read), *self._wide(read)}

    def _spaced(self, read: _Text) -> Iterator[str]:
        for place, word in enumerate(read.words):
            for phrase, code in self.spaced.get(word, ()):
                if read.holds(place, phrase) and not self._is_otherwise(read, place, code):
                    yield code

    def _is_otherwise(self, read: _Text, place: int, code: str) -> bool:
        return any(
            read.holds(start, phrase)
            for phrase in self.otherwise_spaced.get(code, ())
            for start in range(max(0, place - len(phrase) + 1), place + 1)
        )

    def _wide(self, read: _Text) -> Iterator[str]:
        if not _WIDE.search(read.plain):
            return
        without: dict[str, _Text] = {}
        for phrase, code in self.wide:
            if not read.names(phrase):
                continue
            others = self.otherwise_wide.get(code)
            if others and code not in without:
                without[code] = _Text.of(reduce(lambda text, other: text.replace(other, "|"), others, read.plain))
            if not others or without[code].names(phrase):
                yield code


class Lexicon:
    """The concepts of a table such as concepts.tsv. Build it once; it holds nothing of the texts it reads."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self._rows = {row["code"]: row for row in rows}
        self.codes = tuple(self._rows)
        self._implied = {code: row["implies"] for code, row in self._rows.items() if row["implies"]}
        self._within = {code: row["within"] for code, row in self._rows.items() if row["within"]}
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

    def spellings(self, code: str, language: str) -> list[Words]:
        """Every way to write a concept in a language, folded but for abbreviations, its label first."""
        return list(dict.fromkeys(spellings(self._rows[code].get(base_language(language), ""))))

    def found(self, text: str, language: str) -> frozenset[str]:
        """The concepts that a text names in its own language."""
        finder = self._finders.get(base_language(language))
        named = finder.found(text) if finder else set()
        wider = (self._implied.get(code) or self._within.get(code) for code in named)
        return frozenset(named.union(filter(None, wider)))

    def weights(self, title: str, text: str, language: str) -> dict[str, float]:
        """A record's concepts with their weights, together at most of unit length; those of the title count double.

        The fewer are found, the shorter: two texts that name one thing each are not the same for it. A concept that
        implies another counts half: what matters of it is the other.
        """
        head, every = self.found(title, language), self.found(f"{title}\n{text}", language)
        counted = {
            code: (TITLE_COUNTS if code in head else 1.0)
            * (0.5 if code in self._implied else 1.0)
            * self.rarity[code] ** 0.5
            for code in sorted(every)
        }
        length = math.sqrt(math.fsum([UNNAMED**2, *(weight * weight for weight in counted.values())]))
        return {code: round(weight / length, 6) for code, weight in counted.items()}

    def _finder(self, language: str) -> _Finder:
        spaced: dict[str, set[tuple[Words, str]]] = {}
        wide: set[tuple[str, str]] = set()
        otherwise_spaced: dict[str, list[Words]] = {}
        otherwise_wide: dict[str, list[str]] = {}
        for code, row in self._rows.items():
            for words in spellings(row[language]):
                if _WIDE.search("".join(words)):
                    wide.add(("".join(words), code))
                else:
                    spaced.setdefault(folded(words[0]), set()).add((words, code))
            for words in spellings(row[language], otherwise=True):
                if _WIDE.search("".join(words)):
                    otherwise_wide.setdefault(code, []).append("".join(words))
                else:
                    otherwise_spaced.setdefault(code, []).append(words)
        by_first = {first: sorted(found) for first, found in spaced.items()}
        return _Finder(by_first, sorted(wide), otherwise_spaced, otherwise_wide)


def spellings(phrases: str, *, otherwise: bool = False) -> Iterator[Words]:
    """Every way to write the phrases of one cell, folded but for abbreviations; or where they mean other things."""
    for phrase in filter(None, map(str.strip, phrases.split(";"))):
        if phrase.startswith("!") is otherwise:
            choices = [
                word.removesuffix("?").split("/") + [""] * word.endswith("?") for word in phrase.lstrip("!").split()
            ]
            for chosen in product(*choices):
                yield tuple(map(_as_looked_for, _WORD.findall(unaccented(" ".join(chosen)))))


def _as_looked_for(word: str) -> str:
    return word if _ABBREVIATION.fullmatch(word) else folded(word)


def _rarity(topics: int) -> float:
    """Between LEAST_RARITY and 1: the logarithm of how few topics speak of it."""
    return max(math.log((TOPICS + 1) / (topics + 0.5)) / math.log((TOPICS + 1) / 0.5), LEAST_RARITY)


@cache
def lexicon() -> Lexicon:
    """The shipped concepts."""
    with FILE.open(encoding="utf-8", newline="") as rows:
        return Lexicon(csv.DictReader(rows, delimiter="\t"))


@dataclass(frozen=True, slots=True)
class _Unpaid:
    """ "Without initial investment" in every language, as it may stand in a clean text."""

    pattern: re.Pattern[str]
    spaced: dict[str, list[Words]]  # by their longest word, which fewest texts have
    wide: list[str]

    def may_be_in(self, plain: str) -> bool:
        """Whether the pattern is worth trying: it costs more than all else that is done with most texts."""
        for word, phrases in self.spaced.items():
            if word in plain and any(all(other in plain for other in words) for words in phrases):
                return True
        tight = "" if plain.isascii() or not _WIDE.search(plain) else "".join(plain.split())
        return bool(tight) and any(words in tight for words in self.wide)


@cache
def _unpaid() -> _Unpaid:
    with FILE.open(encoding="utf-8", newline="") as table:
        row = next(row for row in csv.DictReader(table, delimiter="\t") if row["code"] == "no_upfront")
    written = {words for code in row.keys() - _COLUMNS for words in spellings(row[code])}
    longest_first = sorted(written, key=lambda words: (-len("".join(words)), words))
    wide = ["".join(words) for words in longest_first if _is_wide(words)]
    spaced = [words for words in longest_first if not _is_wide(words)]
    ways = [r"[\s\-'’]+".join(map(re.escape, words)) for words in spaced]
    # Where no word begins, none of those that are written with spaces has to be tried.
    parts = [rf"(?<![^\W_])(?:{'|'.join(ways)})(?![^\W_])", *(r"\s*".join(map(re.escape, words)) for words in wide)]
    by_longest: dict[str, list[Words]] = {}
    for words in spaced:
        by_longest.setdefault(max(words, key=len), []).append(words)
    return _Unpaid(re.compile("|".join(parts)), by_longest, wide)


def _is_wide(words: Words) -> bool:
    return _WIDE.search("".join(words)) is not None


def without_terms_of_payment(text: str) -> str:
    """A clean text without "no initial investment" and its like, in whatever language; as it was if nothing is left.

    An encoder takes such words for the subject and finds solar panels for street lamps. They are compared as concepts.
    """
    plain = folded(text)
    if len(plain) != len(text):  # a letter that folds into two would shift what is cut
        return text
    kept, end = "", 0
    unpaid = _unpaid()
    for match in unpaid.pattern.finditer(plain) if unpaid.may_be_in(plain) else ():
        kept, end = kept + text[end : match.start()], match.end()
    kept = " ".join((kept + text[end:]).split())
    kept = _BEFORE_STOP.sub("", kept)
    return kept if _WORD.search(kept) else text
