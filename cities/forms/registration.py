"""Putting a public body on the portal: first the city, then the body."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.common.forms import BaseForm
from portal.common.geography import country_choices


class CitySearchForm(BaseForm):
    """The official types the city's name in any language."""

    q = forms.CharField(
        label=_("Name of your city"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
        help_text=_("Type it in any language, or only the beginning."),
    )
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["country"].choices = [("", _("All countries")), *country_choices(get_language() or "en")]


class BodyForm(BaseForm):
    name = forms.CharField(
        label=_("Name of your organisation"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
        help_text=_("The official name. Example: “Municipality of Rancagua”."),
    )
    department = forms.CharField(
        label=_("Department"),
        max_length=160,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    website = forms.URLField(
        label=_("Website"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput({"autocomplete": "url"}),
        help_text=_("It helps us to verify your organisation sooner."),
    )
    registry_number = forms.CharField(
        label=_("Number in a public register"),
        max_length=80,
        required=False,
        help_text=_("For example a tax number or the number of the municipality, if there is one."),
    )
