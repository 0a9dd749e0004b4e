"""The query strings of the queue and of the gap."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import FocusArea
from matching.queue import LATE, MINE_TAKEN, SNOOZED, Chosen
from matching.waiting import Kind
from matching.workbench.enums import Scope
from portal.common.forms import BaseForm
from portal.common.geography import WORLD, region_choices


class PlaceFilter(BaseForm):
    """Language, region, focus area: what is not valid is reported at its field and narrows nothing."""

    language = forms.ChoiceField(label=_("Language of the text"), required=False)
    place = forms.ChoiceField(label=_("Region"), required=False)
    focus = forms.ChoiceField(label=_("Focus area"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        regions = [(code, name) for code, name in region_choices(get_language() or "en") if code != WORLD]
        self.fields["language"].choices = [("", _("All languages")), *settings.LANGUAGES]
        self.fields["place"].choices = [("", _("All regions")), *regions]
        self.fields["focus"].choices = [("", _("All focus areas")), *FocusArea.objects.values_list("code", "label")]

    def valid(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class QueueFilter(PlaceFilter):
    # Hidden: tabs above the list choose it.
    kind = forms.ChoiceField(choices=[("", ""), *Kind.choices], required=False, widget=forms.HiddenInput)
    scope = forms.ChoiceField(label=_("Whose"), required=False, choices=[("", _("As in my settings")), *Scope.choices])
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("What waits now")),
            (LATE, _("What is overdue")),
            (MINE_TAKEN, _("What I am at")),
            (SNOOZED, _("What is put off")),
        ],
    )

    @property
    def chosen(self) -> Chosen:
        return Chosen(**self.valid())
