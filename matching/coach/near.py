"""Open demands that want much the same, here or in other cities: to join, or not to write twice."""

from dataclasses import dataclass

import numpy as np
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, Q

from cities.models import Demand
from cities.states import LIVE
from matching.coach.subject import same_subject
from matching.vectors import TEXTS_OF_DEMAND, assembled, current_backend, gist_of_demand, read_vectors
from portal.common.likeness import alike_from
from portal.common.translated import column, original

LOOKED_AT, NEWEST = 60, 300
READS_ALIKE = 0.6
SHOWN = 3
# Half by what the texts mean, half by shared topics; where a text has no vector yet, by topics alone.
LEAST = 0.55
COMPARED = ("original_language", *TEXTS_OF_DEMAND)


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
    vectors, topics = _vectors([demand, *found]), _topics([demand, *found])
    mine, own = vectors.get(demand.pk), topics[demand.pk]
    rated = []
    for other in found:
        theirs = topics[other.pk]
        shared = len(own & theirs) / len(own | theirs) if own and theirs else 0.0
        meant = _meant(mine, vectors.get(other.pk))
        close = shared if meant is None else (shared + meant) / 2 if own and theirs else meant
        rated.append((close, other))
    rated.sort(key=lambda pair: (-pair[0], pair[1].pk))
    best = {other.pk: close for close, other in rated[:SHOWN] if close >= LEAST}
    rows = Demand.objects.for_list().in_bulk(best)
    return [Near(rows[pk], close, _is_own(demand, rows[pk])) for pk, close in best.items() if pk in rows]


def _topics(demands: list[Demand]) -> dict[int, set[int]]:
    through = Demand.topics.through.objects.filter(demand__in=[demand.pk for demand in demands])
    topics: dict[int, set[int]] = {demand.pk: set() for demand in demands}
    for pk, topic in through.values_list("demand", "topic"):
        topics[pk].add(topic)
    return topics


def _meant(mine: np.ndarray | None, theirs: np.ndarray | None) -> float | None:
    return None if mine is None or theirs is None else max(0.0, float(mine @ theirs))


def _is_own(demand: Demand, other: Demand) -> bool:
    return other.organisation_id == demand.organisation_id or (
        demand.city_id is not None and other.city_id == demand.city_id
    )


def _candidates(demand: Demand) -> list[Demand]:
    """Public and open, of the same subject or with a title that reads alike; of very many, the newest."""
    open_ones = Demand.objects.public().filter(state__in=LIVE).exclude(pk=demand.pk).order_by("-published_at", "-pk")
    name, words = column("title", demand.original_language), original(demand, "title")
    # The operator finds titles by their index, if asked by itself; the figure behind it would read all of them.
    titled = Demand.objects.order_by().filter(**{f"{name}__trigram_similar": words}).values("pk")
    same, alike = open_ones.filter(same_subject(demand, Demand)), open_ones.filter(pk__any_of=titled)
    either = Q(pk__any_of=same.values("pk")[:NEWEST]) | Q(pk__any_of=alike.values("pk")[:NEWEST])
    found = Demand.objects.filter(either).annotate(alike=TrigramSimilarity(name, words))
    with alike_from(READS_ALIKE):
        best = list(found.order_by(F("alike").desc(nulls_last=True), "pk").values_list("pk", flat=True)[:LOOKED_AT])
    return list(Demand.objects.filter(pk__in=best).only(*COMPARED).order_by("pk"))


def _vectors(demands: list[Demand]) -> dict[int, np.ndarray]:
    space = current_backend().id
    wordings = {demand.pk: gist_of_demand(demand) for demand in demands}
    stored = read_vectors(wordings.values(), space)
    found = {key: assembled(wording, stored) for key, wording in wordings.items()}
    return {key: np.asarray(encoded.vector) for key, encoded in found.items() if encoded is not None}
