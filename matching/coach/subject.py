"""Records of the same subject, as a coach looks for them: enough to choose from, never all of a large catalogue."""

from typing import Any

from catalog.models import Solution
from cities.models import Demand
from cities.querysets import DemandQuerySet
from portal.common.translated import columns

# Of very many those written last: found by an index, whatever the database guesses of the rest.
WRITTEN = 400
NEWEST = {Demand: "-published_at", Solution: "-listed_at"}
# What a line shows of a demand, and whose it is.
LINE = (
    *("public_id", "organisation", "country", "original_language", "translations", *columns("title")),
    *(f"city__{one}" for one in columns("name")),
)


def same_subject(demand: Demand, records: Any) -> Any:
    """Keys of ``records``, demands or solutions, with the same topics where topics are named, else of the same focus
    area; without either none. Whether those of topics are among ``records`` is for the caller to ask.
    """
    topics = [topic.pk for topic in demand.topics.all()]
    if topics:
        record = str(records.model._meta.model_name)
        # By key: a join would repeat records.
        named = records.model.topics.through.objects.filter(topic__in=topics).order_by(f"-{record}")
        return named.values(record)[:WRITTEN]
    same = records.filter(focus_area=demand.focus_area_id, focus_area__isnull=False)
    return same.order_by(NEWEST[records.model], "-pk").values("pk")[:WRITTEN]


def lines() -> DemandQuerySet:
    """Demands with no more than what the coach says of them."""
    found: DemandQuerySet = Demand.objects.select_related("city").only(*LINE)
    return found
