"""Records that may be the same thing filed twice: a hint for the moderator, never a verdict."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction

from cities.enums import DemandState
from cities.models import Demand
from portal.common.translated import column, original

LIKE_ENOUGH = 0.4
SHOWN = 3
NOT_COMPARED = (DemandState.DRAFT, DemandState.WITHDRAWN, DemandState.REJECTED, DemandState.MERGED)


@transaction.atomic
def similar_demands(demand: Demand) -> list[Demand]:
    """The demands whose titles in the same language read most alike, the most alike first."""
    title, words = column("title", demand.original_language), original(demand, "title")
    others = Demand.objects.exclude(pk=demand.pk).exclude(state__in=NOT_COMPARED).select_related("city", "organisation")
    with connection.cursor() as cursor:
        # For the operator, which finds titles by their index; the figure behind it would read all of them.
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LIKE_ENOUGH)])
    alike = others.filter(**{f"{title}__trigram_similar": words}).annotate(likeness=TrigramSimilarity(title, words))
    return list(alike.order_by("-likeness", "pk")[:SHOWN])
