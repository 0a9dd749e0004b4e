"""Forms of organisations and of one's own account. Those of signing in are in allauth_forms."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.choosing import LooseChoice, NamedOrganisation
from portal.accounts.enums import ConflictKind, MemberRole, VerificationMethod
from portal.accounts.models import Organisation
from portal.accounts.querysets import OrganisationQuerySet
from portal.common.forms import BaseForm, DateInput
from portal.common.uploads import UploadField
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


class ForOrganisationForm(BaseForm):
    """Asks for which organisation, and only people who write for several."""

    organisation = forms.ChoiceField(label=_("For which organisation?"))

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        self.organisations = {item.public_id: item for item in organisations}
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [(key, item.name) for key, item in self.organisations.items()]
        if len(organisations) == 1:
            del self.fields["organisation"]

    @property
    def chosen_organisation(self) -> Organisation:
        chosen = self.cleaned_data.get("organisation")
        return self.organisations[chosen] if chosen else next(iter(self.organisations.values()))


def known_zone(typed: str) -> str:
    """The zone that somebody means by its name or by that of its city. Raises ValidationError for none of these."""
    typed = typed.strip().casefold()
    known = {name.casefold(): name for name in time_zones()}
    cities = {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in known.values()}
    found = known.get(typed) or cities.get(typed)
    if found is None:
        raise ValidationError(gettext("We do not know this time zone. Choose one from the suggestions."))
    return found


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
        return known_zone(self.cleaned_data["time_zone"])


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


class EvidenceForm(BaseForm):
    """What a moderator saw: words, and the file where there is one."""

    method = forms.ChoiceField(label=_("Kind of proof"), choices=VerificationMethod.choices, widget=forms.RadioSelect)
    detail = forms.CharField(
        label=_("What did you see, and where?"), max_length=300, required=False,
        help_text=_("The domain, the register with the number in it, or who signed the letter. Kept with the date."),
    )  # fmt: skip
    file = UploadField(label=_("Letter or extract"), required=False)
    note = forms.CharField(
        label=_("Note for colleagues"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    expires_on = forms.DateField(label=_("Holds until"), required=False, widget=DateInput())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data.get("detail") or self.cleaned_data.get("file")
        wants = self.cleaned_data.get("method") != VerificationMethod.KNOWN
        if wants and not given and not self.errors.keys() & {"detail", "file"}:
            self.add_error("detail", gettext("Say what you saw and where, or add the file."))
        return self.cleaned_data


class ConflictForm(NamedOrganisation, BaseForm):
    """An interest in an organisation that is registered here. Its name is typed; several of that name are offered."""

    named, among = "name", "organisation"

    name = forms.CharField(
        label=_("Which organisation?"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Its name, or a part of it, as it is registered here."),
    )  # fmt: skip
    organisation = LooseChoice(label=_("Which one of these?"), required=False, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("What ties you to it?"), choices=ConflictKind.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In a few words"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the neutrality officer and administrators read this."),
    )  # fmt: skip
    since = forms.DateField(label=_("Since"), widget=DateInput())
    until = forms.DateField(
        label=_("Until"), required=False, widget=DateInput(), help_text=_("Leave it empty while it lasts.")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, organisations: OrganisationQuerySet) -> None:
        super().__init__(data)
        self.look_up(organisations)

    def clean(self) -> dict[str, Any]:
        self.chosen = self.chosen_organisation()
        start, end = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if start and end and end < start:
            self.add_error("until", gettext("It cannot end before it starts. Check both days."))
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        """As declare_conflict takes them."""
        kept = {name: self.cleaned_data[name] for name in ("kind", "note", "since", "until")}
        return {"organisation": self.chosen, **kept}


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
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=60, required=False, widget=SuggestInput(time_zones),
        help_text=_("What ends on a day ends at midnight there. Type the nearest large city in English."),
    )  # fmt: skip

    def __init__(self, organisation: Organisation, data: Mapping[str, Any] | None = None, *, can_rename: bool) -> None:
        names = ("name", "website", "registry_number", "time_zone")
        super().__init__(data, initial={name: getattr(organisation, name) for name in names})
        if not can_rename:
            del self.fields["name"]

    def clean_time_zone(self) -> str:
        typed: str = self.cleaned_data["time_zone"]
        return known_zone(typed) if typed.strip() else ""
