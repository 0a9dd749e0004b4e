"""Words for the same thing in seven languages: the matcher's concepts and the vocabulary's topics, looked up by phrase.

A phrase is looked up as it is typed, so the reader's own language counts first: "pan" is bread in Spanish only.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from catalog.models import FocusArea, Topic
from matching.concepts import lexicon
from portal.common.languages import CODES
from portal.common.search import WIDE, pieces, simplified
from portal.common.translated import text_in

LONGEST = 5  # words of a phrase
LONGEST_WIDE = 10  # characters of one without spaces
SHORTEST = 3  # letters of a phrase in another language than the reader's
KEEP_TOPICS = 300.0  # seconds; a vocabulary changes a few times a year


@dataclass(slots=True)
class Phrases:
    """``codes``: phrase → language → what it means; ``said``: meaning → (language, phrase) in the order written."""

    codes: dict[tuple[str, ...], dict[str, set[str]]] = field(default_factory=dict)
    said: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, code: str, language: str, written: str) -> None:
        key = key_of(written)
        if key and len(key) <= LONGEST:
            for known in {key, reduced(key)}:
                self.codes.setdefault(known, {}).setdefault(language, set()).add(code)
            if (language, written) not in self.said.setdefault(code, []):
                self.said[code].append((language, written))

    def meanings(self, key: tuple[str, ...], language: str) -> set[str]:
        """In the reader's language if it means something there, else in any; short ones in the reader's only."""
        by_language = self.codes.get(key) or self.codes.get(reduced(key), {})
        if language in by_language:
            return by_language[language]
        is_short = len("".join(key)) < SHORTEST and not WIDE.search("".join(key))
        return set() if is_short else set().union(*by_language.values())


def key_of(text: str) -> tuple[str, ...]:
    """Folded words; what is written without spaces is one, because in Korean they vary."""
    found = pieces(text)
    return ("".join(found),) if found and WIDE.search("".join(found)) else tuple(found)


def reduced(key: tuple[str, ...]) -> tuple[str, ...]:
    """The phrase with the s of plurals off: "alumbrados públicos" is what "alumbrado público" is."""
    return tuple(word[:-1] if word.endswith("s") and len(word) > SHORTEST + 1 else word for word in key)


@cache
def concepts() -> Phrases:
    """Of the shipped concepts. Abbreviations are left out: in small letters they are words of other languages."""
    phrases, words = Phrases(), lexicon()
    for code in words.codes:
        for language in CODES:
            for spelling in words.spellings(code, language):
                if not any(word.isupper() and word.isascii() for word in spelling):
                    phrases.add(code, language, " ".join(spelling))
    return phrases


@dataclass(frozen=True, slots=True)
class Subjects:
    """The vocabulary: phrases, and for suggestions (query of the list, language → label and synonyms)."""

    phrases: Phrases
    lines: list[tuple[str, dict[str, list[str]]]]


_subjects: tuple[float, Subjects] | None = None


def subjects() -> Subjects:
    """Focus areas and topics, read again after a few minutes."""
    global _subjects
    if _subjects is None or time.monotonic() - _subjects[0] > KEEP_TOPICS:
        _subjects = (time.monotonic(), _read_subjects())
    return _subjects[1]


def topics() -> Phrases:
    return subjects().phrases


def _read_subjects() -> Subjects:
    phrases = Phrases()
    lines = [
        (f"focus={area.code}", {language: [text_in(area, "label", language)] for language in CODES})
        for area in FocusArea.objects.all()
    ]
    for topic in Topic.objects.select_related("focus_area"):
        said = {language: _said(topic, language) for language in CODES}
        lines.append((f"focus={topic.focus_area.code}&topic={topic.code}", said))
        for language, written in said.items():
            for line in written:
                phrases.add(f"topic:{topic.code}", language, line)
    return Subjects(phrases, lines)


def _said(topic: Topic, language: str) -> list[str]:
    lines = [text_in(topic, "label", language), *text_in(topic, "synonyms", language).splitlines()]
    return [line.strip() for line in lines if line.strip()]


def meanings(key: tuple[str, ...], language: str) -> set[str]:
    """Of traditional Chinese what it means in simplified characters, which are ours."""
    found = concepts().meanings(key, language) | topics().meanings(key, language)
    simple = tuple(map(simplified, key))
    return found if found or simple == key else meanings(simple, language)


def said(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(language, phrase) of every way to say any of ``codes``."""
    for code in sorted(codes):
        yield from (topics() if code.startswith("topic:") else concepts()).said[code]
