from django import forms
from django.utils.translation import gettext_lazy as _

from portal.common.forms import BaseForm


class RemoveSampleForm(BaseForm):
    with_played = forms.BooleanField(label=_("Also remove what was written with sample accounts since"), required=False)
    understood = forms.BooleanField(label=_("I have read what goes. It cannot be undone."))


class PutAwayForm(BaseForm):
    """``back`` shows the first steps again."""

    back = forms.BooleanField(required=False)


class TourForm(BaseForm):
    """The step of the tour that an address names. Anything else is no tour."""

    tour = forms.IntegerField(min_value=1, max_value=20, required=False)
