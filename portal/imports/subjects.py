"""What the running of an import asks of demands and of solutions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from catalog.models import Topic
from matching.guess import Guesser, TopicWords
from portal.common.languages import CODES
from portal.common.models import Sourced
from portal.common.sources import Imported
from portal.common.translated import column
from portal.imports.checking import Checked, Draft
from portal.imports.fields import Schema
from portal.imports.mapping import GuessLanguage
from portal.imports.reading import Reader, read_vocabulary

Row = TypeVar("Row")
Record = TypeVar("Record", bound=Sourced)


class Subject(ABC, Generic[Row, Record]):
    """One kind of record: how a row of it is checked and written. The vocabulary is read once, when it is made."""

    schema: Schema

    def __init__(self) -> None:
        topics = list(Topic.objects.select_related("focus_area"))
        self.vocabulary = read_vocabulary()
        self.areas = {topic.code: topic.focus_area.code for topic in topics}
        self.guesser = Guesser(map(_words, topics))

    @abstractmethod
    def check(self, reader: Reader, guess_language: GuessLanguage) -> Checked:
        """The record of a row, or why there is none."""

    @abstractmethod
    def write(self, record: Row) -> Imported[Record]:
        """Write a checked record through the action that it belongs to."""

    @staticmethod
    def checked(draft: Draft, build: Callable[[], Any]) -> Checked:
        """The row with its record, unless something refuses it."""
        values, errors = draft.values, tuple(dict.fromkeys(draft.errors))
        return Checked(
            values["source_id"], draft.title, None if errors else build(), errors, tuple(dict.fromkeys(draft.notes))
        )


def _words(topic: Topic) -> TopicWords:
    labels = {code: getattr(topic, column("label", code)) or "" for code in CODES}
    synonyms = {code: (getattr(topic, column("synonyms", code)) or "").split("\n") for code in CODES}
    return TopicWords(topic.code, topic.focus_area.code, labels, synonyms)
