"""The facts of a demand for its page, in words: what is stated as rows, what is not as one line."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from catalog.enums import BusinessModel
from cities.models import Demand
from portal.common.answers import joined, listed
from portal.common.context import language_tag
from portal.common.templatetags.formats import date, language_name, money_range, number


@dataclass(slots=True)
class Facts:
    """``rows`` of (label, value), values in the reader's language or marked with their own; ``missing`` labels."""

    rows: list[tuple[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, label: str, value: Any) -> None:
        if value:
            self.rows.append((label, value))
        else:
            self.missing.append(label)

    @property
    def missing_in_words(self) -> str:
        return listed(self.missing)


def facts_of(demand: Demand) -> Facts:
    facts = Facts([(gettext("Reference"), demand.public_id)])
    _about_the_project(facts, demand)
    _about_the_money(facts, demand)
    facts.add(gettext("Languages of work"), languages_in_words(demand))
    facts.rows += [
        (gettext("Language of the original"), language_name(demand.original_language)),
        (gettext("Version"), number(demand.version)),
        (gettext("Last changed"), date(demand.updated_at)),
    ]
    return facts


def _about_the_project(facts: Facts, demand: Demand) -> None:
    facts.add(gettext("Main focus area"), focus_in_words(demand))
    if further := listed([str(area) for area in demand.more_focus_areas.all()]):
        facts.add(gettext("Further focus areas"), further)
    facts.add(gettext("Topics"), listed([str(topic) for topic in demand.topics.all()]))
    facts.add(gettext("Project stage"), demand.get_stage_display())
    facts.add(gettext("Size of the project"), size_in_words(demand))
    facts.add(gettext("People served"), number(demand.people_served))
    facts.add(gettext("Where in the city"), own_words(demand, "site"))
    facts.add(gettext("Indicator"), own_words(demand, "indicator"))
    facts.add(gettext("Value today"), own_words(demand, "indicator_baseline"))
    facts.add(gettext("Value to reach"), own_words(demand, "indicator_target"))


def _about_the_money(facts: Facts, demand: Demand) -> None:
    facts.add(gettext("Budget"), budget_in_words(demand))
    facts.add(gettext("Finance route"), demand.get_finance_route_display())
    models = [str(BusinessModel(code).label) for code in demand.business_models if code in BusinessModel.values]
    facts.add(gettext("Business models accepted"), listed(models))
    facts.add(gettext("Procurement route"), demand.get_procurement_route_display())
    facts.add(gettext("Who has said yes"), demand.get_mandate_display())
    facts.add(gettext("Data"), demand.get_data_access_display())
    if note := own_words(demand, "data_note"):
        facts.add(gettext("Which data"), note)


def focus_in_words(demand: Demand) -> str:
    """The main focus area; one that was guessed from the text says so."""
    if demand.focus_area is None:
        return ""
    text = gettext("%(area)s (guessed from the text)") if demand.focus_guessed else "%(area)s"
    return text % {"area": demand.focus_area}


def size_in_words(demand: Demand) -> str:
    """As "9,400 lamps"."""
    unit = demand.get_scale_unit_display()
    return f"{number(demand.quantity, 2)} {unit}".strip() if demand.quantity is not None else ""


def budget_in_words(demand: Demand) -> str:
    """Amounts and how certain they are: "€100,000 – €200,000 (planned)"."""
    amount = money_range(demand.budget_min, demand.budget_max, demand.currency)
    certainty = demand.get_budget_certainty_display().lower()
    return f"{amount} ({certainty})" if amount and certainty else amount


def languages_in_words(demand: Demand) -> str:
    names = joined([language_name(code) for code in demand.languages])
    return gettext("%(languages)s (required)") % {"languages": names} if names and demand.languages_required else names


def own_words(demand: Demand, name: str) -> SafeString | str:
    """A field that exists in the demand's own language only; empty where nothing is stated."""
    value = getattr(demand, name)
    return format_html('<span lang="{}">{}</span>', language_tag(demand.original_language), value) if value else ""
