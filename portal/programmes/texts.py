"""Texts of a programme and of what belongs to it: one original language for all, and translations that are marked."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models

from portal.common.translated import Piece, aged_marks, column, original

if TYPE_CHECKING:
    from portal.programmes.models import Programme

FIELDS = {"programme": ("title", "summary", "about", "report"), "call": ("title", "about"), "event": ("title", "about")}


class InProgramme(models.Model):
    """Written in the language of its programme. ``translations``: field → language → human or stale, as elsewhere."""

    programme: Any
    translations = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def original_language(self) -> str:
        language: str = self.programme.original_language
        return language


def put_texts(row: Any, texts: Mapping[str, str]) -> dict[str, str]:
    """Set texts in the original language on a row that is not saved yet; what others translated of a changed one is
    marked as older than it. Returns column → text of what differs.
    """
    changed = {name: text for name, text in texts.items() if original(row, name) != text}
    for name, text in changed.items():
        setattr(row, column(name, row.original_language), text)
    row.translations = {**row.translations, **{name: marks for name in changed if (marks := aged_marks(row, name))}}
    return {column(name, row.original_language): text for name, text in changed.items()}


def put_changes(row: Any, facts: Mapping[str, Any], texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set facts and texts on a row that is not saved yet. Returns what differs, by column: as it was, as it is."""
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    changed |= {
        column(name, row.original_language): text for name, text in texts.items() if original(row, name) != text
    }
    before = {name: getattr(row, name) for name in changed}
    for name in changed.keys() & facts.keys():
        setattr(row, name, changed[name])
    put_texts(row, texts)
    return before, changed


def pieces_of(subject: Any) -> list[Piece]:
    """What can be translated of a programme, call or event: all texts that have an original."""
    found = [Piece(name, subject, name) for name in FIELDS[subject._meta.model_name]]
    found += [Piece(f"{row._meta.model_name}-{row.pk}", row, name) for row, name in _parts(subject)]
    return [piece for piece in found if piece.original]


def _parts(subject: Any) -> Iterator[tuple[Any, str]]:
    if subject._meta.model_name == "programme":
        yield from ((row, "title") for row in subject.milestones.all())
    if subject._meta.model_name == "call":
        yield from ((row, "title") for row in subject.criteria.all())
        yield from ((row, "text") for row in subject.questions.all())


def subjects_of(programme: "Programme") -> Iterable[Any]:
    """The programme, its calls and its events: each has one page a language."""
    rules = ("criteria__call__programme", "questions__call__programme")
    return [
        programme,
        *programme.calls.select_related("programme").prefetch_related(*rules),
        *programme.events.select_related("programme"),
    ]
