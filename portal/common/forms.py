"""The base of every form: clean text in, numbers as people write them, errors in the form's own words."""

import re
import unicodedata
from collections.abc import Mapping
from html import unescape
from typing import Any

from babel.numbers import (
    NumberFormatError,
    format_decimal,
    get_group_symbol,
    parse_decimal,
)
from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict
from django.utils.html import strip_tags
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portal.common.languages import babel_locale

# Embeddings, overrides and isolates reorder what stands around them, so a name can be made to read as another one
# (Unicode TR36). U+200E and U+200F stay allowed: Hebrew and Arabic need them.
BIDI_CONTROLS = "\u202a-\u202e\u2066-\u2069"
ONE_LINE = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{BIDI_CONTROLS}]")
MANY_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202d\u202e]")
HIDDEN = _("Remove the hidden control characters. Typing the text again instead of pasting it helps.")
PLAIN_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


class FormRenderer(TemplatesSetting):
    """Renders fields and widgets with the portal's own templates (templates/django/forms)."""


def refuse_hidden_characters(text: str) -> None:
    """Refuse control characters, line ends, lone surrogates and text-direction controls in a one-line text."""
    if ONE_LINE.search(text):
        raise ValidationError(HIDDEN, code="hidden")


def refuse_control_characters(text: str) -> None:
    """Refuse what no text of several lines needs: control characters, lone surrogates, direction overrides."""
    if MANY_LINES.search(text):
        raise ValidationError(HIDDEN, code="hidden")


def _composed(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The submitted data with every text in Unicode form NFC, so that equal looks mean equal strings."""
    if data is None:
        return None
    if isinstance(data, MultiValueDict):
        return MultiValueDict({key: [_nfc(value) for value in values] for key, values in data.lists()})
    return {key: _nfc(value) for key, value in data.items()}


def _nfc(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


class NumberInput(forms.TextInput):
    """A number as people of the active language write it: 1.500,5 in Spanish, 1,500.5 in English.

    What is ambiguous is handed to the field as typed, which refuses it: a budget is never read a thousand times too
    small. ``unit`` (a word or symbol) is shown behind the box and belongs to its accessible description.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, unit: str = "") -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.unit = unit
        if unit:
            self.template_name = "django/forms/widgets/number_with_unit.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        if self.unit and (identity := context["widget"]["attrs"].get("id")):
            described = context["widget"]["attrs"].get("aria-describedby", "")
            context["widget"]["attrs"]["aria-describedby"] = f"{described} {identity}_unit".strip()
        return context

    def format_value(self, value: Any) -> str | None:
        if value in (None, ""):
            return None
        if isinstance(value, str) and not PLAIN_NUMBER.fullmatch(value):
            return value
        return format_decimal(value, format="#,##0.##########", locale=babel_locale(get_language() or "en"))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        if not isinstance(typed, str) or (PLAIN_NUMBER.fullmatch(typed.strip()) and "." not in typed):
            return typed
        locale = babel_locale(get_language() or "en")
        # French groups by a narrow no-break space that no keyboard has; people type an ordinary one.
        group = get_group_symbol(locale)
        text = re.sub(r"(?<=\d)\s(?=\d{3})", group, typed.strip()) if group.isspace() else typed.strip()
        try:
            return str(parse_decimal(text, locale=locale, strict=True))
        except (NumberFormatError, ValueError):
            return typed


class DateInput(forms.DateInput):
    """The browser's own date box; its value is always ISO 8601, whatever the language shows."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


BARE = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput, forms.HiddenInput, forms.MultiWidget)
WIDTHS = ((forms.DateInput, " input--date"), (forms.DateTimeInput, " input--date"), (NumberInput, " input--short"))
CHOOSERS = (forms.ChoiceField, forms.ModelChoiceField)
# What Django offers above the choices: nine dashes, which a screen reader spells out.
NO_WORDS = "---------"
# These quote the value that was sent, which nobody who chose from a list has seen.
UNHELPFUL = tuple(kind.default_error_messages["invalid_choice"] for kind in CHOOSERS)

BAD_ADDRESS = forms.URLField.default_error_messages["invalid"]


def _own_widget(field: forms.Field) -> None:
    """Swap Django's number and date boxes for ours; a widget that the form chose itself is left alone."""
    swap = {forms.NumberInput: NumberInput, forms.DateInput: DateInput, forms.DateTimeInput: DateTimeInput}
    kind = swap.get(type(field.widget))
    if kind is None:
        return
    old = field.widget
    field.widget = kind(attrs={k: v for k, v in old.attrs.items() if k not in ("step", "min", "max")})
    field.widget.is_required = old.is_required


def dress(field: forms.Field) -> None:
    """Class, text rules and a required-message that names the field."""
    _own_widget(field)
    widget = field.widget
    if not isinstance(widget, BARE):
        width = next((css for kind, css in WIDTHS if isinstance(widget, kind)), "")
        widget.attrs.setdefault("class", f"input{width}")
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        widget.attrs["rows"] = "6"
    if isinstance(field, forms.ModelChoiceField) and field.empty_label == NO_WORDS:
        field.empty_label = gettext("Choose")
    if isinstance(field, forms.CharField):
        rule = refuse_control_characters if isinstance(widget, forms.Textarea) else refuse_hidden_characters
        field.validators = [rule, *field.validators]
    if isinstance(field, forms.URLField) and field.error_messages.get("invalid") == BAD_ADDRESS:
        field.error_messages["invalid"] = gettext("Enter a web address, for example https://www.example.org.")
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = _required_message(field)
    if isinstance(field, CHOOSERS) and field.error_messages.get("invalid_choice") in UNHELPFUL:
        field.error_messages["invalid_choice"] = _required_message(field)


def _required_message(field: forms.Field) -> str:
    """Names the field: in the error summary "This field is required." six times says nothing."""
    # A label in another language than the page is marked up; a message is text.
    label = unescape(strip_tags(field.label)) if hasattr(field.label, "__html__") else field.label
    if isinstance(field, forms.BooleanField):
        return gettext("Tick the box “%(label)s” to continue.") % {"label": label}
    if isinstance(field, CHOOSERS):
        return gettext("Choose an answer: %(label)s") % {"label": label}
    return gettext("Fill in: %(label)s") % {"label": label}


class Dressed(dict[str, forms.Field]):
    """The fields of a form, each dressed once when it is put in: a form may add some after its ``__init__``."""

    def __init__(self, fields: Mapping[str, forms.Field]) -> None:
        super().__init__()
        for name, field in fields.items():
            self[name] = field

    def __setitem__(self, name: str, field: forms.Field) -> None:
        if not getattr(field, "is_dressed", False):
            if field.label is None:
                field.label = forms.utils.pretty_name(name)
            dress(field)
            field.is_dressed = True  # type: ignore[attr-defined]
        super().__setitem__(name, field)


class _Clean:
    """Shared by BaseForm and BaseModelForm; see the module's docstring."""

    fields: dict[str, forms.Field]

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(_composed(data), *args, **kwargs)  # type: ignore[call-arg]
        self.fields = Dressed(self.fields)

    def order_fields(self, field_order: Any) -> None:
        """Django makes a plain dict of them; while it makes the form itself, their labels may still change."""
        is_made = isinstance(self.fields, Dressed)
        super().order_fields(field_order)  # type: ignore[misc]
        if is_made:
            self.fields = Dressed(self.fields)


class BaseForm(_Clean, forms.Form):
    pass


class BaseModelForm(_Clean, forms.ModelForm):
    pass
