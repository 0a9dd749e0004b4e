"""Forms of the check, the jury and the verdict."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.common.forms import BaseForm
from portal.common.sections import LongText
from portal.common.templatetags.originals import user_text
from portal.common.translated import shown
from portal.programmes.enums import DeclineReason, ScreeningReason, Verdict
from portal.programmes.models import Call
from portal.programmes.rules import JURORS

Data = Mapping[str, Any] | None


class ScreeningForm(BaseForm):
    move = forms.ChoiceField(
        label=_("What the check found"), widget=forms.RadioSelect,
        choices=[("admit", _("Goes to the jury")), ("screen_out", _("Does not go to the jury"))],
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Reason, if not"), required=False, choices=[("", _("None")), *ScreeningReason.choices]
    )
    note = LongText(label=_("In your words, for the applicant"), max_length=3000, rows=4)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("move") == "screen_out" and not found.get("reason"):
            self.add_error("reason", ValidationError(gettext("Choose a reason: the applicant is told why.")))
        if found.get("move") == "admit":
            found["reason"] = ""
        return found


class VerdictForm(BaseForm):
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Reason, if not accepted"), required=False, choices=[("", _("None")), *DeclineReason.choices]
    )
    note = LongText(label=_("In your words, for the applicant"), max_length=3000, rows=4)


class JurorForm(BaseForm):
    user = forms.ModelChoiceField(label=_("Expert or moderator"), queryset=User.objects.none())

    def __init__(self, call: Call, data: Data = None) -> None:
        super().__init__(data)
        people = User.objects.filter(staffrole__role__in=JURORS, is_active=True)
        taken = call.jurors.filter(is_active=True).values("user")
        self.fields["user"].queryset = people.exclude(pk__in=taken).distinct().order_by("name", "pk")


class ConflictForm(BaseForm):
    organisations = forms.ModelMultipleChoiceField(
        label=_("I am, or was, tied to these applicants"), queryset=Organisation.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Work, money, family, a project together. You will not see their applications."),
    )  # fmt: skip
    statement = LongText(label=_("Anything else that we should know"), max_length=2000, rows=3)
    sure = forms.BooleanField(label=_("I have looked through all names and declare all my ties"))

    def __init__(self, organisations: Any, data: Data = None) -> None:
        super().__init__(data)
        self.fields["organisations"].queryset = organisations


class ScoreForm(BaseForm):
    """One sheet: points and a comment on every criterion."""

    def __init__(self, criteria: Any, given: Mapping[int, Any], data: Data = None) -> None:
        super().__init__(data)
        for criterion in criteria:
            old = given.get(criterion.pk)
            self.fields[f"points_{criterion.pk}"] = forms.TypedChoiceField(
                label=format_html("{} ({} %)", user_text(criterion, "title", note=False), criterion.weight),
                coerce=int, widget=forms.RadioSelect,
                choices=[(number, str(number)) for number in range(6)], initial=old.points if old else None,
            )  # fmt: skip
            comment = LongText(
                label=_("Why, on “%(criterion)s”") % {"criterion": shown(criterion, "title").text},
                max_length=2000,
                rows=2,
            )
            comment.initial = old.comment if old else ""
            self.fields[f"comment_{criterion.pk}"] = comment

    def points(self) -> dict[int, tuple[int, str]]:
        found = self.cleaned_data
        keys = [int(name.removeprefix("points_")) for name in found if name.startswith("points_")]
        return {key: (found[f"points_{key}"], found[f"comment_{key}"]) for key in keys}
