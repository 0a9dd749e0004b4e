"""Answers of a form in words of the reader's language: for checking them and for comparing two versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from django import forms
from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal.common.context import language_tag
from portal.common.sections import EMPTY, SectionForm
from portal.common.templatetags.formats import active_locale, date, number


@dataclass(frozen=True, slots=True)
class Answer:
    """``lang`` is the BCP 47 tag of a text in the record's own language, empty for words of the interface."""

    name: str
    label: Any
    value: Any
    lang: str = ""


def answers_of(form: SectionForm, names: Iterable[str] | None = None) -> list[Answer]:
    """The stored answers, all or those of ``names``."""
    own = language_tag(form.record.original_language)
    return [
        Answer(name, form.fields[name].label, in_words(form.fields[name], value), own if name in form.texts else "")
        for name, value in form.stored().items()
        if names is None or name in names
    ]


def in_words(field: forms.Field, value: Any) -> str | SafeString:
    """A value of a form field as a reader says it; empty where nothing is stated."""
    if isinstance(field, forms.BooleanField):
        return gettext("Yes") if value else gettext("No")
    if value in EMPTY or value == []:
        return ""
    if isinstance(field, forms.ChoiceField):
        labels = _labels(field)
        return listed([str(labels.get(code, code)) for code in (value if isinstance(value, list) else [value])])
    if isinstance(field, forms.DateField):
        return date(value)
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return f"{number(value, 2)} {getattr(field.widget, 'unit', '')}".strip()
    return SafeString(linebreaks(value, autoescape=True)) if "\n" in value else str(value)


def joined(words: list[str]) -> str:
    """Words as a list in the grammar of the reader's language."""
    return format_list(words, locale=active_locale()) if words else ""


def listed(labels: Iterable[str]) -> str:
    """Labels in a row. Many have an "and" of their own, which the grammar of a list would hide among others."""
    return " · ".join(labels)


def _labels(field: forms.ChoiceField) -> dict[Any, Any]:
    """Code → label, also of grouped choices."""
    flat: dict[Any, Any] = {}
    for code, label in field.choices:
        flat.update(label if isinstance(label, list | tuple) else {code: label})
    return flat
