"""What people type around an introduction."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Solution
from matching.forms import reasons, words
from matching.introductions.enums import QuestionRefusal, Reached, Stage
from matching.introductions.meeting_actions import MOST_TIMES, moment
from portal.accounts.forms import known_zone, time_zones
from portal.common.errors import Incomplete
from portal.common.forms import BaseForm, DateTimeInput
from portal.common.uploads import UploadField
from portal.common.widgets import SuggestInput


class LanguageForm(BaseForm):
    """A text that others read as it was written, so its language is kept."""

    language = forms.ChoiceField(label=_("Language of your text"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()
        self.order_fields([name for name in self.fields if name != "language"])


class AskForm(LanguageForm):
    body = words(
        _("Your question"),
        required=True,
        help_text=_(
            "Every invited provider will read it with the answer, without your name. Give no names or contacts."
        ),
    )


class AnswerForm(LanguageForm):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("ICLEI releases it to every invited provider at the same moment. Give no names or contacts."),
    )


class ReleaseForm(BaseForm):
    """The moderator's last look: both texts can still be redacted."""

    text = words(_("Question as all will read it"), required=True)
    answer = forms.CharField(label=_("Answer"), max_length=6000, widget=forms.Textarea(attrs={"rows": 6}))


class RedactForm(BaseForm):
    text = words(_("Question as all will read it"), required=True)


class SendBackForm(BaseForm):
    note = words(_("What has to change?"), required=True, help_text=_("The city reads this."))


class RefuseQuestionForm(BaseForm):
    reason = reasons(QuestionRefusal.choices, _("Why is it not answered?"))
    note = words(_("Words to who asked"), help_text=_("Only the asking provider reads this."))


class DocumentForm(BaseForm):
    file = UploadField(label=_("File"))
    note = forms.CharField(label=_("What it is"), required=False, max_length=240)


class PackDocumentForm(DocumentForm):
    """The box stands only where something was found and the file was refused."""

    look = forms.BooleanField(label=_("What was found reaches nobody: ICLEI is to look at it first"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            del self.fields["look"]


class HandBackForm(BaseForm):
    """As long as fits into the line by which the city is told."""

    note = forms.CharField(label=_("What has to change?"), max_length=200, help_text=_("The city reads this."))


class NaiveDateTimeField(forms.DateTimeField):
    """A wall-clock time, whatever zone is active: in which zone it is meant, another field says."""

    widget = DateTimeInput

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):
            found = super().to_python(value)
        return found.replace(tzinfo=None) if found else None


class ZoneForm(BaseForm):
    """Suggests time zones instead of listing them all: a list of five hundred choices weighs as much as the page."""

    zone = forms.CharField(
        label=_("Time zone of these times"), max_length=60, widget=SuggestInput(time_zones),
        help_text=_("Type the nearest large city in English. Example: Asia/Seoul."),
    )  # fmt: skip

    def __init__(self, *args: Any, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].initial = zone or timezone.get_current_timezone_name()

    def clean_zone(self) -> str:
        return known_zone(self.cleaned_data["zone"])

    def _moment(self, name: str, cleaned: dict[str, Any]) -> datetime | None:
        """The field's time as a moment in the zone chosen; an error on the field for one that does not exist there."""
        if not cleaned.get(name) or not cleaned.get("zone"):
            return None
        try:
            return moment(cleaned[name], cleaned["zone"])
        except Incomplete as error:
            self.add_error(name, ValidationError(error.message, code="gap"))
            return None


class QuestionDateForm(ZoneForm):
    until = NaiveDateTimeField(
        label=_("Questions can be asked until"), required=False, help_text=_("Leave it empty to keep questions open.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["until", "zone"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        return {"until": self._moment("until", cleaned), "zone": cleaned.get("zone", "UTC")}


class TimesForm(ZoneForm):
    """Up to five times; at least the first."""

    note = forms.CharField(label=_("Words to the other side"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [f"time{number}" for number in range(1, MOST_TIMES + 1)]
        for number, name in enumerate(self.names, 1):
            label = gettext("Time %(number)s") % {"number": number}
            self.fields[name] = NaiveDateTimeField(label=label, required=number == 1)
        self.order_fields(["subject", "place", "minutes", "zone", *self.names, "note"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        times = [found for name in self.names if (found := self._moment(name, cleaned))]
        kept = {name: value for name, value in cleaned.items() if name not in self.names}
        return {**kept, "times": times}


class MeetingForm(TimesForm):
    subject = forms.CharField(label=_("What about"), max_length=160)
    place = forms.CharField(
        label=_("Where"), max_length=300, help_text=_("An address, or the link of a video conference.")
    )
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=10, max_value=480, initial=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]


class NoteForm(BaseForm):
    note = forms.CharField(label=_("Words to the other side"), required=False, max_length=300)


class InterestForm(BaseForm):
    solution = forms.ModelChoiceField(
        label=_("Your solution"), queryset=Solution.objects.none(), to_field_name="public_id"
    )
    note = forms.CharField(
        label=_("Why does it fit?"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("ICLEI reads it beside the score. Give no names or contacts."),
    )

    def __init__(self, *args: Any, solutions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["solution"].queryset = solutions


class FollowUpForm(BaseForm):
    stage = forms.ChoiceField(label=_("Where does it stand?"), choices=Stage.choices, widget=forms.RadioSelect)
    reached = forms.ChoiceField(
        label=_("Did it reach what you wanted?"), choices=Reached.choices, widget=forms.RadioSelect
    )
    words = words(_("What should others know?"), help_text=_("The other side and ICLEI read this."))


class SettleForm(BaseForm):
    note = words(_("What did you find out?"), required=True, help_text=_("Only ICLEI reads this."))
