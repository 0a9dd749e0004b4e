"""The form of a translation: a box for every text, beside its original."""

from collections.abc import Mapping
from typing import Any

from django import forms

from portal.common.context import language_tag
from portal.common.forms import BaseForm
from portal.common.sections import LongText
from portal.common.translated import text_in
from portal.programmes.texts import Piece

ONE_LINE = 300


class TextsForm(BaseForm):
    """``rows`` are (piece, box, mark). An empty box leaves the original to be shown."""

    def __init__(self, pieces: list[Piece], language: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={piece.key: text_in(piece.row, piece.name, language) for piece in pieces})
        self.pieces, self.language = pieces, language
        for piece in pieces:
            model_field = type(piece.row)._meta.get_field(piece.name)
            is_line = model_field.max_length <= ONE_LINE
            kind: Any = forms.CharField if is_line else LongText
            more = {"required": False} if is_line else {"rows": 10}
            self.fields[piece.key] = kind(label=model_field.verbose_name, max_length=model_field.max_length, **more)
            self.fields[piece.key].widget.attrs |= {"class": "input", "lang": language_tag(language)}

    @property
    def rows(self) -> list[tuple[Piece, Any, str]]:
        return [(piece, self[piece.key], piece.mark(self.language)) for piece in self.pieces]
