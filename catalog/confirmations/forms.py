"""What providers, cities and moderators fill in about evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.confirmations.enums import CityAnswer, Verdict
from catalog.confirmations.facts import fingerprint
from catalog.confirmations.renewals import Held, held_by
from catalog.forms.solutions import USUAL, ExpiryField
from catalog.models import Reference, Solution
from portal.accounts.domains import is_free_mail
from portal.common.forms import BaseForm
from portal.common.geography import country_languages
from portal.common.languages import normalise_language


def _words(label: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **more)


class AskCityForm(BaseForm):
    email = forms.EmailField(
        label=_("E-mail address of somebody at the city"), max_length=254,
        help_text=_("At the city's own domain. We delete it as soon as there is an answer."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, data: Mapping[str, Any] | None = None, *, reference: Reference) -> None:
        super().__init__(data, initial={"language": language_of(reference)})

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if is_free_mail(email):
            text = gettext("Give an address at the city's own domain. With this one, anybody could have written.")
            raise ValidationError(text, code="free_mail")
        return email


def language_of(reference: Reference) -> str:
    """The first of the country's languages that the portal speaks, else the reader's."""
    spoken = [normalise_language(tag) for tag in country_languages(reference.country)]
    return next((code for code in spoken if code), get_language() or "en")


class CityAnswerForm(BaseForm):
    """Four answers, words, and a fingerprint of what was read."""

    answer = forms.ChoiceField(label=_("Your answer"), choices=CityAnswer.choices, widget=forms.RadioSelect)
    comment = _words(
        _("What should we know?"), required=False,
        help_text=_("Needed if something is wrong. The provider and ICLEI read it; it is not published."),
    )  # fmt: skip
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, reference: Reference) -> None:
        super().__init__(data, initial={"seen": fingerprint(reference)})

    def clean(self) -> dict[str, Any]:
        answer = self.cleaned_data.get("answer")
        if answer and CityAnswer(answer).needs_words and not self.cleaned_data.get("comment"):
            self.add_error("comment", gettext("Say in a few words what is wrong: the provider and ICLEI read it."))
        return self.cleaned_data


class EvidenceCheckForm(BaseForm):
    """A verdict on one document. Several stand on one page, each in a form of its own."""

    item = forms.CharField(max_length=40, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("What did you find?"), choices=Verdict.choices, widget=forms.RadioSelect)
    reasons = _words(_("In words"), help_text=_("The provider reads this."))

    def __init__(self, data: Mapping[str, Any] | None = None, *, code: str) -> None:
        super().__init__(data, initial={"item": code}, auto_id=f"id_{code}_%s")


class AcceptForm(BaseForm):
    """Whether an address is the city's."""

    item = forms.CharField(max_length=40, widget=forms.HiddenInput)
    accept = forms.TypedChoiceField(
        label=_("Is this the city's own domain?"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("Yes: the confirmation counts")), ("no", _("No, or I cannot tell"))],
    )  # fmt: skip
    reasons = _words(_("How do you know?"), rows=2)

    def __init__(self, data: Mapping[str, Any] | None = None, *, code: str) -> None:
        super().__init__(data, initial={"item": code}, auto_id=f"id_{code}_%s")


class RenewalForm(BaseForm):
    """A tick for everything that the solution states, and the day until which it holds."""

    expires_on = ExpiryField(initial=lambda: timezone.localdate() + USUAL)

    def __init__(self, solution: Solution, data: Mapping[str, Any] | None = None) -> None:
        self.held: Sequence[Held] = held_by(solution)
        ticks = {f"holds_{held.code}": forms.BooleanField(label=_("Still true"), required=False) for held in self.held}
        self.base_fields = {**ticks, **type(self).base_fields}
        super().__init__(data)

    @property
    def rows(self) -> list[tuple[Held, Any]]:
        return [(held, self[f"holds_{held.code}"]) for held in self.held]

    def clean(self) -> dict[str, Any]:
        for held in self.held:
            if not self.cleaned_data.get(f"holds_{held.code}"):
                text = gettext("%(section)s: tick it if it is still true. If not, change it in a new version.")
                self.add_error(f"holds_{held.code}", text % {"section": held.label})
        return self.cleaned_data

    @property
    def has_gaps(self) -> bool:
        return self.is_bound and any(name.startswith("holds_") for name in self.errors)
