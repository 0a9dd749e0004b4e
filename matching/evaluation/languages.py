"""The language of texts whose file does not state it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final, Protocol

from matching.evaluation.labelled import Text

_SURE: Final = 0.9


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


@cache
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier


def with_languages(texts: Sequence[Text]) -> list[Text]:
    """The texts, each with a language: the stated one, else a sure guess, else what most of the others are in.

    A title of two words is easily taken for a neighbouring language, hence the majority. "" where nothing tells.
    """
    silent = [text for text in texts if not text.language]
    if not silent:
        return list(texts)
    guesses = {text.id: _guess(text) for text in silent}
    counted = Counter(text.language or guesses[text.id] for text in texts)
    counted.pop("", None)
    usual = min(counted, key=lambda language: (-counted[language], language)) if counted else ""
    return [text if text.language else replace(text, language=guesses[text.id] or usual) for text in texts]


def _guess(text: Text) -> str:
    words = f"{text.title}\n{text.text}".strip()
    language, certainty = _identifier().classify(words) if words else ("", 0.0)
    return language if certainty >= _SURE else ""
