"""Texts with one authoritative language: which column is whose, what a reader is shown, how translations are marked.

A record keeps its marks in ``translations``: field → language → mark. A text without a mark was written by a person.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import get_language

from portal.common.languages import BY_CODE, CODES

ORIGINAL, HUMAN, CHECKED, MACHINE = "original", "human", "checked", "machine"
STALE, STALE_MACHINE = "stale", "stale_machine"
MISSING = "missing"
# What a mark becomes when the original changes. What a machine wrote never passes for a person's.
AGED = {MACHINE: STALE_MACHINE, STALE_MACHINE: STALE_MACHINE}
# What a person has written, or has read and found right; the rest is work left to do.
GOOD = frozenset({HUMAN, CHECKED})
BY_MACHINE = frozenset({MACHINE, STALE_MACHINE})


class Shown(NamedTuple):
    """A text, the language it stands in, and whether that is not the reader's."""

    text: str
    language: str
    is_foreign: bool
    status: str


def column(name: str, language: str) -> str:
    """The modeltranslation column of a field: ``column("title", "zh-hans")`` is ``title_zh_hans``."""
    return f"{name}_{BY_CODE[language].suffix}"


def columns(*names: str) -> list[str]:
    """All columns of some fields, or of related ones (``focus_area__description``): to leave them in the database."""
    return [one for name in names for one in (name, *(column(name, code) for code in CODES))]


def text_in(record: Any, name: str, language: str) -> str:
    return getattr(record, column(name, language)) or ""


def original(record: Any, name: str) -> str:
    """The authoritative text, whatever the active language: what is embedded, audited and compared."""
    return text_in(record, name, record.original_language)


def shown(record: Any, name: str, language: str | None = None) -> Shown:
    """The reader's language where there is a text in it, else the original; never blank, never a third language."""
    wanted = language or get_language() or "en"
    wanted = wanted if wanted in BY_CODE else "en"
    text = text_in(record, name, wanted)
    if text:
        status = (
            ORIGINAL if wanted == record.original_language else record.translations.get(name, {}).get(wanted, HUMAN)
        )
        return Shown(text, wanted, False, status)
    return Shown(original(record, name), record.original_language, wanted != record.original_language, ORIGINAL)


def all_texts(record: Any, name: str) -> str:
    """Every language's text of a field, for keyword search."""
    return " ".join(filter(None, (text_in(record, name, code) for code in CODES)))


def text_languages(record: Any, name: str) -> list[tuple[str, str]]:
    """Language and mark of the original of a text, then of its translations."""
    marks = record.translations.get(name, {})
    found = [code for code in CODES if code != record.original_language and text_in(record, name, code)]
    return [(record.original_language, ORIGINAL), *((code, marks.get(code, HUMAN)) for code in found)]


def aged_marks(record: Any, name: str) -> dict[str, str]:
    """The marks of a text whose original changes: every translation is of an earlier version."""
    return {code: AGED.get(mark, STALE) for code, mark in text_languages(record, name)[1:]}


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a record, or of what belongs to it, that can be translated.

    ``key`` names it in forms. A row that keeps no marks of its own has them in ``keeper`` under ``slot``.
    """

    key: str
    row: Any
    name: str
    label: Any = ""
    keeper: Any = None
    slot: str = ""

    @property
    def original(self) -> str:
        return original(self.row, self.name)

    @property
    def marked(self) -> Any:
        """The row whose ``translations`` hold the marks."""
        return self.keeper or self.row

    def text(self, language: str) -> str:
        return text_in(self.row, self.name, language)

    def mark(self, language: str) -> str:
        if not self.text(language):
            return MISSING
        mark: str = self._marks().get(language, HUMAN)
        return mark

    def put(self, language: str, text: str, mark: str) -> None:
        """Set a translation on rows that are not saved yet; an empty text takes it away."""
        setattr(self.row, column(self.name, language), text)
        marks = {code: one for code, one in self._marks().items() if code != language}
        found = {**marks, **({language: mark} if text else {})}
        self.marked.translations = {**self.marked.translations, self.slot or self.name: found}

    def _marks(self) -> dict[str, str]:
        marks: dict[str, str] = self.marked.translations.get(self.slot or self.name, {})
        return marks
