"""Pages of lists: what they hold is found by keys alone where there is much, and only then read."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When, Window
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
        return self._of_keys(list(records.values_list("pk", flat=True)[bottom:top]))

    def _of_keys(self, keys: list[int]) -> QuerySet:
        found = self.object_list.filter(pk__in=keys)
        return found if keys else found.none()

    @cached_property
    def count(self) -> int:
        """Without annotations and order, which change nothing in how many there are."""
        if self.known_count is not None:
            return self.known_count
        records = self.object_list
        return records.order_by().count() if isinstance(records, QuerySet) else len(records)


class InOneLook(KeysFirst):
    """Of what filters leave of a large table, each record of which has to be looked at to tell: the keys of the page
    and how many there are come from one query.
    """

    _found: tuple[int, list[int]] | None = None

    def get_page(self, number: Any) -> Page:
        """Too high a page is asked for again, as the last one."""
        wanted = int(number) if str(number).isdecimal() and len(str(number)) < 10 else 1
        bottom = max(0, wanted - 1) * self.per_page
        counted = self.object_list.annotate(counted=Window(Count("*"))).values_list("pk", "counted")
        rows = list(counted[bottom : bottom + self.per_page])
        if rows or not bottom:
            self.known_count, self._found = rows[0][1] if rows else 0, (bottom, [pk for pk, _counted in rows])
        return super().get_page(number)

    def _rows(self, bottom: int, top: int) -> Any:
        if self._found is None or self._found[0] != bottom:
            return super()._rows(bottom, top)
        return self._of_keys(self._found[1])


class Pages(PageNumberPagination):
    django_paginator_class = KeysFirst
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
