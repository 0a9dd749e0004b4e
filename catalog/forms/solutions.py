"""Beginning a solution, and renewing one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Provider
from portal.common.forms import BaseForm, DateInput

# Nobody can promise a price or a product for longer; cities rely on what they read.
LONGEST = timedelta(days=2 * 366)
USUAL = timedelta(days=365)


class NewSolutionForm(BaseForm):
    """Asks for the provider only of people who write for several."""

    provider = forms.ChoiceField(label=_("For which organisation?"))
    name = forms.CharField(
        label=_("What is your solution called?"),
        max_length=200,
        help_text=_("Its name as customers know it. You can change it later."),
    )
    language = forms.ChoiceField(
        label=_("In which language will you write?"),
        choices=settings.LANGUAGES,
        help_text=_("Write in the language you know best. Readers see that it is the original."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, providers: list[Provider], **kwargs: Any) -> None:
        self.providers = {provider.organisation.public_id: provider for provider in providers}
        super().__init__(data, **kwargs)
        self.fields["provider"].choices = [(key, str(item)) for key, item in self.providers.items()]
        if len(providers) == 1:
            del self.fields["provider"]

    @property
    def chosen_provider(self) -> Provider:
        chosen = self.cleaned_data.get("provider")
        return self.providers[chosen] if chosen else next(iter(self.providers.values()))


class ExpiryField(forms.DateField):
    """Until when the information holds: after today, and not further off than anybody can promise."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Information valid until"))
        kwargs.setdefault(
            "help_text",
            _("On this day the solution leaves the catalogue unless you renew it. Two years ahead at most."),
        )
        super().__init__(widget=DateInput(), **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        today = timezone.localdate()
        if day and not today < day <= today + LONGEST:
            raise ValidationError(gettext("Choose a day after today and at most two years ahead."), code="range")
        return day
