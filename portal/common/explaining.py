"""Why a row stands in the results: where its words were found, in which of their ways, or that it is near."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.common.context import language_tag
from portal.common.reading import Part, Reading, Way
from portal.common.search import WIDE, fold, simplified
from portal.common.translated import original, shown

LOOKED_THROUGH = 6000  # characters of a field
AROUND = 60  # characters before and behind the first word found
AROUND_WIDE = 24
MOST_PLACES = 2
_WORDS = re.compile(rf"{WIDE.pattern}|(?:(?!{WIDE.pattern})[^\W_])+")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A field where words were found: a piece of its text with them marked, and what stands there for what."""

    label: str
    snippet: SafeString
    language: str
    stands_for: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """``is_near``: none of the words occurs, it means the same. No places and not near: the words stand elsewhere."""

    places: tuple[Place, ...] = ()
    is_near: bool = False


@dataclass(slots=True)
class _Found:
    spans: list[Span] = field(default_factory=list)
    parts: set[int] = field(default_factory=set)
    stands_for: list[tuple[str, str]] = field(default_factory=list)


def why(record: Any, reading: Reading, fields: Sequence[str], near: Sequence[int]) -> Why:
    places, explained = [], set[int]()
    for name in fields:
        for text, language in _texts(record, name):
            found = _find(text, reading)
            if found.parts - explained:
                explained |= found.parts
                label = str(record._meta.get_field(name).verbose_name)
                places.append(Place(label, snippet(text, found.spans), language_tag(language), tuple(found.stands_for)))
        if len(places) >= MOST_PLACES:
            break
    return Why(tuple(places[:MOST_PLACES]), not places and record.pk in near)


def _texts(record: Any, name: str) -> Iterator[tuple[str, str]]:
    """What the reader is shown, and the original where that is something else."""
    seen = shown(record, name)
    yield seen.text[:LOOKED_THROUGH], seen.language
    if seen.language != record.original_language:
        yield original(record, name)[:LOOKED_THROUGH], record.original_language


def _find(text: str, reading: Reading) -> _Found:
    found, words = _Found(), _words(text)
    for number, part in enumerate(reading.parts):
        if part.is_needed:
            _find_part(part, number, words, part is reading.parts[-1], found)
    return found


def _find_part(part: Part, number: int, words: "_Words", is_last: bool, found: _Found) -> None:
    for way in part.ways:
        spans = words.of(way, is_open=is_last and way is part.typed)
        if spans:
            found.spans += spans
            found.parts.add(number)
            if way in part.others:
                found.stands_for.append((way.words, part.typed.words))
            return


class _Words:
    """The folded words of a text with where they stand."""

    def __init__(self, text: str) -> None:
        self.spaced: dict[str, Span] = {}
        self.wide: list[tuple[str, Span]] = []
        for match in _WORDS.finditer(text):
            word = _folded(match[0])
            if WIDE.fullmatch(word):
                self.wide.append((word, match.span()))
            else:
                self.spaced.setdefault(word, match.span())

    def of(self, way: Way, *, is_open: bool) -> list[Span]:
        """Where the words of a way stand, each once; empty where one of them does not."""
        spans = [self._one(piece, is_open and piece is way.pieces[-1]) for piece in way.pieces]
        return [span for span in spans if span] if all(spans) else []

    def _one(self, piece: str, is_open: bool) -> Span | None:
        if WIDE.fullmatch(piece):
            piece = simplified(piece)
            for run, (start, end) in self.wide:
                place = run.find(piece)
                if place >= 0:
                    # A letter that folds into two would shift what is marked.
                    return (start + place, start + place + len(piece)) if len(run) == end - start else (start, end)
            return None
        if is_open and piece not in self.spaced:
            return next((span for word, span in self.spaced.items() if word.startswith(piece)), None)
        return self.spaced.get(piece)


@lru_cache(maxsize=256)
def _words(text: str) -> _Words:
    return _Words(text)


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """In simplified characters, as what is looked for is: each script finds the other."""
    return simplified(fold(word))


def snippet(text: str, spans: list[Span]) -> SafeString:
    """The text around the first of ``spans`` with all of them in <mark>; whole words at both ends where there are."""
    spans = sorted(set(spans))
    around = AROUND_WIDE if WIDE.search(text[spans[0][0] : spans[0][1]]) else AROUND
    start, end = _cut(text, max(0, spans[0][0] - around), min(len(text), spans[0][1] + around))
    parts, place = [], start
    for first, last in spans:
        if first >= place and last <= end:
            parts += [(text[place:first], text[first:last])]
            place = last
    marked = format_html_join("", "{}<mark>{}</mark>", parts)
    return format_html(
        "{}{}{}{}", "… " if start else "", marked, text[place:end].rstrip(), " …" if end < len(text) else ""
    )


def _cut(text: str, start: int, end: int) -> Span:
    space = text.find(" ", start) + 1
    start = space if start and 0 < space - start < 15 else start
    space = text.rfind(" ", 0, end)
    return start, space if end < len(text) and 0 < end - space < 15 else end
