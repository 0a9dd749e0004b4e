"""Demands as plain rows, for downloads. Column names are part of the interface: they are added to, not renamed."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from cities.models import Demand
from portal.common.geography import countries, country_name
from portal.common.translated import shown, text_in

COLUMNS = (
    "reference",
    "title",
    "title_language",
    "summary",
    "summary_language",
    "original_language",
    "organisation",
    "city",
    "country",
    "country_name",
    "focus_area",
    "focus_area_guessed",
    "topics",
    "stage",
    "people_served",
    "quantity",
    "scale_unit",
    "budget_min",
    "budget_max",
    "currency",
    "decision_on",
    "state",
    "published_on",
    "demo",
    "source",
    "source_id",
    "source_url",
    "source_licence",
    "url",
)
PLAIN = ("original_language", "country", "stage", "people_served", "quantity", "scale_unit", "budget_min", "budget_max")
PLAIN += ("currency", "decision_on", "state", "source", "source_id", "source_url", "source_licence")


def demand_rows(demands: Iterable[Demand], language: str) -> Iterator[dict[str, Any]]:
    """A row for each demand (as ``for_list`` joins them), texts in ``language`` where there is one, else as written."""
    for demand in demands:
        yield demand_row(demand, language)


def demand_row(demand: Demand, language: str) -> dict[str, Any]:
    title, summary = shown(demand, "title", language), shown(demand, "summary", language)
    known = demand.country in countries()
    return {
        **{name: getattr(demand, name) for name in PLAIN},
        "reference": demand.public_id,
        "title": title.text,
        "title_language": title.language,
        "summary": summary.text,
        "summary_language": summary.language,
        "organisation": demand.organisation.name if demand.organisation else demand.body_name,
        "city": (text_in(demand.city, "name", language) or demand.city.name_en) if demand.city else "",
        "country_name": country_name(demand.country, language) if known else "",
        "focus_area": demand.focus_area.code if demand.focus_area else "",
        "focus_area_guessed": demand.focus_guessed,
        "topics": [topic.code for topic in demand.topics.all()],
        "published_on": demand.published_at.date() if demand.published_at else None,
        "demo": demand.is_demo,
        "url": f"{settings.SITE_URL.rstrip('/')}/{language}/demands/{demand.public_id}/",
    }
