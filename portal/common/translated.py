"""Texts with one authoritative language: which column is whose, and what a reader is shown."""

from typing import Any, NamedTuple

from django.utils.translation import get_language

from portal.common.languages import BY_CODE, CODES


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
            "original" if wanted == record.original_language else record.translations.get(name, {}).get(wanted, "human")
        )
        return Shown(text, wanted, False, status)
    return Shown(original(record, name), record.original_language, wanted != record.original_language, "original")


def all_texts(record: Any, name: str) -> str:
    """Every language's text of a field, for keyword search."""
    return " ".join(filter(None, (text_in(record, name, code) for code in CODES)))
