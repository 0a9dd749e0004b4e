"""What a person typed as parts to be found: phrases that concepts know, forms of words, slips of the pen set right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from portal.common.reading import MOST_PARTS, MOST_WAYS, Occurs, Part, Reading, Way
from portal.common.search import WIDE, fold, pieces, simplified, words_of
from portal.searches import bridge
from portal.searches.spelling import nearest_word
from portal.searches.words import Known, known_words

MOST_FORMS = 12


@dataclass(frozen=True, slots=True)
class Said:
    """Pieces of the text that belong together, and the meanings that they are known to have."""

    pieces: tuple[str, ...]
    codes: frozenset[str] = frozenset()


def interpret(text: str, language: str, occurs: Occurs) -> Reading:
    said = segments(pieces(text)[:MOST_PARTS], language)
    known = known_words([one.pieces[0] for one in said if is_plain(one)])
    right = {one: _set_right(one, known, occurs) for one in said if is_plain(one)}
    slips = {one.pieces[0]: new for one, new in right.items() if new != one.pieces[0]}
    if slips:
        said = segments([slips.get(piece, piece) for one in said for piece in one.pieces], language)
        known |= known_words(slips.values())
    parts = tuple(_part(one, language, known) for one in said)
    if not any(part.is_needed for part in parts):
        parts = tuple(replace(part, is_needed=True) for part in parts)
    corrected = _corrected(text, slips)
    return Reading(parts, corrected, language, meant(corrected or text, said))


def is_plain(one: Said) -> bool:
    """A word that no concept knows: it may be a form of another, a slip, or too common to matter."""
    return not one.codes and len(one.pieces) == 1


def segments(found: list[str], language: str) -> list[Said]:
    """The pieces with the longest phrases that mean something taken together, from the left."""
    said: list[Said] = []
    place = 0
    while place < len(found):
        for length in range(min(bridge.LONGEST, len(found) - place), 0, -1):
            key = bridge.key_of(" ".join(found[place : place + length]))
            codes = bridge.meanings(key, language)
            if codes or length == 1:
                break
        if codes or not WIDE.fullmatch(found[place]):
            said.append(Said(tuple(found[place : place + length]), frozenset(codes)))
        else:
            said += _within(found[place], language)
        place += length
    return said


@lru_cache(maxsize=2048)
def _within(run: str, language: str) -> tuple[Said, ...]:
    """A run without spaces, cut where words begin that mean something: 전기버스를 is 전기, 버스 and a particle."""
    said: list[Said] = []
    rest, place = "", 0
    while place < len(run):
        codes: set[str] = set()
        for length in range(min(bridge.LONGEST_WIDE, len(run) - place), 1, -1):
            codes = bridge.meanings((run[place : place + length],), language)
            if codes:
                break
        if codes:
            said += [Said((rest,))] if rest else []
            said.append(Said((run[place : place + length],), frozenset(codes)))
            rest, place = "", place + length
        else:
            rest, place = rest + run[place], place + 1
    return (*said, Said((rest,))) if rest else tuple(said)


def _set_right(one: Said, known: dict[str, Known], occurs: Occurs) -> str:
    """The word itself where it occurs, or nothing near it does; else the nearest that does."""
    word = one.pieces[0]
    if known[word].is_known or known[word].is_stop or occurs(word):
        return word
    return nearest_word(word) or word


def _part(one: Said, language: str, known: dict[str, Known]) -> Part:
    typed = Way(one.pieces, (" " if len(one.pieces) > 1 else "").join(one.pieces))
    simple = Way(tuple(map(simplified, one.pieces)), simplified(typed.words))
    if one.codes:
        others = sorted(
            (Way.of(phrase, spoken) for spoken, phrase in bridge.said(one.codes)),
            key=lambda way: way.language != language,
        )
        return Part(typed, forms=_distinct(typed, [simple]), others=_distinct(typed, others)[:MOST_WAYS])
    word = known[one.pieces[0]]
    # A single syllable beside words is a particle; one character alone is all that was asked for.
    is_rest = len(typed.words) == 1 and WIDE.fullmatch(typed.words) is not None
    forms = (Way((form,), form) for form in word.forms[:MOST_FORMS])
    return Part(typed, forms=_distinct(typed, [simple, *forms]), is_needed=not (word.is_stop or is_rest))


def _distinct(typed: Way, ways: Iterable[Way]) -> tuple[Way, ...]:
    found = {way.pieces: way for way in ways if way.pieces and way.pieces != typed.pieces}
    return tuple(found.values())


def _corrected(text: str, slips: dict[str, str]) -> str:
    """The text as typed but for the slips, word by word; all of it folded where a word cannot be told apart."""
    if not slips:
        return ""
    words = [slips.get(fold(word), word) for word in text.split()]
    return " ".join(words) if words != text.split() else " ".join(slips.get(piece, piece) for piece in pieces(text))


def meant(text: str, said: list[Said]) -> str:
    """What the meaning is asked of: small letters, and phrases that concepts know with the accents they have there."""
    if WIDE.search(text):
        return " ".join(text.lower().split())
    typed = {fold(word): word.lower() for word in words_of(text)}
    return " ".join(_written(one) or " ".join(typed.get(piece, piece) for piece in one.pieces) for one in said)


def _written(one: Said) -> str:
    """ "alumbrado público" for "alumbrado publico": without its accents a model takes a word for another."""
    ways = (phrase.lower() for _language, phrase in bridge.said(one.codes) if bridge.key_of(phrase) == one.pieces)
    return next((way for way in ways if not way.isascii()), "")
