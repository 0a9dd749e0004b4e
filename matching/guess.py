"""Guess the topics of a text that names none: the vocabulary's own words, found in the text's language.

Pure: the vocabulary comes in as `TopicWords`, a text as `Sample`, and the same input gives the same guess. A guess is
marked as one on the record; where the words do not carry one, there is none, which the engine treats as not known.
Why words and not vectors is written down, with figures, in docs/imports.md.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.common.search import fold

MAX_TOPICS: Final = 3
MAX_MORE_AREAS: Final = 2
READ_CHARS: Final = 3000  # what a text is about stands at its beginning; a megabyte need not be read
LEAST: Final = 1.75  # points below which a topic is not guessed at all: about one phrase in the opening
SHARE: Final = 0.5  # a further topic needs this share of the best one's points
TITLE, HINT, OPENING, BODY = 3.0, 2.0, 1.0, 0.5  # points of a single word by where it stands
OPENING_CHARS: Final = 300


@dataclass(frozen=True, slots=True)
class TopicWords:
    """One topic of the vocabulary. `labels` and `synonyms` are by the portal's language codes."""

    code: str
    area: str
    labels: Mapping[str, str]
    synonyms: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A record's words. `hints` are a source's own categories, in any language of the portal."""

    title: str
    text: str
    language: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """Codes, the best first. Empty where nothing was found; `confidence` is then 0, and below 1 always."""

    topics: tuple[str, ...] = ()
    area: str = ""
    more_areas: tuple[str, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    """A word or phrase as it is looked for, and what a single finding of it is worth to each topic."""

    tokens: tuple[str, ...]
    weights: Mapping[str, float]


_SPLIT_LABEL = re.compile(r"[,、，()（）/]|・|\s(?:and|et|y|e|y otros|and other)\s|和|与|及|및")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ABBREVIATION = re.compile(r"[A-Z0-9&+]{2,6}s?")
_WORD = re.compile(r"[^\W_]+(?:[&+][^\W_]+)?")
# Words that hold phrases together; phrases are compared without them.
_JOINTS = frozenset(
    {
        "a",
        "al",
        "an",
        "and",
        "aux",
        "by",
        "d",
        "da",
        "das",
        "de",
        "del",
        "des",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "en",
        "et",
        "for",
    }
    | {
        "in",
        "l",
        "la",
        "las",
        "le",
        "les",
        "los",
        "na",
        "no",
        "of",
        "on",
        "or",
        "para",
        "par",
        "por",
        "pour",
        "s",
        "sur",
    }
    | {"the", "to", "und", "y"}
)


def _stem(word: str) -> str:
    """A word without the ends by which the four Latin languages say "several": enough to meet, not to parse."""
    if len(word) > 4 and word.endswith("oes"):
        return word[:-3] + "ao"
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word[-1] in "sx" and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _tokens(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(fold(text)) if word not in _JOINTS]


class Guesser:
    """The vocabulary, ready to be looked for. Build it once; it holds nothing of the texts it reads."""

    def __init__(self, topics: Iterable[TopicWords]) -> None:
        self._topics = list(topics)
        self._area = {topic.code: topic.area for topic in self._topics}
        languages = sorted({code for topic in self._topics for code in topic.labels})
        self._phrases = {code: self._collect(code) for code in languages}

    def guess(self, sample: Sample) -> Guess:
        """The topics that the words of a record speak for, at most three, and their areas."""
        return self._decide(self.points(sample))

    def points(self, sample: Sample) -> Counter[str]:
        """By topic, what the words of a record say for it; topics that nothing speaks for are missing."""
        points: Counter[str] = Counter()
        text = sample.text[:READ_CHARS]
        self._count(points, sample.title, sample.language, TITLE)
        self._count(points, text[:OPENING_CHARS], sample.language, OPENING)
        self._count(points, text[OPENING_CHARS:], sample.language, BODY)
        for hint in sample.hints:
            for language in {sample.language, "en"}:
                self._count(points, hint, language, HINT)
        return points

    @property
    def areas(self) -> Mapping[str, str]:
        """Every topic's focus area."""
        return self._area

    def _decide(self, points: Counter[str]) -> Guess:
        ranked = sorted(points, key=lambda code: (-points[code], code))
        if not ranked or points[ranked[0]] < LEAST:
            return Guess()
        best = points[ranked[0]]
        topics = tuple(code for code in ranked[:MAX_TOPICS] if points[code] >= max(LEAST, SHARE * best))
        areas = tuple(dict.fromkeys(self._area[code] for code in topics))
        return Guess(topics, areas[0], areas[1 : 1 + MAX_MORE_AREAS], round(best / (best + LEAST), 3))

    def _count(self, points: Counter[str], text: str, language: str, worth: float) -> None:
        found: Counter[_Term] = Counter()
        abbreviations, phrases, wide = self._phrases.get(self._known(language), ({}, {}, []))
        for word in _WORD.findall(text) if abbreviations else ():
            if word in abbreviations:
                found[abbreviations[word]] += 1
        self._match_phrases(found, text, phrases)
        if wide and _WIDE.search(text):
            self._match_wide(found, text, wide)
        for term, times in found.items():
            for code, weight in term.weights.items():
                points[code] += worth * weight * min(times, 4) ** 0.5

    def _known(self, language: str) -> str:
        """The vocabulary's code for a language: "pt" for "pt-BR", "zh-hans" for "zh"."""
        language = language.lower()
        base = language.partition("-")[0]
        known = sorted(code for code in self._phrases if code.partition("-")[0] == base)
        return language if language in self._phrases or not known else known[0]

    @staticmethod
    def _match_phrases(found: Counter[_Term], text: str, phrases: Mapping[str, list[_Term]]) -> None:
        """Longest phrase first at every word, so that "water meter" is not also "water"."""
        words = _tokens(text)
        place = 0
        while place < len(words):
            for term in phrases.get(words[place], ()):
                if tuple(words[place : place + len(term.tokens)]) == term.tokens:
                    found[term] += 1
                    place += len(term.tokens) - 1
                    break
            place += 1

    @staticmethod
    def _match_wide(found: Counter[_Term], text: str, wide: Sequence[_Term]) -> None:
        """Scripts without spaces: occurrences, the longest first, each character counted once."""
        rest = fold(text).replace(" ", "")
        for term in wide:
            if times := rest.count(term.tokens[0]):
                found[term] += times
                rest = rest.replace(term.tokens[0], "\n")

    def _collect(self, language: str) -> tuple[dict[str, _Term], dict[str, list[_Term]], list[_Term]]:
        """(abbreviations, phrases by their first word, phrases of scripts without spaces) of one language."""
        owners: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        for topic in self._topics:
            for words in _terms_of(topic, language):
                owners[_keyed(words)].add(topic.code)
        used = self._usage(owners)
        abbreviations: dict[str, _Term] = {}
        phrases: dict[str, list[_Term]] = defaultdict(list)
        wide: list[_Term] = []
        for (kind, tokens), codes in owners.items():
            term = _Term(tokens, dict.fromkeys(sorted(codes), _weight(kind, tokens) / len(codes) / used[tokens]))
            if kind == "abbreviation":
                abbreviations[tokens[0]] = term
            elif kind == "wide":
                wide.append(term)
            else:
                phrases[tokens[0]].append(term)
        for terms in phrases.values():
            terms.sort(key=lambda term: -len(term.tokens))
        return abbreviations, dict(phrases), sorted(wide, key=lambda term: -len(term.tokens[0]))

    @staticmethod
    def _usage(owners: Mapping[tuple[str, tuple[str, ...]], set[str]]) -> dict[tuple[str, ...], float]:
        """How much a lone word is worn by standing in other topics' phrases too: "parks" by "eco-industrial parks"."""
        speakers: dict[str, set[str]] = defaultdict(set)
        for (_kind, tokens), codes in owners.items():
            for token in tokens:
                speakers[token] |= codes
        return {
            tokens: (len(speakers[tokens[0]] - codes) + 1) ** 0.5 if len(tokens) == 1 else 1.0
            for (_kind, tokens), codes in owners.items()
        }


def _terms_of(topic: TopicWords, language: str) -> list[str]:
    label = topic.labels.get(language, "")
    parts = [part.strip() for part in _SPLIT_LABEL.split(label)]
    return [term for term in dict.fromkeys([label, *parts, *topic.synonyms.get(language, ())]) if len(term) > 1]


def _keyed(words: str) -> tuple[str, tuple[str, ...]]:
    """How a term is looked for, and its key: an abbreviation by its capitals, a wide one by its characters."""
    if _ABBREVIATION.fullmatch(words) and words.upper() == words:
        return "abbreviation", (words,)
    if _WIDE.search(words):
        return "wide", (fold(words).replace(" ", ""),)
    return "phrase", tuple(_tokens(words)) or (fold(words),)


def _weight(kind: str, tokens: tuple[str, ...]) -> float:
    """What says more counts more: two words more than one, five characters of Chinese more than two."""
    if kind == "abbreviation":
        return 1.0
    if kind == "wide":
        return min(0.5 + 0.25 * len(tokens[0]), 2.0)
    return (1.0, 1.8, 2.2)[min(len(tokens), 3) - 1]
