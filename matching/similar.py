"""Records that may be the same thing filed twice: a hint for the moderator, never a verdict."""

from django.contrib.postgres.search import TrigramSimilarity

from cities.enums import DemandState
from cities.models import Demand
from portal.common.likeness import alike_from
from portal.common.translated import column, original

# Below it, titles that share no more than a turn of phrase are found too, by the thousands in a large portal.
LIKE_ENOUGH = 0.6
SHOWN = 3
NOT_COMPARED = (DemandState.DRAFT, DemandState.WITHDRAWN, DemandState.REJECTED, DemandState.MERGED)


def similar_demands(demand: Demand) -> list[Demand]:
    """The demands whose titles in the same language read most alike, the most alike first."""
    title, words = column("title", demand.original_language), original(demand, "title")
    others = Demand.objects.exclude(pk=demand.pk).exclude(state__in=NOT_COMPARED).select_related("city", "organisation")
    alike = others.filter(**{f"{title}__trigram_similar": words}).annotate(likeness=TrigramSimilarity(title, words))
    with alike_from(LIKE_ENOUGH):
        return list(alike.order_by("-likeness", "pk")[:SHOWN])
