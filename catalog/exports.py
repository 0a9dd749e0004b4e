"""Solutions as plain rows, for downloads. Column names are part of the interface: they are added to, not renamed."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from catalog.models import Solution
from portal.common.translated import shown

PLAIN = (
    "original_language",
    "trl",
    "deployments",
    "regions",
    "languages",
    "city_population_min",
    "city_population_max",
    "quantity_min",
    "quantity_max",
    "scale_unit",
    "cost_min",
    "cost_max",
    "currency",
    "lead_time_months",
    "business_models",
    "version",
    "expires_on",
    "source",
    "source_id",
    "source_url",
    "source_licence",
)
COLUMNS = (
    "reference",
    "name",
    "name_language",
    "tagline",
    "tagline_language",
    "provider",
    "provider_country",
    "focus_area",
    "focus_area_guessed",
    "topics",
    "best_evidence",
    "reference_cities",
    *PLAIN,
    "listed_on",
    "demo",
    "url",
)


def solution_rows(solutions: Iterable[Solution], language: str) -> Iterator[dict[str, Any]]:
    """A row for each solution (as ``for_list`` joins them); texts in ``language`` where there are, else as written."""
    for solution in solutions:
        yield solution_row(solution, language)


def solution_row(solution: Solution, language: str) -> dict[str, Any]:
    name, tagline = shown(solution, "name", language), shown(solution, "tagline", language)
    return {
        **{field: getattr(solution, field) for field in PLAIN},
        "reference": solution.public_id,
        "name": name.text,
        "name_language": name.language,
        "tagline": tagline.text,
        "tagline_language": tagline.language,
        "provider": solution.provider.organisation.name,
        "provider_country": solution.provider.organisation.country,
        "focus_area": solution.focus_area.code if solution.focus_area else "",
        "focus_area_guessed": solution.focus_guessed,
        "topics": [topic.code for topic in solution.topics.all()],
        "best_evidence": solution.best_grade.value if solution.best_grade else "",
        "reference_cities": [reference.city_name for reference in solution.references.all()],
        "listed_on": solution.listed_at.date() if solution.listed_at else None,
        "demo": solution.is_demo,
        "url": f"{settings.SITE_URL.rstrip('/')}/{language}/solutions/{solution.public_id}/",
    }
