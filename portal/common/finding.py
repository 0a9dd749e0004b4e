"""Records that a search finds, the best first: as typed before in other words, in the title before in the text, by
words before by meaning. Newer ones come first among equals."""

from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, F, FloatField, Func, Q, QuerySet, Value, When

from portal.common.reading import Near, Reading
from portal.common.search import HEAD

# Above so many, how often and where a word stands tells little, and reading every vector takes long: the title decides.
MANY = 1000


def matched(records: QuerySet, reading: Reading, near: Near) -> QuerySet:
    wanted = Q(search=reading.wide())
    return records.filter(wanted | Q(pk__in=near.keys) if near.keys else wanted)


def ranked(records: QuerySet, reading: Reading, near: Near) -> QuerySet:
    """``records`` (of ``matched``) with ``rank``, the higher the better."""
    is_many = records.order_by()[: MANY + 1].count() > MANY
    return records.annotate(rank=_by_title(records, reading) if is_many else _by_words(reading, near))


def _by_title(records: QuerySet, reading: Reading) -> Any:
    every = records.model._default_manager.order_by()
    tiers = [every.filter(search=query(HEAD)).values("pk") for query in (reading.exact, reading.own, reading.wide)]
    whens = [When(pk__in=keys, then=Value(float(3 - place))) for place, keys in enumerate(tiers)]
    return Case(*whens, default=Value(0.0), output_field=FloatField())


def _by_words(reading: Reading, near: Near) -> Any:
    tier = Case(
        When(search=reading.exact(HEAD), then=Value(5.0)),
        When(search=reading.exact(), then=Value(4.0)),
        When(search=reading.own(HEAD), then=Value(3.0)),
        When(search=reading.own(), then=Value(2.0)),
        When(search=reading.wide(HEAD), then=Value(1.0)),
        When(search=reading.wide(), then=Value(0.0)),
        default=_place(near),
        output_field=FloatField(),
    )
    return tier + SearchRank(F("search"), reading.wide())


def _place(near: Near) -> Any:
    """Below all that words found, in the order of nearness."""
    place = Func(Value(list(near.keys)), F("pk"), function="array_position", output_field=FloatField())
    return Value(-1.0) - place / Value(1000.0) if near.keys else Value(-1.0)
