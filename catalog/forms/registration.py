"""A provider comes to the portal: first who it is, then what it does."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.enums import ProviderKind
from catalog.forms.places import ServedForm, answers_of_places
from catalog.models import Provider
from portal.common.forms import BaseForm
from portal.common.geography import country_choices
from portal.common.sections import LongText
from portal.common.translated import original


class ProviderForm(BaseForm):
    """What ICLEI needs to verify the organisation."""

    name = forms.CharField(
        label=_("Name of your organisation"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
        help_text=_("The name under which it is registered."),
    )
    country = forms.ChoiceField(label=_("Country"), widget=forms.Select({"autocomplete": "country"}))
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=ProviderKind.choices, widget=forms.RadioSelect)
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
        help_text=_("For example of the commercial register, or a tax number."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["country"].choices = [("", _("Choose")), *country_choices(get_language() or "en")]


class ProfileForm(ServedForm):
    """What everybody reads about a provider."""

    field_order = ("description", "language", "regions", "countries", "languages")

    description = LongText(
        label=_("What does your organisation do?"),
        max_length=2000,
        help_text=_("A few plain sentences for officials who have never heard of it."),
    )
    language = forms.ChoiceField(label=_("Language of this text"), choices=settings.LANGUAGES)

    def __init__(self, provider: Provider, data: Mapping[str, Any] | None = None) -> None:
        initial = {
            "description": original(provider, "description"),
            "language": provider.original_language,
            "languages": provider.languages,
            **answers_of_places(provider.regions),
        }
        super().__init__(data, initial=initial)
        self.offer(provider.languages)

    def changes(self) -> dict[str, Any]:
        """Fields of a Provider for edit_provider."""
        answers = self.cleaned_data
        return {
            "description": answers["description"],
            "original_language": answers["language"],
            "regions": self.served,
            "languages": answers["languages"],
        }
