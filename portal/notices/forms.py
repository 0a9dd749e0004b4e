"""How a person chooses what reaches them by mail."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.common.forms import BaseForm
from portal.notices.enums import Cadence
from portal.notices.kinds import GROUPS, Group
from portal.notices.models import MailChoice, QuietHours


def concerns(user: User, group: Group) -> bool:
    return not group.roles or bool(user.staff_roles & set(group.roles))


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__({"class": "input input--short"}, format="%H:%M")


class MailSettingsForm(BaseForm):
    """One choice a group that may be switched off, and the quiet hours: both ends or none."""

    quiet_from = forms.TimeField(label=_("No mails from"), required=False, widget=TimeInput())
    quiet_until = forms.TimeField(
        label=pgettext_lazy("quiet hours", "until"), required=False, widget=TimeInput(),
        help_text=_("On your own clock, as your time zone has it. Mails of this time come when it is over."),
    )  # fmt: skip

    def __init__(self, user: User, data: Mapping[str, Any] | None = None) -> None:
        hours = QuietHours.objects.filter(user=user).first()
        quiet = {"quiet_from": hours.starts, "quiet_until": hours.ends} if hours else {}
        super().__init__(data, initial=quiet)
        chosen = dict(MailChoice.objects.filter(user=user).values_list("group", "cadence"))
        own = [(code, group) for code, group in GROUPS.items() if not group.is_service and concerns(user, group)]
        for code, group in own:
            self.fields[f"group_{code}"] = forms.ChoiceField(
                label=group.label, help_text=group.hint, choices=Cadence.choices,
                initial=chosen.get(code, group.cadence),
            )  # fmt: skip
        self.order_fields([f"group_{code}" for code, _group in own])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        starts, ends = found.get("quiet_from"), found.get("quiet_until")
        if (starts is None) != (ends is None) and not self.errors:
            empty = "quiet_from" if starts is None else "quiet_until"
            self.add_error(
                empty, ValidationError(gettext("Quiet hours need a beginning and an end; or leave both empty."))
            )
        elif starts is not None and starts == ends:
            self.add_error("quiet_until", ValidationError(gettext("Choose an end that differs from the beginning.")))
        return found

    @property
    def cadences(self) -> dict[str, str]:
        found = self.cleaned_data.items()
        return {name.removeprefix("group_"): value for name, value in found if name.startswith("group_")}

    @property
    def quiet(self) -> tuple[time, time] | None:
        starts, ends = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]
        return (starts, ends) if starts is not None and ends is not None else None
