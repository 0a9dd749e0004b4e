"""The form of an event."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms import time_zones
from portal.common.sections import LongText
from portal.common.translated import original
from portal.common.widgets import SuggestInput
from portal.programmes.forms.zoned import TimeInput, ZonedForm
from portal.programmes.models import Event

Data = Mapping[str, Any] | None


class EventForm(ZonedForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    about = LongText(label=_("What happens there"), max_length=4000, rows=5)
    day = forms.DateField(label=pgettext_lazy("event", "Day"))
    starts = forms.TimeField(label=pgettext_lazy("event", "From"), widget=TimeInput())
    ends = forms.TimeField(label=pgettext_lazy("event", "until"), widget=TimeInput())
    zone = forms.CharField(label=_("In the time zone"), max_length=60, widget=SuggestInput(time_zones))
    place = forms.CharField(label=pgettext_lazy("event", "Place"), max_length=300, required=False)
    link = forms.URLField(
        label=_("Link to take part online"), max_length=500, required=False, assume_scheme="https",
        help_text=_("Shown to those registered only."),
    )  # fmt: skip
    languages = forms.CharField(label=_("Languages spoken"), max_length=120, required=False)
    capacity = forms.IntegerField(label=_("Places for guests"), min_value=1, max_value=100000, required=False)

    def __init__(self, data: Data = None, *, event: Event | None = None) -> None:
        super().__init__(data, initial=_of_event(event) if event else {})

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        found["starts_at"] = self.moment_of("day", "starts", "zone")
        found["ends_at"] = self.moment_of("day", "ends", "zone")
        if found["starts_at"] and found["ends_at"] and found["ends_at"] <= found["starts_at"]:
            self.add_error("ends", ValidationError(gettext("The end lies before the beginning.")))
        return found

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "about")}

    @property
    def facts(self) -> dict[str, Any]:
        names = ("starts_at", "ends_at", "zone", "place", "link", "languages", "capacity")
        return {name: self.cleaned_data[name] for name in names}


def _of_event(event: Event) -> dict[str, Any]:
    facts = {name: getattr(event, name) for name in ("zone", "place", "link", "languages", "capacity")}
    texts = {name: original(event, name) for name in ("title", "about")}
    ends = event.ends_at.astimezone(event.wall.tzinfo)
    return {**facts, **texts, "day": event.wall.date(), "starts": event.wall.time(), "ends": ends.time()}
