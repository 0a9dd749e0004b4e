"""The questions of a demand, section by section, in words that a tired official understands at once."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.enums import BusinessModel, ScaleUnit
from catalog.forms.focus import FocusForm, TopicsForm
from cities.enums import (
    BudgetCertainty,
    DataAccess,
    FinanceRoute,
    Mandate,
    ProcurementRoute,
    ProjectStage,
    Visibility,
)
from portal.common.currencies import currency_choices
from portal.common.forms import DateInput, NumberInput
from portal.common.geography import countries, main_currency
from portal.common.sections import LongText, SectionForm

# Later than this is a typing error: nobody plans a city's works so far ahead to the day.
HORIZON = timedelta(days=365 * 40)


class NeedForm(SectionForm):
    slug, heading = "need", _("The need")
    needed = translated = texts = ("title", "summary", "problem")
    examples: ClassVar[dict[str, Any]] = {
        "summary": _(
            "Classrooms in twelve schools reach 35 °C from April on. We want them below 27 °C without air conditioning "
            "that the power grid cannot carry."
        ),
        "problem": _(
            "In May 2024 lessons were cut short on 14 days. 6,200 pupils are concerned, most in buildings of 1970 to "
            "1985 with flat roofs. Blinds were put up in three schools and brought about one degree."
        ),
    }

    title = forms.CharField(
        label=_("Title"),
        max_length=240,
        help_text=_("One line. Say the need, not a product. Example: “Cooler classrooms in twelve schools”."),
    )
    summary = LongText(
        label=_("Summary"),
        max_length=1200,
        rows=3,
        help_text=_("One or two sentences that anybody understands. They stand in the list of demands."),
    )
    problem = LongText(
        label=_("The problem"),
        max_length=12000,
        rows=10,
        help_text=_("What is wrong today? Who suffers from it? What have you tried? Figures help."),
    )


class OutcomeForm(SectionForm):
    slug, heading = "outcome", _("The outcome you want")
    needed = translated = ("outcome",)
    texts = ("outcome", "indicator", "indicator_baseline", "indicator_target")
    examples: ClassVar[dict[str, Any]] = {
        "outcome": _(
            "No classroom is warmer than 27 °C during lessons, the use of electricity does not rise, and caretakers "
            "can look after it themselves."
        )
    }

    outcome = LongText(
        label=_("What will be better at the end?"),
        max_length=6000,
        help_text=_("Describe the result, not a product. Providers then say how to reach it."),
    )
    indicator = forms.CharField(
        label=_("How will you measure it?"),
        max_length=200,
        required=False,
        help_text=_("One thing you can count. Example: “Electricity for street lights in a year”."),
    )
    indicator_baseline = forms.CharField(
        label=_("Value today"), max_length=120, required=False, help_text=_("Example: “6,900 MWh”.")
    )
    indicator_target = forms.CharField(
        label=_("Value to reach"), max_length=120, required=False, help_text=_("Example: “3,100 MWh or less”.")
    )


class SizeForm(SectionForm):
    slug, heading = "size", _("Size and place")
    texts = ("site",)

    people_served = forms.IntegerField(
        label=_("How many people will benefit?"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        widget=NumberInput(unit=_("people")),
        help_text=_("A rough number is enough."),
    )
    quantity = forms.DecimalField(
        label=_("How large is the project?"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text=_("A number. Choose below what it counts. Example: 9,400 lamps."),
    )
    scale_unit = forms.ChoiceField(
        label=_("What does this number count?"), required=False, choices=[("", _("Choose")), *ScaleUnit.choices]
    )
    site = forms.CharField(
        label=_("Where in the city?"),
        max_length=300,
        required=False,
        help_text=_("District, street or building. Leave it empty if it is the whole city."),
    )

    def clean(self) -> dict[str, Any]:
        quantity, unit = self.cleaned_data.get("quantity"), self.cleaned_data.get("scale_unit")
        if quantity is not None and not unit and "scale_unit" not in self.errors:
            self.add_error("scale_unit", gettext("Choose what the number counts."))
        if unit and quantity is None and "quantity" not in self.errors:
            self.add_error("quantity", gettext("Give the number, or choose nothing below."))
        return self.cleaned_data


class BudgetForm(SectionForm):
    slug, heading = "budget", _("Budget and finance")
    intro = _("A rough range helps more than no figure. Leave empty what you do not know.")

    budget_min = forms.DecimalField(
        label=_("Budget from"), required=False, min_value=0, max_digits=16, decimal_places=2,
        help_text=_("For all of it: planning, works, equipment."),
    )  # fmt: skip
    budget_max = forms.DecimalField(
        label=_("Budget to"), required=False, min_value=0, max_digits=16, decimal_places=2,
        help_text=_("What it must not exceed."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    budget_certainty = forms.ChoiceField(
        label=_("How certain is the budget?"),
        required=False,
        help_text=_("A guess is welcome as long as it says that it is one."),
        choices=BudgetCertainty.choices,
        widget=forms.RadioSelect,
    )
    finance_route = forms.ChoiceField(
        label=_("Where will the money come from?"),
        required=False,
        help_text=_("Choose the largest source."),
        choices=FinanceRoute.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [("", _("Choose")), *currency_choices(get_language() or "en")]

    def suggested(self) -> dict[str, Any]:
        stored = self.stored()
        local = main_currency(self.record.country) if self.record.country in countries() else ""
        return {**stored, "currency": stored["currency"] or local or ""}

    def clean(self) -> dict[str, Any]:
        low, high = self.cleaned_data.get("budget_min"), self.cleaned_data.get("budget_max")
        if low is not None and high is not None and low > high:
            self.add_error("budget_max", gettext("“To” is smaller than “from”. Exchange the two amounts."))
        stated = low is not None or high is not None
        if stated and not self.cleaned_data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", gettext("Choose the currency of the budget."))
        if not stated and "currency" in self.cleaned_data:
            self.cleaned_data["currency"] = ""  # the suggestion of an empty form is no answer
        return self.cleaned_data


class TimingForm(SectionForm):
    slug, heading = "timing", _("Timing and procurement")
    needed = ("stage",)

    stage = forms.ChoiceField(
        label=_("How far is the project?"), required=False, choices=ProjectStage.choices, widget=forms.RadioSelect,
        help_text=_("An early stage is no fault: some solutions begin with a study."),
    )  # fmt: skip
    procurement_route = forms.ChoiceField(
        label=_("How will you buy?"), required=False, choices=ProcurementRoute.choices, widget=forms.RadioSelect,
        help_text=_("What you expect today. Nothing here binds you, and a match is no award."),
    )  # fmt: skip
    decision_on = forms.DateField(
        label=_("When do you expect to decide?"),
        required=False,
        widget=DateInput(),
        help_text=_("The day on which you choose a solution. Your best guess is enough."),
    )
    start_on = forms.DateField(
        label=_("When shall the work start?"),
        required=False,
        widget=DateInput(),
        help_text=_("Your best guess is enough."),
    )
    operation_on = forms.DateField(
        label=_("When shall it be in use?"),
        required=False,
        widget=DateInput(),
        help_text=_("Your best guess is enough."),
    )

    def clean(self) -> dict[str, Any]:
        today = timezone.localdate()
        for name in ("decision_on", "start_on", "operation_on"):
            day = self.cleaned_data.get(name)
            if day and not today - HORIZON <= day <= today + HORIZON:
                self.add_error(name, gettext("Check the year."))
        decision = self.cleaned_data.get("decision_on")
        if decision and decision < today and decision != self.record.decision_on:
            self.add_error("decision_on", gettext("This day has passed. Give a day to come."))
        start, operation = self.cleaned_data.get("start_on"), self.cleaned_data.get("operation_on")
        if start and operation and operation < start:
            self.add_error("operation_on", gettext("It cannot be in use before the work starts. Check both days."))
        return self.cleaned_data


class MandateForm(SectionForm):
    slug, heading = "mandate", _("Mandate and data")
    texts = ("data_note",)
    examples: ClassVar[dict[str, Any]] = {
        "data_note": _("Temperatures of two summers in eight classrooms, as a table. Plans of all buildings, on paper.")
    }

    mandate = forms.ChoiceField(
        label=_("Who has said yes to the project?"), required=False, choices=Mandate.choices, widget=forms.RadioSelect,
        help_text=_("Providers take a demand seriously that somebody stands behind. “Nobody yet” is an answer, too."),
    )  # fmt: skip
    data_access = forms.ChoiceField(
        label=_("Are there data about the problem?"), required=False, choices=DataAccess.choices,
        widget=forms.RadioSelect, help_text=_("Inventories, measurements, maps, studies."),
    )  # fmt: skip
    data_note = LongText(label=_("Which data, and where?"), max_length=1000, rows=3)


class WorkingForm(SectionForm):
    slug, heading = "working", _("Working together")

    languages = forms.MultipleChoiceField(
        label=_("In which languages can you work?"),
        required=False,
        help_text=_("Of those who would talk to a provider, not of everybody."),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}),
    )
    languages_required = forms.BooleanField(
        label=_("Only show us providers who work in one of these languages"), required=False
    )
    business_models = forms.MultipleChoiceField(
        label=_("How could you pay?"),
        required=False,
        choices=BusinessModel.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}),
        help_text=_("Choose all that your rules allow. Choose none if you do not know yet."),
    )
    visibility = forms.ChoiceField(
        label=_("Who may read this demand when it is published?"),
        help_text=_("It is matched in the same way whoever may read it."),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("languages_required") and not self.cleaned_data.get("languages"):
            self.add_error("languages", gettext("Choose at least one language, or take the tick below away."))
        return self.cleaned_data


FORMS: dict[str, type[SectionForm]] = {
    form.slug: form
    for form in (
        NeedForm,
        OutcomeForm,
        FocusForm,
        TopicsForm,
        SizeForm,
        BudgetForm,
        TimingForm,
        MandateForm,
        WorkingForm,
    )
}
