"""Open demands that want much the same, here or in other cities: to join, or not to write twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, OuterRef, QuerySet

from cities.models import Demand
from cities.states import LIVE
from matching.coach.subject import lines, same_subject
from matching.vectors import TEXTS_OF_DEMAND, assembled, current_backend, gist_of_demand, read_vectors
from portal.common.likeness import alike_from
from portal.common.translated import column, columns, original

LOOKED_AT, NEWEST = 60, 300
READS_ALIKE = 0.6
# Beside many of the same subject; the index then has much less to look at.
READS_THE_SAME = 0.8
SHOWN = 3
# Half by what the texts mean, half by shared topics; where a text has no vector yet, by topics alone.
LEAST = 0.55
COMPARED = ("original_language", *columns(*TEXTS_OF_DEMAND))


@dataclass(frozen=True, slots=True)
class Near:
    """``close`` from 0 to 1; ``is_own`` where the same city, or the same body, wrote it."""

    demand: Demand
    close: float
    is_own: bool


def near_demands(demand: Demand) -> list[Near]:
    """The open demands nearest to this one, the nearest first."""
    found = _candidates(demand)
    if not found:
        return []
    vectors, own = _vectors([demand, *found]), {topic.pk for topic in demand.topics.all()}
    mine = vectors.get(demand.pk)
    rated = []
    for other in found:
        theirs = set(other.about)
        shared = len(own & theirs) / len(own | theirs) if own and theirs else 0.0
        meant = _meant(mine, vectors.get(other.pk))
        close = shared if meant is None else (shared + meant) / 2 if own and theirs else meant
        rated.append((close, other.pk))
    rated.sort(key=lambda pair: (-pair[0], pair[1]))
    best = {pk: close for close, pk in rated[:SHOWN] if close >= LEAST}
    rows = lines().in_bulk(best) if best else {}
    return [Near(rows[pk], close, _is_own(demand, rows[pk])) for pk, close in best.items() if pk in rows]


def _meant(mine: np.ndarray | None, theirs: np.ndarray | None) -> float | None:
    return None if mine is None or theirs is None else max(0.0, float(mine @ theirs))


def _is_own(demand: Demand, other: Demand) -> bool:
    return other.organisation_id == demand.organisation_id or (
        demand.city_id is not None and other.city_id == demand.city_id
    )


def _candidates(demand: Demand) -> list[Demand]:
    """Public and open, of the same subject or with a title that reads alike; of many those with the likest titles."""
    open_ones = Demand.objects.public().filter(state__in=LIVE).exclude(pk=demand.pk)
    name, words = column("title", demand.original_language), original(demand, "title")
    same = _titled_alike(demand, open_ones.filter(pk__in=same_subject(demand, open_ones)))
    # The operator finds titles by their index, if asked by itself; the figure behind it would read all of them.
    titled = Demand.objects.order_by().filter(**{f"{name}__trigram_similar": words}).values("pk")
    with alike_from(READS_ALIKE if len(same) < LOOKED_AT else READS_THE_SAME):
        newest = open_ones.filter(pk__any_of=titled).order_by("-published_at", "-pk")[:NEWEST]
        more = set(newest.values_list("pk", flat=True)).difference(one.pk for one in same)
    both = [*same, *_titled_alike(demand, Demand.objects.filter(pk__any_of=more))] if more else same
    return sorted(both, key=lambda one: (-(one.alike or 0), one.pk))[:LOOKED_AT]


def _titled_alike(demand: Demand, some: QuerySet) -> list[Any]:
    """Of many those with the likest titles, each with the keys of what it is ``about``."""
    topics = Demand.topics.through.objects.filter(demand=OuterRef("pk")).values("topic")
    alike = TrigramSimilarity(column("title", demand.original_language), original(demand, "title"))
    found = some.annotate(about=ArraySubquery(topics), alike=alike).only(*COMPARED)
    return list(found.order_by(F("alike").desc(nulls_last=True), "pk")[:LOOKED_AT])


def _vectors(demands: Iterable[Demand]) -> dict[int, np.ndarray]:
    space = current_backend().id
    wordings = {demand.pk: gist_of_demand(demand) for demand in demands}
    stored = read_vectors(wordings.values(), space)
    found = {key: assembled(wording, stored) for key, wording in wordings.items()}
    return {key: np.asarray(encoded.vector) for key, encoded in found.items() if encoded is not None}
