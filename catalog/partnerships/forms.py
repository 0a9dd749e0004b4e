from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.partnerships.models import KINDS
from portal.common.forms import BaseForm, DateInput


class AgreementForm(BaseForm):
    kind = forms.ChoiceField(label=_("Kind of partnership"), choices=KINDS, widget=forms.RadioSelect)
    agreed_on = forms.DateField(label=_("Agreed on"), widget=DateInput())
    until = forms.DateField(
        label=_("Until"), required=False, widget=DateInput(), help_text=_("Leave it empty where no end was agreed.")
    )
    scope = forms.CharField(
        label=_("What it is about"), max_length=1500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads this."),
    )  # fmt: skip
    signed_for_iclei = forms.CharField(
        label=_("Signed for ICLEI by"), max_length=200, help_text=_("Name and office. Everybody reads this.")
    )
    signed_for_provider = forms.CharField(label=_("Signed for the partner by"), max_length=200)

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("agreed_on"), self.cleaned_data.get("until")
        if start and end and end < start:
            self.add_error("until", gettext("It cannot end before it starts. Check both days."))
        return self.cleaned_data
