"""What an imported record may carry: our fields, how long they may be and by which headers they are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.db.models import Field as Column
from django.db.models import Model, TextField
from django.utils import translation
from django.utils.text import capfirst

from catalog.models import Provider, Solution
from cities.models import Demand
from portal.common.languages import CODES
from portal.common.search import fold


@dataclass(frozen=True, slots=True)
class Field:
    """``kind`` says how a cell is read (see portal.imports.reading); ``limit`` in characters, 0 for none."""

    name: str
    kind: str
    limit: int = 0
    is_required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one kind of record, in the order in which they are documented."""

    name: str
    model: type[Model]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_required)


def _limit(model: type[Model], name: str) -> int:
    column: Column = model._meta.get_field(name)  # type: ignore[type-arg,assignment]
    return column.max_length or 0


def _text(model: type[Model], name: str, *aliases: str, is_required: bool = False) -> Field:
    lines = isinstance(model._meta.get_field(name), TextField)
    return Field(name, "text" if lines else "line", _limit(model, name), is_required, aliases)


SOURCE = (
    Field("source", "line", 60, aliases=("source_name", "dataset")),
    Field("source_id", "line", 200, aliases=("id", "identifier", "reference", "ref", "ocid", "notice_number")),
    Field("source_url", "url", 500, aliases=("url", "link", "web_address")),
    Field("licence", "line", 120, aliases=("license", "source_licence")),
    Field("language", "language", aliases=("lang", "language_of_this_text")),
)
FOCUS = (
    Field("focus_area", "focus_area", aliases=("main_focus_area", "focus")),
    Field("more_focus_areas", "focus_areas", aliases=("further_focus_areas",)),
    Field("topics", "topics", aliases=("topic",)),
    # Read for guessing only: a source's own categories.
    Field("hints", "lines", aliases=("category", "categories", "keywords", "tags")),
)

DEMAND = Schema(
    "demand", Demand,
    (
        *SOURCE,
        _text(Demand, "title", "name", "subject", is_required=True),
        _text(Demand, "summary", "short_description"),
        _text(Demand, "problem", "text", "description", "need"),
        _text(Demand, "outcome", "expected", "goal", "objective"),
        Field("country", "country", aliases=("country_code",)),
        Field("city", "line", 120, aliases=("town", "municipality", "place")),
        Field("geonames_id", "whole", aliases=("geonameid", "geonames")),
        _text(Demand, "body_name", "buyer", "organisation", "organization", "org", "contracting_authority"),
        _text(Demand, "site", "location", "address"),
        *FOCUS,
        Field("people_served", "whole", aliases=("beneficiaries", "people")),
        Field("quantity", "amount", aliases=("size",)),
        Field("scale_unit", "scale_unit", aliases=("unit",)),
        _text(Demand, "indicator"),
        _text(Demand, "indicator_baseline", "baseline"),
        _text(Demand, "indicator_target", "target"),
        Field("stage", "stage"),
        Field("budget_min", "amount", aliases=("budget_from",)),
        Field("budget_max", "amount", aliases=("budget", "budget_to", "cost", "value", "amount", "estimated_value")),
        Field("currency", "currency", aliases=("currency_code",)),
        Field("budget_certainty", "budget_certainty"),
        Field("finance_route", "finance_route", aliases=("funding",)),
        Field("business_models", "business_models"),
        Field("procurement_route", "procurement_route", aliases=("procedure",)),
        Field("decision_on", "date", aliases=("decision_date",)),
        Field("start_on", "date", aliases=("start", "start_date")),
        Field("operation_on", "date", aliases=("end", "end_date", "finish", "completion_date")),
        Field("languages", "languages"),
        Field("published_on", "date", aliases=("date", "publication_date", "date_published")),
        Field("expires_on", "date", aliases=("deadline", "valid_until", "closing_date")),
    ),
)  # fmt: skip

SOLUTION = Schema(
    "solution", Solution,
    (
        *SOURCE,
        _text(Solution, "name", "title", "solution", "product", is_required=True),
        _text(Solution, "tagline", "summary", "short_description"),
        _text(Solution, "solves", "text", "description"),
        _text(Solution, "how_it_works", "detail", "details"),
        _text(Solution, "not_suitable", "limits", "limitations"),
        Field("provider", "line", 200, is_required=True, aliases=("company", "organisation", "organization", "vendor")),
        Field("provider_country", "country", aliases=("country", "country_code")),
        Field("provider_website", "url", 300, aliases=("website", "homepage")),
        Field("provider_kind", "provider_kind", aliases=("kind_of_organisation",)),
        *FOCUS,
        Field("trl", "whole", aliases=("technology_readiness_level",)),
        Field("deployments", "whole", aliases=("installations", "references")),
        Field("regions", "regions", aliases=("countries_served", "markets")),
        Field("languages", "languages"),
        Field("city_population_min", "whole"), Field("city_population_max", "whole"),
        Field("quantity_min", "amount"), Field("quantity_max", "amount"),
        Field("scale_unit", "scale_unit", aliases=("unit",)),
        Field("cost_min", "amount", aliases=("cost_from", "price_from")),
        Field("cost_max", "amount", aliases=("cost", "cost_to", "price", "price_to")),
        Field("currency", "currency", aliases=("currency_code",)),
        _text(Solution, "cost_basis"),
        Field("lead_time_months", "whole"),
        Field("business_models", "business_models"),
        Field("published_on", "date", aliases=("date",)),
        Field("expires_on", "date", aliases=("valid_until",)),
    ),
)  # fmt: skip


def key(header: str) -> str:
    """A header as it is compared: "Budget to (EUR)" and "budget_to_eur" are one."""
    return re.sub(r"[\W_]+", "", fold(header))


@cache
def known_headers(schema: Schema) -> Mapping[str, str]:
    """Comparable header → our field: codes first, then other names, then the forms' labels in all languages."""
    found = {key(field.name): field.name for field in schema.fields}
    for field in schema.fields:
        for alias in field.aliases:
            found.setdefault(key(alias), field.name)
    for field in schema.fields:
        for label in _labels(schema.model, field.name):
            found.setdefault(key(label), field.name)
    return found


def _labels(model: type[Model], name: str) -> Iterable[str]:
    if name not in {column.name for column in (*model._meta.get_fields(), *Provider._meta.get_fields())}:
        return []
    owner = model if name in {column.name for column in model._meta.get_fields()} else Provider
    column = owner._meta.get_field(name)
    labels = []
    for language in CODES:
        with translation.override(language):
            labels.append(str(capfirst(getattr(column, "verbose_name", name))))
    return labels
