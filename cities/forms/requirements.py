"""Must-haves and nice-to-haves: a row for each, and an empty one to add the next without a script."""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.criteria import GROUPS, limits, measure
from catalog.enums import CriterionKind, CriterionOperator
from catalog.models import Criterion
from cities.models import Demand, Requirement
from portal.common.errors import Conflict
from portal.common.forms import BaseForm, NumberInput

MAX_ROWS = 20
MUST, NICE = "must", "nice"
WEIGHTS = ((MUST, _("Must-have")), (NICE, _("Nice-to-have")))


def criterion_label(criterion: Criterion) -> str:
    """What the list of choices says; a number carries direction and unit: "Warranty: at least … years"."""
    if criterion.kind != CriterionKind.NUMBER:
        return criterion.label
    return criterion_in_words(criterion, "…", criterion.unit_label)


def criterion_in_words(criterion: Criterion, number: str, unit: str) -> str:
    """As "Warranty: at least 5 years"; ``number`` is written as the language does and may hold its unit already."""
    if criterion.operator == CriterionOperator.AT_MOST:
        text = gettext("%(criterion)s: at most %(number)s %(unit)s")
    else:
        text = gettext("%(criterion)s: at least %(number)s %(unit)s")
    return " ".join((text % {"criterion": criterion.label, "number": number, "unit": unit}).split())


def requirement_in_words(requirement: Requirement, language: str) -> str:
    """A flag by its name, a number as criterion_in_words says it: "at least IP65", "10년 이상"."""
    criterion = requirement.criterion
    if requirement.number is None:
        return criterion.label
    return criterion_in_words(criterion, measure(requirement.number, criterion, language), "")


class RequirementForm(BaseForm):
    criterion = forms.ChoiceField(label=_("What do you ask for?"), required=False)
    weight = forms.ChoiceField(label=_("How important is it?"), choices=WEIGHTS, initial=MUST)
    number = forms.DecimalField(
        label=_("Number"),
        required=False,
        max_digits=14,
        decimal_places=3,
        help_text=_("Only where what you ask for has a “…” in it."),
    )
    remove = forms.BooleanField(label=_("Remove this line"), required=False)

    def __init__(self, *args: Any, criteria: Mapping[str, Criterion], **kwargs: Any) -> None:
        self.criteria = criteria
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [("", _("Choose")), *_grouped(criteria.values())]
        self.chosen = criteria.get(self["criterion"].value() or "")
        self.fields["number"].widget = self._number_widget()
        if self.initial.get("criterion"):
            # A stored line keeps its criterion: remove it and add another. A list of forty choices a line is no help.
            self.fields["criterion"].widget = forms.HiddenInput()
            if self.chosen and self.chosen.kind != CriterionKind.NUMBER:
                self.fields["number"].widget = forms.HiddenInput()
            self.fields["number"].is_needed_later = True
            self.fields["number"].help_text = ""
        else:
            del self.fields["remove"]

    def _number_widget(self) -> NumberInput:
        unit = self.chosen.unit_label if self.chosen and self.chosen.kind == CriterionKind.NUMBER else ""
        return NumberInput({"class": "input input--short"}, unit=unit)

    @property
    def legend(self) -> str:
        return criterion_label(self.chosen) if self.chosen else gettext("Add a line")

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("criterion") or bool(self.cleaned_data.get("remove"))

    def clean(self) -> dict[str, Any]:
        criterion = self.criteria.get(self.cleaned_data.get("criterion", ""))
        number = self.cleaned_data.get("number")
        if self.cleaned_data.get("remove") or "number" in self.errors:
            return self.cleaned_data
        if criterion is None:
            if number is not None:
                self.add_error("criterion", gettext("Choose what the number is for."))
        elif criterion.kind != CriterionKind.NUMBER:
            self.cleaned_data["number"] = None  # yes or no: a number left over from another choice means nothing
        else:
            self._check_number(criterion, number)
        return self.cleaned_data

    def _check_number(self, criterion: Criterion, number: Decimal | None) -> None:
        low, high = limits(criterion)
        names = {"criterion": criterion.label, "low": low, "high": high, "unit": criterion.unit_label}
        if number is None:
            self.add_error("number", gettext("%(criterion)s: give the number.") % names)
        elif not low <= number <= high:
            message = gettext("%(criterion)s: give a number from %(low)s to %(high)s.")
            self.add_error("number", message % names)

    def as_fields(self) -> dict[str, Any]:
        """Fields of a Requirement."""
        return {
            "criterion": self.criteria[self.cleaned_data["criterion"]],
            "is_mandatory": self.cleaned_data["weight"] == MUST,
            "number": self.cleaned_data["number"],
        }


def _grouped(criteria: Iterable[Criterion]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for criterion in criteria:
        label = str(GROUPS.get(criterion.group, criterion.group))
        groups.setdefault(label, []).append((criterion.code, criterion_label(criterion)))
    return list(groups.items())


class VersionForm(BaseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class BaseRequirements(BaseFormSet):
    """All lines of ``demand``. Blank lines and lines ticked for removal are left out."""

    slug, heading = "requirements", _("Must-haves and nice-to-haves")

    def __init__(self, demand: Demand, data: Mapping[str, Any] | None = None) -> None:
        self.record = demand
        self.conflict: Conflict | None = None
        criteria = {criterion.code: criterion for criterion in Criterion.objects.all()}
        initial = [requirement_values(requirement) for requirement in demand.requirements.all()]
        super().__init__(data, initial=initial, prefix="r", form_kwargs={"criteria": criteria})
        bookkeeping = {"version": demand.version, "seen": fingerprint(demand)}
        self.bookkeeping = VersionForm(data, initial=bookkeeping)

    def _construct_form(self, index: int, **kwargs: Any) -> RequirementForm:
        form: RequirementForm = super()._construct_form(index, **kwargs)
        # A line equal to a stored one must not be skipped as unchanged: somebody else may have just added it.
        form.empty_permitted = False
        return form

    def is_valid(self) -> bool:
        return bool(super().is_valid()) and self.bookkeeping.is_valid()

    def clean(self) -> None:
        """The database holds each criterion once; say it at the second line."""
        seen: set[str] = set()
        for form in self.forms:
            code = "" if not form.is_valid() or form.is_blank else form.cleaned_data["criterion"]
            if code and code in seen:
                form.add_error("criterion", gettext("This is in the list already. Change the other line instead."))
            seen.add(code)
        if len(self.rows()) > MAX_ROWS:
            raise ValidationError(gettext("Keep to what matters: %(most)s lines at most.") % {"most": MAX_ROWS})

    def rows(self) -> list[dict[str, Any]]:
        return [form.as_fields() for form in self.forms if form.is_valid() and not form.is_blank]

    def typed(self) -> list[Requirement]:
        """The lines as they stand on the page, saved or not, as records that are not stored."""
        if self.is_bound:
            return [Requirement(**row) for row in self.rows()]
        return list(self.record.requirements.all())

    @property
    def expected_version(self) -> int:
        untouched = self.bookkeeping.cleaned_data["seen"] == fingerprint(self.record)
        return self.record.version if untouched else int(self.bookkeeping.cleaned_data["version"])

    def take_over(self, conflict: Conflict) -> None:
        """As SectionForm.take_over."""
        self.conflict = conflict
        self.bookkeeping = VersionForm(initial={"version": self.record.version, "seen": fingerprint(self.record)})

    def refuse(self, message: str) -> None:
        """As SectionForm.refuse: the lines stay as they were typed."""
        self.non_form_errors().append(message)


def requirement_values(requirement: Requirement) -> dict[str, Any]:
    weight = MUST if requirement.is_mandatory else NICE
    return {"criterion": requirement.criterion.code, "weight": weight, "number": requirement.number}


def fingerprint(demand: Demand) -> str:
    rows = sorted(repr(sorted(requirement_values(item).items())) for item in demand.requirements.all())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


RequirementFormSet = formset_factory(
    RequirementForm, formset=BaseRequirements, extra=1, max_num=MAX_ROWS + 1, absolute_max=MAX_ROWS + 5
)
