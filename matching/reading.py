"""What the portal reads out of a record's own texts: its words, the concepts they name, and what they are about.

The portal and the evaluation both come through here, so that what is measured is what runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matching.concepts import lexicon
from matching.encoder import Encoded, Wording, sentences
from matching.engine import tokens
from matching.guess import Guesser, Sample, TopicWords
from matching.subject import SubjectReader

READERS_KEPT: Final = 4  # of vocabularies: tests make some, a portal has one


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields of a profile that come from its texts."""

    terms: frozenset[str]
    concepts: Mapping[str, float]
    subject: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a record's author says it is about; both empty where nothing is said, or where it was guessed."""

    topics: Collection[str] = ()
    areas: Collection[str] = ()


class Reader:
    """Reads records with one vocabulary."""

    def __init__(self, topics: Iterable[TopicWords]) -> None:
        self._subject = SubjectReader(Guesser(topics))

    def read(
        self,
        sample: Sample,
        wording: Wording,
        encoded: Encoded | None,
        space: str,
        stated: Stated = Stated(),
    ) -> Reading:
        """`wording` and `encoded` are the sample's in the vector space `space`; `encoded` None while it has none."""
        # Where there is no title the first sentence says what the rest is about.
        head = sample.title or next(iter(sentences(sample.text, 1)), "")
        vector = encoded.vector if encoded else None
        return Reading(
            terms=tokens(wording.whole, sample.language),
            concepts=lexicon().weights(head, sample.text, sample.language),
            subject=self._subject.shares(sample, vector, space, topics=stated.topics, areas=stated.areas),
        )


# A topic as what can be a key: its code, its area, (language, label) and (language, synonyms).
Row = tuple[str, str, tuple[tuple[str, str], ...], tuple[tuple[str, tuple[str, ...]], ...]]


@lru_cache(maxsize=READERS_KEPT)
def reader_of(rows: tuple[Row, ...]) -> Reader:
    """The reader of a vocabulary; made again only when a word of it changes."""
    return Reader(TopicWords(code, area, dict(labels), dict(synonyms)) for code, area, labels, synonyms in rows)
