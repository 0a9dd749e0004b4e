"""Forms of those who take part, and of pairs that come about."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.forms import BaseForm
from portal.common.sections import LongText
from portal.programmes.enums import LeaveReason, StillUsed

Data = Mapping[str, Any] | None


class MilestoneForm(BaseForm):
    title = forms.CharField(label=_("Milestone"), max_length=200)
    due_on = forms.DateField(label=pgettext_lazy("milestone", "By"), required=False)


class LeaveForm(BaseForm):
    reason = forms.ChoiceField(label=_("Why"), choices=LeaveReason.choices)
    note = LongText(label=_("In your words"), max_length=2000, rows=3)


class FollowUpForm(BaseForm):
    used = forms.ChoiceField(
        label=_("Is what you took from the programme still in use?"), choices=StillUsed.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = LongText(label=_("What has changed since, and what would you tell the next?"), max_length=4000, rows=5)


class MatchForm(BaseForm):
    demand = forms.ModelChoiceField(queryset=None, label=_("Demand"))
    solution = forms.ModelChoiceField(queryset=None, label=_("Solution"))
    note = LongText(label=_("Why they belong together"), max_length=2000, rows=3)

    def __init__(self, demands: Any, solutions: Any, data: Data = None) -> None:
        super().__init__(data)
        self.fields["demand"].queryset, self.fields["solution"].queryset = demands, solutions
