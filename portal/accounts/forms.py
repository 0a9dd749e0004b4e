"""Forms of organisations and of one's own account. Those of signing in are in allauth_forms."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import MemberRole
from portal.accounts.models import Organisation
from portal.common.forms import BaseForm
from portal.common.widgets import SuggestInput


class SignupForm(forms.Form):
    """What allauth's sign-up asks besides e-mail and password."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "email", "password1")

    def signup(self, request: object, user: object) -> None:
        """allauth calls this after saving; the adapter did the work."""


def time_zones() -> list[str]:
    """Zones that are named after a place; the others are aliases and offsets that nobody means."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ["UTC", *sorted(name for name in available_timezones() if name.startswith(areas))]


class AccountForm(BaseForm):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("People of the other side see it once you are introduced."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Mails come in this language.")
    )
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=60, widget=SuggestInput(time_zones),
        help_text=_("Type the nearest large city in English. Example: Asia/Seoul."),
    )  # fmt: skip

    def clean_time_zone(self) -> str:
        typed: str = self.cleaned_data["time_zone"].strip()
        known = {name.casefold(): name for name in time_zones()}
        cities = {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in known.values()}
        found = known.get(typed.casefold()) or cities.get(typed.casefold())
        if found is None:
            raise ValidationError(gettext("We do not know this time zone. Choose one from the suggestions."))
        return found


class InvitationForm(BaseForm):
    email = forms.EmailField(
        label=_("E-mail address of your colleague"), max_length=254,
        help_text=_("We send a link to it. It works for fourteen days and for this address only."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)


class RoleForm(BaseForm):
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices, widget=forms.RadioSelect)


class OrganisationForm(BaseForm):
    """What an administrator of the organisation may change; the name only until it is verified."""

    name = forms.CharField(
        label=_("Name of your organisation"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    website = forms.URLField(
        label=_("Website"), max_length=300, required=False, assume_scheme="https",
        widget=forms.URLInput({"autocomplete": "url"}),
    )  # fmt: skip
    registry_number = forms.CharField(label=_("Number in a public register"), max_length=80, required=False)

    def __init__(self, organisation: Organisation, data: Mapping[str, Any] | None = None, *, can_rename: bool) -> None:
        names = ("name", "website", "registry_number")
        super().__init__(data, initial={name: getattr(organisation, name) for name in names})
        if not can_rename:
            del self.fields["name"]
