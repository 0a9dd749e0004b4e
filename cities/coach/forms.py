from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Demand
from cities.states import LIVE
from portal.common.forms import BaseForm


class InviteForm(BaseForm):
    """Another city's public demand, by the reference that stands on its page."""

    demand = forms.CharField(
        label=_("Reference of their demand"), max_length=80,
        help_text=_("It stands on the page of the demand and begins with D. You may paste the page's address."),
    )  # fmt: skip
    message = forms.CharField(
        label=_("Words to the other city"), max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why together? Only that city and ICLEI read this."),
    )  # fmt: skip

    def clean_demand(self) -> Demand:
        typed: str = self.cleaned_data["demand"].strip().rstrip("/")
        reference = typed.rpartition("/")[2].upper()
        found = Demand.objects.public().filter(public_id=reference, state__in=LIVE, organisation__isnull=False).first()
        if found is None:
            raise ValidationError(gettext("There is no open demand of a city with this reference. Check it."))
        return found


class PoolNewForm(BaseForm):
    """Whom to ask at once: the demand from whose page one came."""

    partner = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)

    def partner_demand(self) -> Any:
        wanted = self.cleaned_data.get("partner", "")
        return Demand.objects.public().filter(public_id=wanted, state__in=LIVE).first() if wanted else None
