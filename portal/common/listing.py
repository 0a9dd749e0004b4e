"""Browse pages: one GET form that narrows, searches and orders; pages of twenty; every state is an address."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib.postgres.search import SearchRank
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.common.forms import BaseForm
from portal.common.search import search_query
from portal.common.templatetags.filtering import active_filters
from portal.common.views import turn_page

RELEVANCE = "relevance"


class Order(NamedTuple):
    """A way to sort: the words of its link and the ``order_by`` arguments, the last of which must be unique."""

    label: Any
    fields: tuple[Any, ...]


class ListForm(BaseForm):
    """The query string of a list. What is not valid is reported at its field and narrows nothing.

    A subclass adds fields, ``orders`` (code → Order, the first is the default) and ``narrow``.
    """

    q = forms.CharField(
        label=_("Words to search for"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search"}),
    )
    # Hidden, so that it stays while filters change and never becomes a chip.
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    orders: ClassVar[Mapping[str, Order]]
    is_filter = True  # every field is optional, so none says it

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"].strip()
        if text and search_query(text) is None:
            raise ValidationError(gettext("Type at least one letter or digit to search for."), code="nothing")
        return text

    def narrow(self, records: QuerySet, chosen: Mapping[str, Any]) -> QuerySet:
        """The records that pass ``chosen``: the valid answers only, by field name, none of them empty."""
        raise NotImplementedError

    def apply(self, records: QuerySet) -> QuerySet:
        """``records`` narrowed, searched and in order."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], False)}
        words = search_query(chosen.pop("q", ""))
        if words is not None:
            records = records.filter(search=words).annotate(rank=SearchRank(F("search"), words))
        return self.narrow(records, chosen).order_by(*self._order_fields())

    @property
    def order(self) -> str:
        """The code of the order in force."""
        self.is_valid()
        wanted = self.cleaned_data.get("sort", "")
        offered = dict(self.offered_orders())
        return wanted if wanted in offered else next(iter(offered))

    def offered_orders(self) -> list[tuple[str, Any]]:
        """(code, label) of the orders in reach: "Best match" only while words are searched for."""
        best = [(RELEVANCE, pgettext_lazy("sort", "Best match"))] if self.cleaned_data.get("q") else []
        return best + [(code, order.label) for code, order in self.orders.items()]

    def _order_fields(self) -> tuple[Any, ...]:
        default = next(iter(self.orders.values())).fields
        return ("-rank", *default) if self.order == RELEVANCE else self.orders[self.order].fields


def browse(request: HttpRequest, form: ListForm, records: QuerySet) -> dict[str, Any]:
    """The context of a list page; ``widen_query`` is the query without its last filter, empty when there is none."""
    page = turn_page(request, form.apply(records))
    chips = active_filters(form, request.GET)
    widen_query = chips[-1]["query"] if chips else ""
    return {"form": form, "page_obj": page, "count": page.paginator.count, "widen_query": widen_query}
