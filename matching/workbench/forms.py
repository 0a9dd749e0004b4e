"""What moderators type beside their decisions."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from matching.forms import words
from matching.views.choices import BY_KIND
from matching.waiting import Kind
from matching.workbench.actions import LONGEST_SNOOZE
from matching.workbench.enums import Scope
from matching.workbench.wordings import HOLES, WITH_WORDS, Wording
from portal.common.forms import BaseForm, DateInput
from portal.common.geography import WORLD, region_choices
from portal.common.working_days import office_day, working_days_after


class SnoozeForm(BaseForm):
    until = forms.DateField(label=_("Back in the queue on"), widget=DateInput)
    reason = forms.CharField(
        label=_("Why can it wait?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your colleagues read this. A decision taken meanwhile ends the wait."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = office_day()
        self.fields["until"].initial = working_days_after(today, 5)
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(), "max": (today + LONGEST_SNOOZE).isoformat()
        }  # fmt: skip


class StepBackForm(BaseForm):
    note = words(
        _("What ties you to it?"), required=True,
        help_text=_("Your colleagues and the neutrality officer read this. You cannot take it back."),
    )  # fmt: skip


class RoutingForm(BaseForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages you read"), choices=settings.LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )  # fmt: skip
    regions = forms.MultipleChoiceField(
        label=_("Regions you look after"), required=False, help_text=_("None chosen: all."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}),
    )  # fmt: skip
    scope = forms.ChoiceField(label=_("What your queue shows"), choices=Scope.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = region_choices(get_language() or "en")
        self.fields["regions"].choices = [(code, name) for code, name in regions if code != WORLD]


class SavedViewForm(BaseForm):
    name = forms.CharField(label=_("Name of this view"), max_length=60)


class WordsForm(BaseForm):
    """The second moderator's no."""

    note = words(_("Why not?"), required=True, help_text=_("Your colleague reads this."))


class WordingForm(BaseForm):
    """One wording: for which decision, its name, and its text in each language."""

    where = forms.ChoiceField(label=_("For which decision"))
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Only moderators see it."))

    def __init__(self, *args: Any, wording: Wording | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].choices = places()
        if wording is not None:
            self.fields["where"].initial = f"{wording.kind}.{wording.decision}"
            self.fields["where"].disabled = True
            self.fields["name"].initial = str(wording.name)
        for code, language in settings.LANGUAGES:
            box = words(language, rows=4)
            box.initial = wording.in_language(code) if wording and _has(wording, code) else ""
            self.fields[f"text_{code}"] = box
        holes = ", ".join(f"%({hole})s" for hole in HOLES)
        self.fields["text_en"].help_text = _("Filled in by the portal: %(holes)s") % {"holes": holes}

    @property
    def texts(self) -> Mapping[str, str]:
        return {code: self.cleaned_data.get(f"text_{code}") or "" for code, _name in settings.LANGUAGES}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(f"text_{code}") for code, _name in settings.LANGUAGES):
            self.add_error("text_en", ValidationError(gettext("Write the text in at least one language.")))
        return cleaned


def _has(wording: Wording, language: str) -> bool:
    return not wording.texts or language in wording.texts


def places() -> list[tuple[str, Any]]:
    """The decisions that come with words: "demand.ask" and how it is called."""
    labels = {(kind, choice.code): choice.label for kind, choices in BY_KIND.items() for choice in choices}
    return [(f"{kind}.{decision}", f"{Kind(kind).label} · {labels[kind, decision]}") for kind, decision in WITH_WORDS]
