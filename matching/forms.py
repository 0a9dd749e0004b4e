"""What people type when they decide on something: reasons from the lists of the states, and words of their own."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.enums import ReviewCriterion, SuspensionReason
from catalog.forms.focus import MAX_FURTHER_AREAS, MAX_TOPICS
from catalog.models import Solution, Topic
from cities.enums import RejectionReason
from matching.enums import CityDeclineReason, DropReason, MatchState, ProviderDeclineReason, RejectReason
from matching.states import MATCH
from portal.accounts.enums import RefusalReason, VerificationMethod
from portal.common.currencies import currency_name
from portal.common.forms import BaseForm, DateInput, NumberInput

NOTE = 3000


def words(label: Any, *, required: bool = False, help_text: Any = "", rows: int = 3) -> forms.CharField:
    """A box for a few sentences that somebody else will read."""
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=NOTE, help_text=help_text, widget=box)


def reasons(choices: Any, label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect(attrs={"class": "choices--columns"})
    )


class BareForm(BaseForm):
    """A decision that needs nothing more than itself."""


class TopicsTakenForm(BaseForm):
    """The topics that were put forward, as the author saw them."""

    topics = forms.ModelMultipleChoiceField(
        queryset=Topic.objects.select_related("focus_area"), to_field_name="code", widget=forms.MultipleHiddenInput
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_topics(self) -> list[Topic]:
        # In the order sent: the first one's area becomes the main focus area.
        order = {code: place for place, code in enumerate(self.data.getlist("topics"))}
        return sorted(self.cleaned_data["topics"], key=lambda topic: order[topic.code])[:MAX_TOPICS]

    def changes(self, record: Any) -> dict[str, Any]:
        """Areas that people chose stay; those of the topics join them as far as there is room."""
        chosen = [] if record.focus_guessed or not record.focus_area else [record.focus_area]
        chosen += [] if record.focus_guessed else list(record.more_focus_areas.all())
        wanted = [*chosen, *(topic.focus_area for topic in self.cleaned_data["topics"])]
        areas = list({area.pk: area for area in wanted}.values())[: 1 + MAX_FURTHER_AREAS]
        kept = {area.pk for area in areas}
        return {
            "focus_area": areas[0],
            "more_focus_areas": areas[1:],
            "topics": [topic for topic in self.cleaned_data["topics"] if topic.focus_area_id in kept],
            "focus_guessed": False,
        }


# --- Organisations ---------------------------------------------------------------------------------------


class VerifyForm(BaseForm):
    how = reasons(VerificationMethod.choices, _("How did you verify it?"))
    detail = forms.CharField(
        label=_("What did you see, and where?"), max_length=300, required=False,
        help_text=_("The domain, the register with the number in it, or who signed the letter. Kept with the date."),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("Check again on"), required=False, widget=DateInput(),
        help_text=_("For a mandate or an entry that ends. Leave it empty where nothing ends."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        how, seen = self.cleaned_data.get("how"), self.cleaned_data.get("detail")
        if how and how != VerificationMethod.KNOWN and not seen and "detail" not in self.errors:
            self.add_error("detail", gettext("Say what you saw and where, or choose “Known to ICLEI”."))
        day = self.cleaned_data.get("expires_on")
        if day and day <= timezone.localdate():
            self.add_error("expires_on", gettext("Choose a date in the future."))
        return self.cleaned_data


class RefuseForm(BaseForm):
    reason = reasons(RefusalReason.choices, _("Why is it refused?"))
    note = words(_("What can they do now?"), help_text=_("The organisation reads this."))


# --- Demands and solutions -------------------------------------------------------------------------------


class AskChangesForm(BaseForm):
    note = words(_("What has to change?"), required=True, help_text=_("The city reads this. Say what to write."))


class RejectDemandForm(BaseForm):
    reason = reasons(RejectionReason.choices, _("Why is it rejected?"))
    note = words(_("Words to the city"), help_text=_("The city reads this."))


def _mark(label: Any) -> forms.TypedChoiceField:
    row = forms.RadioSelect(attrs={"class": "choices--marks"})
    choices = [(mark, str(mark)) for mark in range(6)]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, widget=row, required=False)


Marks = type("Marks", (BaseForm,), {code: _mark(label) for code, label in ReviewCriterion.choices})


class SolutionReviewForm(Marks):  # type: ignore[misc,valid-type]
    """Marks 0 to 5 on every review criterion, and the words for the author. Without all marks nothing is listed."""

    comment = words(
        _("Words to the provider"),
        help_text=_("A 0 blocks the listing: ask for changes instead, and say what to write."),
    )

    def __init__(self, *args: Any, approve: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in ReviewCriterion.values:
            self.fields[code].required = approve

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        marks = {code: mark for code in ReviewCriterion.values if (mark := cleaned.get(code, "")) != ""}
        return {"marks": marks, "comment": cleaned.get("comment", "")}


class SuspendForm(BaseForm):
    reason = reasons(SuspensionReason.choices, _("Why is it suspended?"))
    note = words(_("Words to the provider"))


# --- Matches ---------------------------------------------------------------------------------------------


class OfferForm(BaseForm):
    note = words(_("Words to the city"), help_text=_("The city reads this beside the match. The provider does not."))


class ReverseForm(BaseForm):
    note = words(
        _("Why is it taken back?"), required=True, help_text=_("Everybody who was told of the decision reads this.")
    )


class WithdrawForm(BaseForm):
    note = words(_("Why is the offer withdrawn?"), required=True, help_text=_("The city reads this."))


class SuspendOrganisationForm(BaseForm):
    note = words(_("Why is it suspended?"), required=True, help_text=_("The members of the organisation read this."))


class InternalNoteForm(BaseForm):
    note = words(_("Note for your colleagues"), help_text=_("Only ICLEI reads this."))


class RejectMatchForm(BaseForm):
    reason = reasons(RejectReason.choices, _("Why is it rejected?"))
    note = words(_("Note for your colleagues"), help_text=_("Only ICLEI reads this."))


class AddMatchForm(BaseForm):
    solution = forms.CharField(
        label=_("Reference of the solution"),
        max_length=12,
        help_text=_("It stands in the address of the solution and begins with S."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    note = words(
        _("Why do they belong together?"),
        required=True,
        help_text=_("Your reason is kept with the match and shown to whoever decides on it."),
    )

    def clean_solution(self) -> Solution:
        reference = self.cleaned_data["solution"].strip().upper()
        solution = Solution.objects.listed().filter(public_id=reference).select_related("provider").first()
        if solution is None:
            raise ValidationError(gettext("No listed solution has this reference. Copy it from the solution’s page."))
        return solution


class CityAcceptForm(BaseForm):
    note = words(_("Words to the provider"), help_text=_("The provider reads this with the invitation."))


class CityDeclineForm(BaseForm):
    reason = reasons(CityDeclineReason.choices, _("Why not?"))
    note = words(_("Words to ICLEI"), help_text=_("The provider never learns of it."))


class ProviderAcceptForm(BaseForm):
    note = words(_("Words to the city"), help_text=_("The city reads this with the introduction."))


class ProviderDeclineForm(BaseForm):
    reason = reasons(ProviderDeclineReason.choices, _("Why not?"))
    note = words(_("Words to the city"), help_text=_("The city and ICLEI read this."))


# --- Introductions ---------------------------------------------------------------------------------------


class MessageForm(BaseForm):
    body = forms.CharField(label=_("Your message"), max_length=6000, widget=forms.Textarea(attrs={"rows": 5}))
    language = forms.ChoiceField(label=_("Language of your message"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()


OUTCOME_LABELS = {
    "start_dialogue": _("We are talking"),
    "start_pilot": _("A pilot has started"),
    "go_to_tender": _("The city has opened a tender"),
    "sign_contract": _("A contract is signed"),
    "lose": _("The tender went to another bidder"),
    "end_without_result": _("It ended without a result"),
    "drop": _("It was given up"),
    "start_operation": _("It is in operation"),
    "stop_operation": _("It is not in operation any more"),
}


class OutcomeForm(BaseForm):
    """One step of an introduction: a reason where one is owed, a value for a contract, a link for a tender."""

    reason = reasons((), _("Why?"))
    value = forms.DecimalField(
        label=_("Value of the contract"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        widget=NumberInput,
        help_text=_("Only if you may say it."),
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    tender_url = forms.URLField(label=_("Link to the tender"), required=False, max_length=500, assume_scheme="https")
    ocid = forms.CharField(
        label=_("Open Contracting ID (ocid)"),
        required=False,
        max_length=120,
        help_text=_("If the tender is published as open data: it begins with “ocds-”."),
    )
    note = words(_("Note"), help_text=_("Both sides and ICLEI read this."))

    def __init__(self, *args: Any, move: str, currencies: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step, language = MATCH.moves[move], get_language() or "en"
        self.fields["reason"].choices = [row for row in DropReason.choices if row[0] in step.reasons]
        names = [(code, f"{currency_name(code, language)} ({code})") for code in currencies]
        self.fields["currency"].choices = [("", _("Choose a currency")), *names]
        for name, is_needed in {
            "reason": step.needs_reason,
            "value": step.target == MatchState.CONTRACT,
            "currency": step.target == MatchState.CONTRACT,
            "tender_url": step.target == MatchState.TENDER,
            "ocid": step.target in (MatchState.TENDER, MatchState.CONTRACT),
        }.items():
            if not is_needed:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("value") is not None and not cleaned.get("currency"):
            message = gettext("Choose an answer: %(label)s") % {"label": self.fields["currency"].label}
            self.add_error("currency", ValidationError(message, code="required"))
        return cleaned


# --- Scoring profiles ------------------------------------------------------------------------------------


class ActivateProfileForm(BaseForm):
    reason = words(_("Why are these weights put in force?"), required=True, help_text=_("Kept in the trace for good."))
