"""Beginning a demand, and moving it."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cities.enums import ClosingOutcome
from portal.accounts.forms import ForOrganisationForm
from portal.common.forms import BaseForm


class NewDemandForm(ForOrganisationForm):
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
