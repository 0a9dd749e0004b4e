"""Pages of lists: what they hold is found by keys alone where there is much, and only then read."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from rest_framework.pagination import PageNumberPagination

# From so many records on, sorting whole rows and skipping those of earlier pages costs more than a second query.
MANY = 200


def place_in(states: Sequence[str]) -> Case:
    """For ``order_by``: by the place of ``state`` among these."""
    whens = [When(state=str(state), then=Value(place)) for place, state in enumerate(states)]
    return Case(*whens, default=Value(len(states)), output_field=IntegerField())


class KeysFirst(Paginator):
    """Of a large queryset, the keys of a page come from an index or from a sort of keys; their rows from a second
    query. The first page of a small one costs what it always has.
    """

    def __init__(
        self, object_list: Any, per_page: Any, *more: Any, known_count: int | None = None, **named: Any
    ) -> None:
        super().__init__(object_list, per_page, *more, **named)
        self.known_count = known_count

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        top = min(bottom + self.per_page, self.count)
        return self._get_page(self._rows(bottom, top), number, self)

    def _rows(self, bottom: int, top: int) -> Any:
        records = self.object_list
        if not isinstance(records, QuerySet) or self.count < MANY:
            return records[bottom:top]
        keys = list(records.values_list("pk", flat=True)[bottom:top])
        found = records.filter(pk__in=keys)
        return found if keys else found.none()

    @cached_property
    def count(self) -> int:
        """Without annotations and order, which change nothing in how many there are."""
        if self.known_count is not None:
            return self.known_count
        records = self.object_list
        return records.order_by().count() if isinstance(records, QuerySet) else len(records)


class Pages(PageNumberPagination):
    django_paginator_class = KeysFirst
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
