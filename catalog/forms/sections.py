"""The questions of a solution, section by section. Evidence has its own: catalog.forms.evidence and references."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.completeness import Section
from catalog.enums import BusinessModel, DataOwner, ScaleUnit, TechnologyReadiness
from catalog.forms.focus import FocusForm as CommonFocusForm
from catalog.forms.focus import TopicsForm as CommonTopicsForm
from catalog.forms.places import ServedForm, answers_of_places
from catalog.forms.solutions import ExpiryField
from catalog.models import Solution
from catalog.writing_actions import edit_solution
from portal.accounts.models import User
from portal.common.currencies import currency_choices
from portal.common.forms import NumberInput
from portal.common.geography import countries, main_currency
from portal.common.sections import LongText, SectionForm

MOST_PEOPLE = 2_000_000_000
AMOUNTS = ("cost_min", "cost_max", "running_cost_min", "running_cost_max")


class SolutionForm(SectionForm):
    """A section whose answers are fields of the solution itself."""

    record: Solution

    def write(self, *, by: User) -> Any:
        """Save what differs. Raises what edit_solution raises."""
        return edit_solution(
            by=by, solution=self.record, changes=self.changes(), expected_version=self.expected_version
        )

    def refuse_reversed(self, low: str, high: str, message: str) -> None:
        """Say it at ``high`` when it is smaller than ``low``."""
        first, second = self.cleaned_data.get(low), self.cleaned_data.get(high)
        if first is not None and second is not None and second < first:
            self.add_error(high, message)


class WhatForm(SolutionForm):
    slug, heading = Section.WHAT, Section.WHAT.label
    needed = translated = texts = ("name", "tagline", "solves")
    examples: ClassVar[dict[str, Any]] = {
        "tagline": _("White coating for flat roofs that keeps the floor below up to four degrees cooler."),
        "solves": _(
            "Flat roofs without insulation heat the top floor far above the air outside, and cooling by machine is "
            "dear. The coating reflects the sun, so that lessons or work go on through hot weeks."
        ),
    }

    name = forms.CharField(
        label=_("Name of the solution"), max_length=200, help_text=_("What it is called, without praise.")
    )
    tagline = forms.CharField(
        label=_("In one line"),
        max_length=240,
        required=False,
        help_text=_("What it is, so that an official who never heard of it understands. It stands in the list."),
    )
    solves = LongText(
        label=_("What it solves"),
        max_length=6000,
        rows=8,
        help_text=_("Which problem of a city goes away? Describe the problem first, then the result."),
    )


class HowForm(SolutionForm):
    slug, heading = Section.HOW, Section.HOW.label
    needed = translated = texts = ("how_it_works", "not_suitable")
    examples: ClassVar[dict[str, Any]] = {
        "how_it_works": _(
            "We survey the roof, clean it and put on two coats in three dry days. The city gives access and water. It "
            "is washed every second year by whoever cleans the roof; the pails are taken back."
        ),
        "not_suitable": _("Pitched roofs, roofs that leak, and cities that heat for more than seven months a year."),
    }

    how_it_works = LongText(
        label=_("How it works"),
        max_length=12000,
        rows=10,
        help_text=_("What is delivered, what the city has to bring, who runs it, what happens at the end."),
    )
    not_suitable = LongText(
        label=_("When it does not suit"),
        max_length=3000,
        help_text=_("Climate, size, grid, skills, law: where would you advise against it? It saves both sides time."),
    )


class FocusForm(CommonFocusForm, SolutionForm):
    slug, heading = Section.FOCUS, Section.FOCUS.label


class TopicsForm(CommonTopicsForm, SolutionForm):
    slug, heading = Section.TOPICS, Section.TOPICS.label


class WhereForm(ServedForm, SolutionForm):
    slug, heading = Section.WHERE, Section.WHERE.label
    needed = ("regions", "languages")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(self.record.languages)

    def _stored(self, name: str) -> Any:
        return list(self.record.languages) if name == "languages" else answers_of_places(self.record.regions)[name]

    def changes(self) -> dict[str, Any]:
        sent = {"regions": self.served, "languages": self.cleaned_data["languages"]}
        return {name: codes for name, codes in sent.items() if set(codes) != set(getattr(self.record, name))}

    def is_complete(self) -> bool:
        return bool(self.record.regions and self.record.languages)


class SizeForm(SolutionForm):
    slug, heading = Section.SIZE, Section.SIZE.label
    intro = _("Leave open what does not matter: an open end keeps no city out.")

    city_population_min = forms.IntegerField(
        label=_("Smallest city it suits"), required=False, min_value=0, max_value=MOST_PEOPLE,
        widget=NumberInput(unit=_("inhabitants")),
    )  # fmt: skip
    city_population_max = forms.IntegerField(
        label=_("Largest city it suits"), required=False, min_value=0, max_value=MOST_PEOPLE,
        widget=NumberInput(unit=_("inhabitants")),
    )  # fmt: skip
    quantity_min = forms.DecimalField(
        label=_("Smallest project"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    quantity_max = forms.DecimalField(
        label=_("Largest project"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    scale_unit = forms.ChoiceField(
        label=_("What the project size counts"),
        required=False,
        help_text=_("Demands state their size in the same units. Example: lamps."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scale_unit"].choices = [("", _("Choose")), *ScaleUnit.choices]

    def clean(self) -> dict[str, Any]:
        message = gettext("“Largest” is smaller than “smallest”. Exchange the two numbers.")
        self.refuse_reversed("city_population_min", "city_population_max", message)
        self.refuse_reversed("quantity_min", "quantity_max", message)
        stated = any(self.cleaned_data.get(name) is not None for name in ("quantity_min", "quantity_max"))
        if stated and not self.cleaned_data.get("scale_unit") and "scale_unit" not in self.errors:
            self.add_error("scale_unit", gettext("Choose what the project size counts."))
        return self.cleaned_data


class CostForm(SolutionForm):
    slug, heading = Section.COST, Section.COST.label
    texts = ("cost_basis",)

    cost_min = forms.DecimalField(
        label=_("Cost of a typical project, from"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    cost_max = forms.DecimalField(
        label=_("Cost of a typical project, to"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    cost_basis = forms.CharField(
        label=_("What the cost covers"),
        max_length=200,
        required=False,
        help_text=_("Example: “per lamp, with fitting and ten years of maintenance”."),
    )
    running_cost_min = forms.DecimalField(
        label=_("Running cost a year, from"), required=False, min_value=0, max_digits=16, decimal_places=2,
        help_text=_("Energy, licences, staff, repairs: of the same typical project."),
    )  # fmt: skip
    running_cost_max = forms.DecimalField(
        label=_("Running cost a year, to"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    service_life_years = forms.IntegerField(
        label=_("Years in service"), required=False, min_value=1, max_value=200, widget=NumberInput(unit=_("years")),
        help_text=_("With it, cities see the cost over the whole life."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [("", _("Choose")), *currency_choices(get_language() or "en")]

    def suggested(self) -> dict[str, Any]:
        country = self.record.provider.organisation.country
        local = main_currency(country) if country in countries() else ""
        return {**self.stored(), "currency": self.record.currency or local or ""}

    def clean(self) -> dict[str, Any]:
        message = gettext("“To” is smaller than “from”. Exchange the two amounts.")
        self.refuse_reversed("cost_min", "cost_max", message)
        self.refuse_reversed("running_cost_min", "running_cost_max", message)
        stated = any(self.cleaned_data.get(name) is not None for name in AMOUNTS)
        if stated and not self.cleaned_data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", gettext("Choose the currency of the cost."))
        if not stated and "currency" in self.cleaned_data:
            self.cleaned_data["currency"] = ""  # the suggestion of an empty form is no answer
        return self.cleaned_data


class FreedomForm(SolutionForm):
    slug, heading = Section.FREEDOM, Section.FREEDOM.label
    intro = _("Cities must be able to change the provider one day. Say plainly how that works.")
    texts = ("interfaces", "exit_terms")

    data_owner = forms.ChoiceField(label=_("Whose are the data?"), required=False, widget=forms.RadioSelect)
    interfaces = LongText(
        label=_("Open interfaces and formats"), max_length=1000, rows=3,
        help_text=_("What can other systems connect to, and in which formats do data come out?"),
    )  # fmt: skip
    exit_terms = LongText(
        label=_("What happens at the end"), max_length=1500, rows=4,
        help_text=_("Who gets the equipment and the data, how soon, at what price? How long is the notice?"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["data_owner"].choices = DataOwner.choices


class TermsForm(SolutionForm):
    slug, heading = Section.TERMS, Section.TERMS.label

    business_models = forms.MultipleChoiceField(
        label=_("How can a city pay?"),
        required=False,
        choices=BusinessModel.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}),
    )
    lead_time_months = forms.IntegerField(
        label=_("Time from order to operation"), required=False, min_value=0, max_value=240,
        widget=NumberInput(unit=_("months")),
    )  # fmt: skip
    trl = forms.TypedChoiceField(
        label=_("Technology readiness level"), required=False, coerce=int, empty_value=None,
        help_text=_("How mature it is, on the scale from 1 to 9 that public funders use."),
    )  # fmt: skip
    deployments = forms.IntegerField(
        label=_("In how many places is it in use?"), required=False, min_value=0, max_value=1_000_000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(level.value, f"{level.value} – {level.label}") for level in TechnologyReadiness]
        self.fields["trl"].choices = [("", _("Not stated")), *levels]


class ValidityForm(SolutionForm):
    slug, heading = Section.VALIDITY, Section.VALIDITY.label

    expires_on = ExpiryField(required=False)


PLAIN_FORMS: tuple[type[SolutionForm], ...] = (
    WhatForm, HowForm, FocusForm, TopicsForm, WhereForm, SizeForm, CostForm, TermsForm, FreedomForm,
    ValidityForm,
)  # fmt: skip
