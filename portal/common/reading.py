"""What a search is read as: parts that all have to be found, and the ways in which each may be said.

Reading needs words of records and concepts of all languages, which stand in higher apps: ``read_with`` and
``find_near_with`` are called once, when the portal starts. Without them words are found as they were typed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from portal.common.by_index import index_only
from portal.common.search import WIDE, pieces, tokens_of

MOST_PARTS = 12
MOST_WAYS = 80


class RawQuery(SearchQuery):
    """A tsquery as it stands: Django's own would send it through a parser that knows nothing of our words."""

    def __init__(self, text: str) -> None:
        super().__init__(text, search_type="raw")

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, Any]:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql}::tsquery", params


@dataclass(frozen=True, slots=True)
class Way:
    """Words that say a part: folded pieces of which every one must occur, and how they are shown.

    ``language`` of words that mean what was typed, and are not it.
    """

    pieces: tuple[str, ...]
    words: str
    language: str = ""

    @classmethod
    def of(cls, text: str, language: str = "") -> "Way":
        return cls(tuple(pieces(text)), text, language)

    @property
    def tokens(self) -> list[str]:
        return [token for piece in self.pieces for token in tokens_of(piece)]

    @property
    def opening(self) -> str:
        """What may be the beginning of a word that is still being typed; empty where none may."""
        last = self.tokens[-1]
        return "" if WIDE.fullmatch(last) and len(last) > 1 else last

    def term(self, before: str = "", *, is_open: bool = False) -> str:
        """The tsquery of this way; ``is_open``: its last word is still being typed, so that a beginning will do."""
        terms = [f"'{before}{token}'" for token in self.tokens]
        terms[-1] += ":*" if is_open and self.opening else ""
        return f"({' & '.join(terms)})"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked for: as typed, in other forms of the word, and in other words or languages for the same."""

    typed: Way
    forms: tuple[Way, ...] = ()
    others: tuple[Way, ...] = ()
    is_needed: bool = True

    @property
    def ways(self) -> tuple[Way, ...]:
        return (self.typed, *self.forms, *self.others)[:MOST_WAYS]

    def own(self, language: str) -> tuple[Way, ...]:
        """Those in the reader's language."""
        return tuple(way for way in self.ways if way.language in ("", language))


@lru_cache(maxsize=256)
def telling(ways: tuple[Way, ...], is_open: bool) -> tuple[Way, ...]:
    """Those that find what no other does: all with "pay from savings" have "pay" and "savings" of another way.

    ``is_open``: of the first, which is the way as typed, a beginning of the last word will do.
    """
    words = {way: frozenset(way.tokens) for way in ways}
    typed = ways[0]
    start = typed.opening if is_open else ""
    kept = [(frozenset(typed.tokens[:-1]) if start else words[typed], start)]
    found = {typed}
    for way in sorted(ways[1:], key=lambda way: len(words[way])):
        if not any(others <= words[way] and _begins(words[way], start) for others, start in kept):
            kept.append((words[way], ""))
            found.add(way)
    return tuple(way for way in ways if way in found)


def _begins(words: Iterable[str], start: str) -> bool:
    return not start or any(word.startswith(start) for word in words)


@dataclass(frozen=True, slots=True)
class Reading:
    """``corrected`` is the text as it is searched where a slip was taken out of what was typed; else empty.

    ``said`` is what the meaning is asked of: the same for a slip as for the right word, whatever the case and accents.
    """

    parts: tuple[Part, ...]
    corrected: str = ""
    language: str = ""
    said: str = ""

    @property
    def needed(self) -> list[Part]:
        return [part for part in self.parts if part.is_needed] or list(self.parts)

    def exact(self, before: str = "") -> RawQuery:
        """Every word as typed (or corrected), the last one also as a beginning."""
        return RawQuery(" & ".join(term for (term,) in self.exact_ways(before)))

    def own(self, before: str = "") -> RawQuery:
        """Every part as typed, in another form, or in other words of the reader's language."""
        return self._any(lambda part: part.own(self.language), before)

    def wide(self, before: str = "") -> RawQuery:
        """Every part in any of its ways."""
        return self._any(lambda part: part.ways, before)

    def exact_ways(self, before: str = "") -> list[list[str]]:
        """``exact`` taken apart."""
        return [[part.typed.term(before, is_open=self._is_open(part))] for part in self.parts]

    def own_ways(self, before: str = "") -> list[list[str]]:
        """``own`` taken apart: all of these lists, any of the tsqueries in each. They find the same by fewer ways."""
        return self._apart(lambda part: telling(part.own(self.language), self._is_open(part)), before)

    def wide_ways(self, before: str = "") -> list[list[str]]:
        """``wide`` taken apart."""
        return self._apart(lambda part: telling(part.ways, self._is_open(part)), before)

    def told(self, kind: str, before: str = "") -> RawQuery:
        """``exact``, ``own`` or ``wide`` in as few words as find the same."""
        if kind == "exact":
            return self.exact(before)
        ways = self.own_ways(before) if kind == "own" else self.wide_ways(before)
        return RawQuery(" & ".join(f"({' | '.join(terms)})" for terms in ways))

    def _is_open(self, part: Part) -> bool:
        return part is self.parts[-1]

    def _any(self, ways_of: Callable[[Part], tuple[Way, ...]], before: str) -> RawQuery:
        return RawQuery(" & ".join(f"({' | '.join(terms)})" for terms in self._apart(ways_of, before)))

    def _apart(self, ways_of: Callable[[Part], tuple[Way, ...]], before: str) -> list[list[str]]:
        return [self._terms(part, ways_of(part), before) for part in self.needed]

    def _terms(self, part: Part, ways: tuple[Way, ...], before: str) -> list[str]:
        is_last = self._is_open(part)
        return list(dict.fromkeys(way.term(before, is_open=is_last and way == part.typed) for way in ways))


@dataclass(frozen=True, slots=True)
class Near:
    """Records that mean what was typed, the nearest first; ``was_asked`` is False where nobody could say."""

    keys: Sequence[int] = ()
    was_asked: bool = True


Occurs = Callable[[str], bool]
Reader = Callable[[str, str, Occurs], Reading]
Finder = Callable[[str, QuerySet], Near]

_readers: list[Reader] = []
_finders: list[Finder] = []


def read_with(reader: Reader) -> None:
    _readers[:] = [reader]


def find_near_with(finder: Finder) -> None:
    _finders[:] = [finder]


def plain_reading(text: str) -> Reading | None:
    """Words as typed; None where nothing can be searched for."""
    found = pieces(text)[:MOST_PARTS]
    return Reading(tuple(Part(Way((piece,), piece)) for piece in found)) if found else None


def read(text: str, language: str, records: QuerySet, *, as_typed: bool = False) -> Reading | None:
    """What ``text`` asks of ``records``. ``as_typed``: slips of the pen are left as they are."""
    plain = plain_reading(text)
    if plain is None or not _readers:
        return plain

    def occurs(word: str) -> bool:
        if as_typed:
            return True
        # Told that one record is enough, PostgreSQL likes to read them all until it comes across one.
        with index_only():
            return records.order_by().filter(search=RawQuery(Way((word,), word).term())).exists()

    return _readers[0](text, language, occurs)


def nearest(text: str, records: QuerySet) -> Near:
    return _finders[0](text, records) if _finders else Near()
