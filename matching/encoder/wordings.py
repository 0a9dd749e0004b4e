"""Which words of a record are encoded, and how their vectors are put together.

The portal, the imports and the evaluation all come through here, so that what is measured is what runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import numpy as np

from matching.concepts import without_terms_of_payment
from matching.encoder.backends import FloatArray, Kind
from matching.encoder.cleaning import WIDE, clean, sentences

# A title shorter than this is a brand or a heading word, which says nothing by itself. In words, or in wide characters.
_TITLE_WORDS: Final = 3
_TITLE_WIDE: Final = 6


@dataclass(frozen=True, slots=True)
class Encoded:
    """A record's vectors: `vector` of shape (d,), unit length; `sentences` of shape (m, d) or None."""

    vector: FloatArray = field(compare=False)
    sentences: FloatArray | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one record to encode, all of one kind. `texts` names them; `assemble` takes their vectors back."""

    kind: Kind
    whole: str
    title: str | None = None
    sentences: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text whose vector `assemble` needs, in the order it needs them."""
        return (self.whole, *((self.title,) if self.title else ()), *self.sentences)

    def assemble(self, vectors: FloatArray) -> Encoded:
        """The record's vectors from those of `texts`, shape (len(texts), d).

        A telling title weighs as much as the whole text: it is the record's own summary. Single sentences of a demand
        stay apart; beside the whole they keep boilerplate from drowning what is asked.
        """
        if len(vectors) != len(self.texts):
            raise ValueError(f"{len(self.texts)} texts but {len(vectors)} vectors")
        vector, rest = vectors[0], vectors[1:]
        if self.title:
            vector = vector + rest[0]
            vector = vector / np.linalg.norm(vector)
            rest = rest[1:]
        return Encoded(vector, rest if self.sentences else None)


# The same records are read again and again while others change; taking a text apart costs more than its vectors.
_KEPT = 2048


@lru_cache(maxsize=_KEPT)
def demand_wording(title: str | None, text: str | None) -> Wording:
    """What stands for a demand: the whole, a telling title, and the sentences when there are two or more."""
    parts = tuple(dict.fromkeys(map(without_terms_of_payment, sentences(_joined(title, text)))))
    return replace(demand_gist(title, text), sentences=parts if len(parts) > 1 else ())


@lru_cache(maxsize=_KEPT)
def demand_gist(title: str | None, text: str | None) -> Wording:
    """The same without its sentences: enough, and quicker, where demands are compared with each other as a whole."""
    whole = _subject(_joined(title, text))
    return Wording("query", whole, _telling(title, whole))


@lru_cache(maxsize=_KEPT)
def solution_wording(title: str | None, text: str | None) -> Wording:
    """What stands for a solution: the whole passage and a telling title. Its one-line summary makes a good title."""
    whole = _subject(_joined(title, text))
    return Wording("passage", whole, _telling(title, whole))


def encode(wordings: Sequence[Wording], embed: Callable[[Sequence[str], Kind], FloatArray]) -> list[Encoded]:
    """The vectors of many records with one call of `embed` a kind; `embed` may be a backend's or a cache's."""
    vectors: dict[tuple[Kind, str], FloatArray] = {}
    for kind in sorted({wording.kind for wording in wordings}):
        texts = list(dict.fromkeys(text for wording in wordings if wording.kind == kind for text in wording.texts))
        vectors.update(((kind, text), row) for text, row in zip(texts, embed(texts, kind), strict=True))
    return [wording.assemble(np.stack([vectors[wording.kind, text] for text in wording.texts])) for wording in wordings]


def _telling(title: str | None, whole: str) -> str | None:
    head = _subject(title)
    wide = len(WIDE.findall(head))
    return head if head != whole and (len(head.split()) >= _TITLE_WORDS or wide >= _TITLE_WIDE) else None


def _subject(text: str | None) -> str:
    return without_terms_of_payment(clean(text))


def _joined(title: str | None, text: str | None) -> str:
    """Title and text as one passage; a text that already opens with its title is not given it twice."""
    head, body = (title or "").strip(), (text or "").strip()
    if not head or body.startswith(head):
        return body
    if not body:
        return head
    stop = "" if head[-1] in ".!?。！？" else "."
    return f"{head}{stop}\n{body}"
