"""The frame of every section of a record that people write: what is stored, what changes, who was quicker."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from portal.common.context import language_tag
from portal.common.errors import Conflict
from portal.common.forms import BaseForm
from portal.common.translated import original

EMPTY = ("", None)
BOOKKEEPING = ("version", "seen")


class LongText(forms.CharField):
    """A text of several lines; line ends as one character, so that an unchanged text is equal to the stored one."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": str(rows)}), required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        return text.replace("\r\n", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: browsers cut off what is pasted and say nothing. The server's message says how much is too much.
        return {}


def fingerprint_of(shown: Any) -> str:
    """What a form keeps of the values that it showed, to find out whether they have changed since."""
    return hashlib.sha256(repr(shown).encode("utf-8", "replace")).hexdigest()[:16]


class SectionForm(BaseForm):
    """One section of ``record``. Nothing is required while it is a draft, except its title or name.

    ``version`` and ``seen`` (a fingerprint of the section as it was shown) tell whether somebody else has changed
    this very section meanwhile; changes to other sections are no conflict.
    """

    slug: ClassVar[str]
    heading: ClassVar[Any]
    intro: ClassVar[Any] = ""
    # Answers without which the record cannot be submitted; fields in the record's own language; those of them that
    # have a column for each language.
    needed: ClassVar[tuple[str, ...]] = ()
    texts: ClassVar[tuple[str, ...]] = ()
    translated: ClassVar[tuple[str, ...]] = ()
    # A good answer, to be looked at by whoever does not know what to write.
    examples: ClassVar[dict[str, Any]] = {}

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, record: Any, data: Mapping[str, Any] | None = None) -> None:
        self.record = record
        self.conflict: Conflict | None = None
        super().__init__(data, initial={**self.suggested(), "version": record.version, "seen": self.fingerprint()})
        for name in self.needed:
            self.fields[name].is_needed_later = True  # a draft may lack it, so it is not required; nor is it optional
        for name, text in self.examples.items():
            self.fields[name].example = text
        for name in self.texts:
            self.fields[name].widget.attrs["lang"] = language_tag(record.original_language)

    def answer_names(self) -> list[str]:
        return [name for name in self.base_fields if name not in BOOKKEEPING]

    def stored(self) -> dict[str, Any]:
        """The answers as they stand in the record, as values of the fields."""
        return {name: self._stored(name) for name in self.answer_names()}

    def _stored(self, name: str) -> Any:
        return original(self.record, name) if name in self.translated else getattr(self.record, name)

    def suggested(self) -> dict[str, Any]:
        """What the boxes hold at first: the stored answers, and guesses where there are none."""
        return self.stored()

    def sent(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.answer_names()}

    def changes(self) -> dict[str, Any]:
        """Model values for the action that edits: what differs from what is stored."""
        return {name: value for name, value in self.sent().items() if not _same(value, self._stored(name))}

    def fingerprint(self) -> str:
        return fingerprint_of(self.stored())

    @property
    def expected_version(self) -> int:
        """What the action has to find: the present version while nobody touched this section, else the one shown."""
        untouched = self.cleaned_data["seen"] == self.fingerprint() or not self.differing()
        return int(self.record.version) if untouched else int(self.cleaned_data["version"])

    def differing(self) -> list[str]:
        """Names of the answers sent that differ from the stored ones."""
        return [name for name, value in self.sent().items() if not _same(value, self.stored()[name])]

    def take_over(self, conflict: Conflict) -> None:
        """Note the conflict. The next Continue is a decision made in sight of both texts and may overwrite."""
        self.conflict = conflict
        self.data["version"], self.data["seen"] = str(self.record.version), self.fingerprint()  # type: ignore[index]

    def refuse(self, message: str, names: tuple[str, ...]) -> None:
        """Say at its fields what the action refused."""
        for name in names:
            self.add_error(name if name in self.fields else None, message)

    def is_answered(self) -> bool:
        return any(value not in (*EMPTY, [], False) for value in self.stored().values())

    def is_complete(self) -> bool:
        """Whether nothing is missing here that submitting asks for."""
        return all(self.stored()[name] not in EMPTY for name in self.needed)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return one == other or (one in EMPTY and other in EMPTY)
