"""A day, a minute and the zone they are meant in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from portal.accounts.forms import time_zones
from portal.common.forms import BaseForm
from portal.programmes.deadlines import ANYWHERE, NoSuchTime, moment

Data = Mapping[str, Any] | None


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__({"class": "input input--short"}, format="%H:%M")


class ZonedForm(BaseForm):
    """A day, a minute and the zone they are meant in. ``moment_of`` gives the moment or an error at the field."""

    def moment_of(self, day: str, at: str, zone: str) -> datetime | None:
        found = self.cleaned_data
        if not (found.get(day) and found.get(at) is not None and found.get(zone)):
            return None
        try:
            return moment(found[day], found[at], found[zone])
        except NoSuchTime:
            text = gettext("On this day the clocks skip this hour. Choose a time before or after it.")
            self.add_error(at, ValidationError(text))
            return None

    def clean_zone(self) -> str:
        return known_zone(self.cleaned_data["zone"])


def known_zone(typed: str) -> str:
    zones = {name.casefold(): name for name in [ANYWHERE, *time_zones()]}
    found = zones.get(typed.strip().casefold())
    if found is None:
        raise ValidationError(gettext("We do not know this time zone. Choose one from the suggestions."))
    return found
