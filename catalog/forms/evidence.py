"""What a solution can do, and how it makes infrastructure better: values and the links that prove them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.completeness import Section
from catalog.criteria import GROUPS, limits
from catalog.enums import ClaimDimension, CriterionKind
from catalog.forms.sections import SolutionForm
from catalog.models import Capability, Claim, Criterion, Solution
from catalog.writing_actions import set_capabilities, set_claims
from portal.accounts.models import User
from portal.common.forms import BaseForm, NumberInput
from portal.common.sections import EMPTY, LongText
from portal.common.translated import original

YES, NO = "yes", "no"
EVIDENCE_HELP = _("The address of a report, certificate or data sheet. Without one it stands as declared by you.")


def evidence_field(**kwargs: Any) -> forms.URLField:
    """A link that makes a statement "documented". Each form gets its own."""
    given = {"label": _("Link to the evidence"), "help_text": EVIDENCE_HELP, **kwargs}
    return forms.URLField(required=False, max_length=500, assume_scheme="https", **given)


class ClaimForm(SolutionForm):
    """One dimension. Emptying the sentence takes the claim away."""

    dimension: ClaimDimension
    needed = ("statement",)
    texts = ("statement", "indicator", "unit", "method")

    statement = LongText(
        label=_("In one or two sentences"), max_length=600, rows=3,
        help_text=_("Say what gets better, by how much, against what."),
    )  # fmt: skip
    indicator = forms.CharField(
        label=_("What you measure"), max_length=160, required=False, help_text=_("Example: “electricity per lamp”.")
    )
    value = forms.DecimalField(label=_("Figure"), required=False, max_digits=14, decimal_places=3)
    unit = forms.CharField(
        label=_("Unit of the figure"), max_length=40, required=False, help_text=_("Example: “% less”.")
    )
    method = forms.CharField(
        label=_("How it was measured"), max_length=300, required=False, help_text=_("By whom, where, how long.")
    )
    evidence_url = evidence_field()

    @property
    def claim(self) -> Claim | None:
        return next((claim for claim in self.record.claims.all() if claim.dimension == self.dimension), None)

    def _stored(self, name: str) -> Any:
        if self.claim is None:
            return None if name == "value" else ""
        return original(self.claim, "statement") if name == "statement" else getattr(self.claim, name)

    def clean(self) -> dict[str, Any]:
        others = [name for name in ("indicator", "value", "evidence_url") if self.cleaned_data.get(name) not in EMPTY]
        if others and not self.cleaned_data.get("statement") and "statement" not in self.errors:
            self.add_error("statement", gettext("Say in a sentence what the figure or the evidence shows."))
        return self.cleaned_data

    def write(self, *, by: User) -> None:
        rows = [claim_row(claim) for claim in self.record.claims.all() if claim.dimension != self.dimension]
        if self.cleaned_data["statement"]:
            rows.append({"dimension": self.dimension.value, **self.sent()})
        set_claims(by=by, solution=self.record, rows=rows, expected_version=self.expected_version)


def claim_row(claim: Claim) -> dict[str, Any]:
    """A stored claim as set_claims takes it."""
    names = ("dimension", "indicator", "value", "unit", "method", "evidence_url", "grade")
    return {"statement": original(claim, "statement"), **{name: getattr(claim, name) for name in names}}


class EfficientForm(ClaimForm):
    slug, heading, dimension = Section.EFFICIENT, Section.EFFICIENT.label, ClaimDimension.EFFICIENT
    intro = _("Less energy, money, time or material for the same service.")


class ResilientForm(ClaimForm):
    slug, heading, dimension = Section.RESILIENT, Section.RESILIENT.label, ClaimDimension.RESILIENT
    intro = _("It keeps working, or recovers sooner, when heat, water, storms or outages come.")


class SustainableForm(ClaimForm):
    slug, heading, dimension = Section.SUSTAINABLE, Section.SUSTAINABLE.label, ClaimDimension.SUSTAINABLE
    intro = _("Fewer emissions, less land and waste, fair to people, for as long as it stands.")


CLAIM_FORMS: tuple[type[ClaimForm], ...] = (EfficientForm, ResilientForm, SustainableForm)


class CapabilityRow(NamedTuple):
    """One criterion on the page: its boxes."""

    criterion: Criterion
    value: BoundField
    evidence: BoundField


class CapabilitiesForm(SolutionForm):
    """A value for each criterion that is stated already or was just chosen. An empty value is not stated."""

    slug, heading = Section.CAPABILITIES, Section.CAPABILITIES.label
    intro = _("Cities state their must-haves on the same criteria. What you leave open is not stated, not a no.")

    def __init__(self, record: Solution, data: Mapping[str, Any] | None = None, *, chosen: Iterable[str] = ()) -> None:
        self.present = {item.criterion.code: item for item in record.capabilities.all()}
        asked = {name.partition("_")[2] for name in data or () if name.startswith("value_")}
        codes = {*self.present, *chosen, *asked}
        self.criteria = list(Criterion.objects.filter(code__in=codes).order_by("order"))
        self.base_fields = {**type(self).base_fields, **self._fields()}
        super().__init__(record, data)

    def _fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for criterion in self.criteria:
            found[f"value_{criterion.code}"] = value_field(criterion)
            found[f"evidence_{criterion.code}"] = evidence_field(help_text="")
        return found

    def _stored(self, name: str) -> Any:
        what, _underscore, code = name.partition("_")
        item = self.present.get(code)
        if what == "evidence":
            return item.evidence_url if item else ""
        return stored_value(item)

    @property
    def rows(self) -> list[CapabilityRow]:
        return [CapabilityRow(c, self[f"value_{c.code}"], self[f"evidence_{c.code}"]) for c in self.criteria]

    def clean(self) -> dict[str, Any]:
        for criterion in self.criteria:
            value, proof = (self.cleaned_data.get(f"{what}_{criterion.code}") for what in ("value", "evidence"))
            self._check_range(criterion, value)
            if proof and value in EMPTY and f"value_{criterion.code}" not in self.errors:
                message = gettext("%(criterion)s: say what the link proves.") % {"criterion": criterion.label}
                self.add_error(f"value_{criterion.code}", message)
        return self.cleaned_data

    def _check_range(self, criterion: Criterion, value: Any) -> None:
        low, high = limits(criterion)
        if isinstance(value, Decimal) and not low <= value <= high:
            message = gettext("%(criterion)s: give a number from %(low)s to %(high)s.")
            names = {"criterion": criterion.label, "low": low, "high": high}
            self.add_error(f"value_{criterion.code}", message % names)

    def is_answered(self) -> bool:
        return bool(self.present)

    def write(self, *, by: User) -> None:
        stated = [criterion for criterion in self.criteria if self.cleaned_data[f"value_{criterion.code}"] not in EMPTY]
        rows = [self._row(criterion) for criterion in stated]
        set_capabilities(by=by, solution=self.record, rows=rows, expected_version=self.expected_version)

    def _row(self, criterion: Criterion) -> dict[str, Any]:
        value = self.cleaned_data[f"value_{criterion.code}"]
        is_flag = criterion.kind == CriterionKind.FLAG
        return {
            "criterion": criterion,
            "flag": value == YES if is_flag else None,
            "number": None if is_flag else value,
            "evidence_url": self.cleaned_data[f"evidence_{criterion.code}"],
        }


def value_field(criterion: Criterion) -> forms.Field:
    """Yes, no or not stated for a flag; a number with its unit otherwise."""
    if criterion.kind == CriterionKind.FLAG:
        choices = [
            ("", gettext_lazy("Not stated")),
            (YES, pgettext_lazy("capability", "Yes")),
            (NO, pgettext_lazy("capability", "No")),
        ]
        return forms.ChoiceField(
            label=_("What you offer"), help_text=criterion.help, choices=choices, required=False,
        )  # fmt: skip
    return forms.DecimalField(
        label=_("What you offer"), help_text=criterion.help, required=False, max_digits=14, decimal_places=3,
        widget=NumberInput(unit=criterion.unit_label),
    )  # fmt: skip


def stored_value(item: Capability | None) -> Any:
    if item is None:
        return ""
    if item.flag is None:
        return item.number
    return YES if item.flag else NO


class ChooseCriteriaForm(BaseForm):
    """On which criteria is there something to say? The answer becomes the rows of CapabilitiesForm."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, stated: Iterable[str] = ()) -> None:
        self.stated = set(stated)
        groups: dict[str, list[tuple[str, str]]] = {}
        for criterion in Criterion.objects.order_by("order"):
            if criterion.code not in self.stated:
                groups.setdefault(criterion.group, []).append((criterion.code, criterion.label))
        self.base_fields = {
            group: forms.MultipleChoiceField(
                label=label, choices=groups[group], required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}),
            )
            for group, label in GROUPS.items()
            if group in groups
        }  # fmt: skip
        super().__init__(data)

    @property
    def codes(self) -> list[str]:
        return [code for group in self.fields for code in self.cleaned_data[group]]
