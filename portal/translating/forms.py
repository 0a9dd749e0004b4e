"""The form of a translation: a box for every text, beside its original."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from portal.common.context import language_tag
from portal.common.forms import BaseForm
from portal.common.sections import LongText
from portal.common.translated import GOOD, MISSING, Piece
from portal.translating.actions import mark_of_sight

ONE_LINE = 300
RIGHT, SEEN = "right-", "seen-"


class Row(NamedTuple):
    """A text with its boxes; ``right`` is there where a machine wrote it or the original has changed."""

    piece: Piece
    box: BoundField
    mark: str
    right: BoundField | None
    seen: BoundField


class TextsForm(BaseForm):
    """An empty box leaves the original to be shown. Every text can be left for later."""

    def __init__(self, pieces: list[Piece], language: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={piece.key: piece.text(language) for piece in pieces})
        self.pieces, self.language = pieces, language
        for piece in pieces:
            self.fields[piece.key] = self._box(piece)
            self.fields[SEEN + piece.key] = forms.CharField(
                required=False, max_length=16, widget=forms.HiddenInput, initial=mark_of_sight(piece, language)
            )
            if piece.mark(language) not in (MISSING, *GOOD):
                self.fields[RIGHT + piece.key] = forms.BooleanField(
                    required=False, label=_("This translation is right as it stands")
                )

    def _box(self, piece: Piece) -> forms.Field:
        model_field = type(piece.row)._meta.get_field(piece.name)
        is_line = model_field.max_length <= ONE_LINE
        kind: Any = forms.CharField if is_line else LongText
        more = {"required": False} if is_line else {"rows": min(12, 3 + len(piece.original) // 60)}
        label = piece.label or model_field.verbose_name
        box: forms.Field = kind(label=label, max_length=model_field.max_length, **more)
        box.widget.attrs["lang"] = language_tag(self.language)
        return box

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                piece, self[piece.key], piece.mark(self.language),
                self[RIGHT + piece.key] if RIGHT + piece.key in self.fields else None, self[SEEN + piece.key],
            )
            for piece in self.pieces
        ]  # fmt: skip

    def sent(self) -> dict[str, dict[str, str] | list[str]]:
        """What ``translate_text`` takes."""
        keys = [piece.key for piece in self.pieces]
        return {
            "texts": {key: self.cleaned_data[key] for key in keys},
            "right": [key for key in keys if self.cleaned_data.get(RIGHT + key)],
            "seen": {key: self.cleaned_data[SEEN + key] for key in keys if self.cleaned_data[SEEN + key]},
        }

    def differing(self) -> list[Piece]:
        """Texts that were sent and are others by now."""
        return [piece for piece in self.pieces if self.cleaned_data[piece.key].strip() != piece.text(self.language)]

    def show_again(self, pieces: list[Piece]) -> None:
        """After a conflict: the next Save is a decision made in sight of both texts."""
        self.pieces = pieces
        for piece in pieces:
            self.data[SEEN + piece.key] = mark_of_sight(piece, self.language)  # type: ignore[index]
