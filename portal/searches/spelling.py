"""The word that somebody meant who wrote one that is nowhere: a slip of a finger in Latin letters or in a syllable of
Hangul. Chinese and Japanese are left alone: of two characters one is half the word."""

import re

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from portal.searches.models import Word

SHORTEST = 4  # letters; in shorter words a letter is a word of its own
TWO_SLIPS_FROM = 8
MOST = 30
HANGUL = re.compile(r"[\uac00-\ud7a3]{2,8}")
_FIRST, _VOWELS, _LAST = 19, 21, 28


def nearest_word(word: str) -> str:
    """Empty where nothing is near enough."""
    if HANGUL.fullmatch(word):
        return _nearest_hangul(word)
    is_spaced = word.isalpha() and word.isascii() and len(word) >= SHORTEST
    return _nearest_spaced(word) if is_spaced else ""


def _nearest_spaced(word: str) -> str:
    most = 2 if len(word) >= TWO_SLIPS_FROM else 1
    if Word.objects.filter(word__startswith=word).exists():
        return ""  # the last word is searched as a beginning
    near = Word.objects.filter(word__trigram_similar=word).annotate(likeness=TrigramSimilarity("word", word))
    found = near.order_by("-likeness", "-records").values_list("word", "records")[:MOST]
    ranked = sorted(
        (slips(word, other), -records, other) for other, records in found if abs(len(other) - len(word)) <= most
    )
    return ranked[0][2] if ranked and ranked[0][0] <= most else ""


def slips(word: str, other: str) -> int:
    """Letters added, left out, changed, or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i] + [0] * len(other)
        for j, another in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == another:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]


def _nearest_hangul(run: str) -> str:
    """One syllable changed in one of its letters, so that every pair of syllables occurs."""
    tries = [
        run[:place] + other + run[place + 1 :] for place in range(len(run)) for other in syllables_near(run[place])
    ]
    pairs = {pair for tried in tries for pair in pairs_of(tried)}
    known = dict(Word.objects.filter(Q(word__in=pairs), records__gt=0).values_list("word", "records"))
    fitting = [
        (min(known[pair] for pair in pairs_of(tried)), tried) for tried in tries if known.keys() >= set(pairs_of(tried))
    ]
    return max(fitting)[1] if fitting else ""


def pairs_of(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def syllables_near(syllable: str) -> list[str]:
    """Those that differ in the first consonant, the vowel or the last consonant alone."""
    code = ord(syllable) - 0xAC00
    if not 0 <= code < _FIRST * _VOWELS * _LAST:
        return []
    first, vowel, last = code // (_VOWELS * _LAST), code // _LAST % _VOWELS, code % _LAST
    near = [(other, vowel, last) for other in range(_FIRST) if other != first]
    near += [(first, other, last) for other in range(_VOWELS) if other != vowel]
    near += [(first, vowel, other) for other in range(_LAST) if other != last]
    return [chr(0xAC00 + (a * _VOWELS + b) * _LAST + c) for a, b, c in near]
