"""The answers of a demand in words of the reader's language, section by section: for checking and for comparing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from django import forms
from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cities.forms.answers import FORMS
from cities.forms.requirements import BaseRequirements, requirement_in_words
from cities.forms.sections import EMPTY, SectionForm
from cities.models import Demand, Requirement
from portal.common.context import language_tag
from portal.common.templatetags.formats import active_locale, date, number

# The order in which the sections are asked, and the task list shows them.
ORDER = ("need", "outcome", "focus", "topics", "size", "budget", "timing", "requirements", "working")
HEADINGS = {**{slug: form.heading for slug, form in FORMS.items()}, BaseRequirements.slug: BaseRequirements.heading}


@dataclass(frozen=True, slots=True)
class Answer:
    """``lang`` is the BCP 47 tag of a text in the demand's own language, empty for words of the interface."""

    name: str
    label: Any
    value: Any
    lang: str = ""


def section_answers(demand: Demand, slug: str) -> list[Answer]:
    return requirement_answers(demand) if slug == "requirements" else answers_of(FORMS[slug](demand))


def answers_of(form: SectionForm, names: Iterable[str] | None = None) -> list[Answer]:
    """The stored answers, all or those of ``names``."""
    own = language_tag(form.demand.original_language)
    return [
        Answer(name, form.fields[name].label, in_words(form.fields[name], value), own if name in form.texts else "")
        for name, value in form.stored().items()
        if names is None or name in names
    ]


def requirement_answers(demand: Demand) -> list[Answer]:
    rows = list(demand.requirements.all())
    labels = {True: gettext("Must-haves"), False: gettext("Nice-to-haves")}
    return [
        Answer("requirements", labels[wanted], _joined([in_short(row) for row in rows if row.is_mandatory is wanted]))
        for wanted in (True, False)
    ]


def in_short(requirement: Requirement) -> str:
    return requirement_in_words(requirement, number(requirement.number, 3))


def in_words(field: forms.Field, value: Any) -> str | SafeString:
    """A value of a form field as a reader says it; empty where nothing is stated."""
    if isinstance(field, forms.BooleanField):
        return gettext("Yes") if value else gettext("No")
    if value in EMPTY or value == []:
        return ""
    if isinstance(field, forms.ChoiceField):
        labels = _labels(field)
        return _joined([str(labels.get(code, code)) for code in (value if isinstance(value, list) else [value])])
    if isinstance(field, forms.DateField):
        return date(value)
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return number(value, 2)
    return SafeString(linebreaks(value, autoescape=True)) if "\n" in value else str(value)


def _joined(words: list[str]) -> str:
    return format_list(words, locale=active_locale()) if words else ""


def _labels(field: forms.ChoiceField) -> dict[Any, Any]:
    """Code → label, also of grouped choices."""
    flat: dict[Any, Any] = {}
    for code, label in field.choices:
        flat.update(label if isinstance(label, list | tuple) else {code: label})
    return flat
