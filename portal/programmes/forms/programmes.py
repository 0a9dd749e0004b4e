"""Forms of programmes, their partners and their report."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import FocusArea, Solution
from cities.models import Demand
from portal.accounts.models import Organisation
from portal.common.forms import BaseForm
from portal.common.geography import country_choices, region_choices
from portal.common.sections import LongText
from portal.common.translated import original
from portal.programmes.enums import (
    PartnerRole,
    ProgrammeKind,
    ProgrammeState,
)
from portal.programmes.models import Programme

Data = Mapping[str, Any] | None


class ProgrammeForm(BaseForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ProgrammeKind.choices)
    language = forms.ChoiceField(label=_("Language of this text"), choices=settings.LANGUAGES)
    title = forms.CharField(label=_("Title"), max_length=200)
    summary = LongText(label=_("In one or two sentences"), max_length=600, rows=3)
    about = LongText(label=pgettext_lazy("programme", "What it is about"), max_length=8000, rows=10)
    areas = forms.ModelMultipleChoiceField(
        label=_("Focus areas"), queryset=FocusArea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.MultipleChoiceField(
        label=_("Countries and regions"), required=False, help_text=_("None chosen means everywhere."),
        widget=forms.SelectMultiple({"size": "8", "class": "input"}),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("Begins on"), required=False)
    ends_on = forms.DateField(label=_("Ends on"), required=False)

    def __init__(self, data: Data = None, *, programme: Programme | None = None) -> None:
        super().__init__(data, initial=_of_programme(programme) if programme else {"language": get_language()})
        self.fields["areas"].queryset = FocusArea.objects.all()
        language = get_language() or "en"
        self.fields["regions"].choices = [
            (_("Regions"), region_choices(language)), (_("Countries"), country_choices(language)),
        ]  # fmt: skip
        if programme is not None:
            del self.fields["language"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        start, end = found.get("starts_on"), found.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", ValidationError(gettext("The end lies before the beginning.")))
        return found

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "summary", "about")}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "starts_on", "ends_on", "regions")}


def _of_programme(programme: Programme) -> dict[str, Any]:
    facts = {name: getattr(programme, name) for name in ("kind", "starts_on", "ends_on", "regions")}
    texts = {name: original(programme, name) for name in ("title", "summary", "about")}
    return {**facts, **texts, "areas": programme.focus_areas.all()}


class PartnerForm(BaseForm):
    role = forms.ChoiceField(label=pgettext_lazy("partner of a programme", "Part"), choices=PartnerRole.choices)
    name = forms.CharField(
        label=_("Name"), max_length=200,
        help_text=_("As it is called on this portal, if it is here: then the record is linked and checked."),
    )  # fmt: skip
    website = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")

    def organisation(self) -> Organisation | None:
        found = Organisation.objects.filter(name__iexact=self.cleaned_data["name"]).order_by("pk")[:2]
        return found[0] if len(found) == 1 else None


class LinkForm(BaseForm):
    reference = forms.CharField(
        label=_("Reference of the demand or solution"), max_length=12,
        help_text=_("It stands at the end of its address. Example: D7K3M9Q2X."),
    )  # fmt: skip
    subject: Demand | Solution

    def clean_reference(self) -> str:
        typed = self.cleaned_data["reference"].strip().upper()
        found = (
            Demand.objects.public().filter(public_id=typed).first()
            or Solution.objects.listed().filter(public_id=typed).first()
        )
        if found is None:
            raise ValidationError(gettext("No published demand or solution has this reference."))
        self.subject = found
        return typed


class NoteForm(BaseForm):
    note = LongText(label=_("Your words"), max_length=3000, rows=5)


class ReportForm(BaseForm):
    report = LongText(label=_("What came of it"), max_length=12000, rows=14)


class ProgrammeFilter(BaseForm):
    """The query string of the list. What is not valid narrows nothing."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *ProgrammeKind.choices])
    focus = forms.ChoiceField(label=_("Focus area"), required=False)
    open = forms.BooleanField(label=_("Open for applications only"), required=False)
    is_filter = True

    def __init__(self, data: Data = None) -> None:
        super().__init__(data, auto_id="f_%s")
        self.fields["focus"].choices = [
            ("", _("All focus areas")),
            *((a.code, a.label) for a in FocusArea.objects.all()),
        ]

    def apply(self, programmes: Any) -> Any:
        self.is_valid()
        found = self.cleaned_data
        if found.get("kind"):
            programmes = programmes.filter(kind=found["kind"])
        if found.get("focus"):
            programmes = programmes.filter(focus_areas__code=found["focus"])
        if found.get("open"):
            programmes = programmes.filter(state=ProgrammeState.OPEN, calls__deadline__gt=timezone.now()).distinct()
        return programmes
