"""Whose solutions are listed, and on how many lists they are shown: by what tells providers apart."""

from typing import Any

from django.db.models import Count, F, Max, QuerySet, Sum
from django.db.models.functions import Coalesce

from catalog.models import Provider, Solution
from matching.models import Exposure
from matching.moments.models import ExposureMoment
from portal.accounts.models import Organisation

Groups = list[dict[str, Any]]


def listed() -> Groups:
    """Per size, country and partnership how many solutions and lists: the stored ones if any, else counted now."""
    content = ExposureMoment.objects.order_by("-pk").values_list("content", flat=True).first()
    return listed_now() if content is None else content


def listed_now() -> Groups:
    solutions = Solution.objects.listed()
    return grouped(solutions, "provider", solutions=Count("pk"), shown=Coalesce(Sum("exposure__lists"), 0))


def grouped(rows: QuerySet, provider: str, **counts: Any) -> Groups:
    """``counts`` of ``rows`` by the size, country and partnership of the provider found there."""
    # Two steps: with expressions alone, modeltranslation's values() adds every column, and each row is its own group.
    columns = {"size": "kind", "country": "organisation__country", "partner": "partnership"}
    groups = {name: F(f"{provider}__{column}") for name, column in columns.items()}
    return list(rows.order_by().annotate(**groups).values(*groups).annotate(**counts))


def stamp() -> tuple[Any, ...]:
    """Changes with the records that the figures rest on."""
    times = {Solution.objects.listed(): "updated_at", Exposure.objects.all(): "computed_at"}
    times |= {Provider.objects.all(): "updated_at", Organisation.objects.all(): "updated_at"}
    found = [rows.order_by().aggregate(n=Count("pk"), at=Max(time)) for rows, time in times.items()]
    return tuple(value for one in found for value in one.values())
