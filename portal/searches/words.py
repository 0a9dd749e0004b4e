"""What is known of single words: whether public records have them, their other forms, and which say nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from portal.common.search import WIDE
from portal.searches.models import Word

# PostgreSQL's own stemmers. Korean, Japanese and Chinese words do not end differently for number and gender.
STEMMERS = {"en": "english_stem", "es": "spanish_stem", "fr": "french_stem", "pt": "portuguese_stem"}
SHORTEST_STEM = 3
SAME_START = 3  # letters that forms of one word share; a stemmer for one language errs on words of another
LONGEST_ENDING = 5
# Which plural a stemmer takes for another word ("buses": "buse"), another one does not; a shared stem of any counts.
STEMS_SQL = """
SELECT word, array_agg(code || ':' || stems[1]) FILTER (WHERE stems[1] IS NOT NULL), bool_or(stems = '{}')
FROM (SELECT word, code, ts_lexize(stemmer::regdictionary, word) AS stems
      FROM unnest(%s::text[]) AS word, unnest(%s::text[], %s::text[]) AS stemmers(code, stemmer)) AS stemmed
GROUP BY word
"""


@dataclass(frozen=True, slots=True)
class Known:
    """``forms`` are other words of public records with the same stem, the most frequent first."""

    is_known: bool
    is_stop: bool = False
    forms: tuple[str, ...] = ()


def known_words(words: Iterable[str]) -> dict[str, Known]:
    """Two queries for all words of a search."""
    asked = list(dict.fromkeys(words))
    if not asked:
        return {}
    stems = stems_of(asked)
    every = {stem for found, _is_stop in stems.values() for stem in found}
    wanted = Q(word__in=asked) | Q(stems__overlap=sorted(every))
    rows = list(Word.objects.filter(wanted).order_by("-records", "word").values_list("word", "stems", "records")[:300])
    counts = {word: records for word, _stems, records in rows}
    return {word: _known(word, *stems.get(word, (set(), False)), rows, counts) for word in asked}


def _known(word: str, stems: set[str], is_stop: bool, rows: list, counts: dict[str, int]) -> Known:
    forms = tuple(
        other
        for other, others, records in rows
        if records and other != word and stems & set(others) and alike(word, other)
    )
    return Known(bool(counts.get(word) or forms), is_stop, forms)


def alike(word: str, other: str) -> bool:
    """Whether two words with a common stem are likely forms of one."""
    return word[:SAME_START] == other[:SAME_START] and abs(len(word) - len(other)) <= LONGEST_ENDING


def stems_of(words: Iterable[str]) -> dict[str, tuple[set[str], bool]]:
    """Word → its stems by language, and whether it is a stop word of any; wide runs have none."""
    spaced = [word for word in words if not WIDE.search(word)]
    if not spaced:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(STEMS_SQL, [spaced, list(STEMMERS), list(STEMMERS.values())])
        return {
            word: ({stem for stem in found or () if len(stem) >= SHORTEST_STEM + 3}, is_stop)
            for word, found, is_stop in cursor.fetchall()
        }
