"""Records that may be the same thing filed twice: a hint for the moderator, never a verdict."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet

from cities.enums import DemandState
from cities.models import Demand
from portal.common.translated import column, original

LIKE_ENOUGH = 0.4
SHOWN = 3
NOT_COMPARED = (DemandState.DRAFT, DemandState.WITHDRAWN, DemandState.REJECTED, DemandState.MERGED)


def similar_demands(demand: Demand) -> QuerySet[Demand]:
    """The demands whose titles in the same language read most alike, the most alike first."""
    title = column("title", demand.original_language)
    return (
        Demand.objects.exclude(pk=demand.pk)
        .exclude(state__in=NOT_COMPARED)
        .annotate(likeness=TrigramSimilarity(title, original(demand, "title")))
        .filter(likeness__gte=LIKE_ENOUGH)
        .select_related("city", "organisation")
        .order_by("-likeness", "pk")[:SHOWN]
    )
