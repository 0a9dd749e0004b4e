"""Records of the same subject, as a coach looks for them: enough to choose from, never all of a large catalogue."""

from django.db.models import Q

from catalog.models import Solution
from cities.models import Demand

# Of very many those written last: found by an index, whatever the database guesses of the rest.
WRITTEN = 1000


def same_subject(demand: Demand, model: type[Demand] | type[Solution]) -> Q:
    """The same topics where topics are named, else the same focus area; without either nothing."""
    topics = [topic.pk for topic in demand.topics.all()]
    if not topics:
        return Q(focus_area=demand.focus_area_id, focus_area__isnull=False)
    record = str(model._meta.model_name)
    # By key: a join would repeat records.
    named = model.topics.through.objects.filter(topic__in=topics).order_by(f"-{record}")
    return Q(pk__in=named.values(record)[:WRITTEN])
