"""Countries and regions served, which solutions and providers state in the same way."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portal.common.forms import BaseForm
from portal.common.geography import (
    WORLD,
    ancestors,
    countries,
    country_name,
    find_country,
    region_choices,
    regions,
)
from portal.common.languages import language_name, sort_key


class ServedForm(BaseForm):
    """Regions to tick, single countries to type: a list of two hundred boxes helps nobody."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}),
        help_text=_("Choose only where you would really work. “World” is for what needs nobody on site."),
    )
    countries = forms.CharField(
        label=_("Single countries"),
        required=False,
        max_length=2000,
        help_text=_("Names with commas between them. Example: “Chile, Peru”."),
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages can you work with a city?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}),
    )

    def offer(self, languages: Iterable[str]) -> None:
        """Fill the choices; ``languages`` are stored ones, which may be others than the portal's seven."""
        language = get_language() or "en"
        self.fields["regions"].choices = grouped_regions(language)
        known = dict(settings.LANGUAGES)
        others = [(code, language_name(code, language)) for code in languages if code not in known]
        self.fields["languages"].choices = [*known.items(), *others]

    def clean_countries(self) -> str:
        """The names as this language writes them, so that the same countries are the same answer."""
        typed = [name.strip() for name in re.split("[,，、;]", self.cleaned_data["countries"])]
        found = {name: find_country(name) for name in typed if name}
        unknown = [name for name, code in found.items() if code is None]
        if unknown:
            message = gettext("We do not know: %(names)s. Check the spelling, or use the two-letter code.")
            raise ValidationError(message % {"names": ", ".join(unknown)})
        self.country_codes = list(dict.fromkeys(code for code in found.values() if code))
        return country_list(self.country_codes)

    @property
    def served(self) -> list[str]:
        """Codes of everything served, of a valid form."""
        return [*self.cleaned_data["regions"], *self.country_codes]


def grouped_regions(language: str) -> list[tuple[str, Any]]:
    """The world, then each continent as a group of itself and its parts."""
    groups: list[tuple[str, Any]] = []
    for code, name in region_choices(language):
        if ancestors(code) == (WORLD,):
            groups.append((name, [(code, gettext("%(continent)s, all of it") % {"continent": name})]))
        elif code == WORLD:
            groups.append((code, name))
        else:
            groups[-1][1].append((code, name))
    return groups


def answers_of_places(codes: Iterable[str]) -> dict[str, Any]:
    """Stored codes as the boxes of ServedForm hold them."""
    codes = list(codes)
    return {
        "regions": [code for code in codes if code in regions()],
        "countries": country_list([code for code in codes if code in countries()]),
    }


def country_list(codes: Iterable[str]) -> str:
    language = get_language() or "en"
    names = [country_name(code, language) for code in codes]
    return ", ".join(sorted(names, key=lambda name: sort_key(name, language)))
