"""Beginning a demand, and moving it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cities.enums import ClosingOutcome
from portal.accounts.models import Organisation
from portal.common.forms import BaseForm


class NewDemandForm(BaseForm):
    """Asks for the organisation only of people who write for several."""

    organisation = forms.ChoiceField(label=_("For which organisation?"))
    title = forms.CharField(
        label=_("What does your city need?"),
        max_length=240,
        help_text=_("One line. Say the need, not a product. Example: “Cooler classrooms in twelve schools”."),
    )
    language = forms.ChoiceField(
        label=_("In which language will you write?"),
        choices=settings.LANGUAGES,
        help_text=_("Write in the language you know best. Readers see that it is the original."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, organisations: list[Organisation], **kwargs: Any
    ) -> None:
        self.organisations = {organisation.public_id: organisation for organisation in organisations}
        super().__init__(data, **kwargs)
        self.fields["organisation"].choices = [(key, item.name) for key, item in self.organisations.items()]
        if len(organisations) == 1:
            del self.fields["organisation"]

    @property
    def chosen_organisation(self) -> Organisation:
        chosen = self.cleaned_data.get("organisation")
        return self.organisations[chosen] if chosen else next(iter(self.organisations.values()))


class MoveForm(BaseForm):
    """A word for the record; the moves that need no reason ask for nothing more."""

    note = forms.CharField(
        label=_("Note"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": "3"}),
        help_text=_("For your colleagues and ICLEI. It is not published."),
    )


class CloseForm(MoveForm):
    field_order = ("reason", "note")

    reason = forms.ChoiceField(
        label=_("How did it end?"),
        choices=ClosingOutcome.choices,
        widget=forms.RadioSelect,
        help_text=_("The outcome is published. It shows which gaps remain."),
    )
