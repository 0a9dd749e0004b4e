"""Browse pages: one GET form that narrows, searches and orders; pages of twenty; every state is an address."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.common.by_index import index_only
from portal.common.explaining import Why, why
from portal.common.facets import MANY, Counter, Counts, List, counts_of, kept_counts, show_counts
from portal.common.finding import (
    Asked,
    Hits,
    among,
    are_marks_known,
    fitting,
    look_up,
    look_up_among,
    matched,
    of_keys,
    ranked,
)
from portal.common.forms import BaseForm
from portal.common.reading import Near, Reading, nearest, plain_reading, read
from portal.common.search import any_of
from portal.common.templatetags.filtering import active_filters
from portal.common.views import turn_filtered_page, turn_page

RELEVANCE = "relevance"
FEW = 20


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
    # Words in which no slip is to be set right; other words typed later are read as ever.
    typed = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    orders: ClassVar[Mapping[str, Order]]
    explained: ClassVar[Sequence[str]] = ()  # translated fields in which a row shows the words that were found
    counters: ClassVar[Mapping[str, Counter]] = {}  # filters whose choices say how many results they leave
    # Filters that the index of words knows: what was chosen → marks, of which a record that passes has at least one.
    marks: ClassVar[Mapping[str, Callable[[Any], Sequence[str]]]] = {}
    is_filter = True  # every field is optional, so none says it
    subject: ClassVar[str] = ""  # what the list lists, for workers that count in its stead
    near = Near()
    hits = Hits()
    _near = Near()
    _fitting: list[int] | None = None  # by words alone
    _reading: Reading | None = None

    def suggest(self, url: str) -> None:
        """Offer what ``url`` answers while words are typed; without JavaScript it is a plain box."""
        self.fields["q"].widget.attrs |= {"data-suggest": url, "autocomplete": "off"}

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"].strip()
        if text and plain_reading(text) is None:
            raise ValidationError(gettext("Type at least one letter or digit to search for."), code="nothing")
        return text

    def narrow(self, records: QuerySet, chosen: Mapping[str, Any]) -> QuerySet:
        """The records that pass ``chosen``: the valid answers only, by field name, none of them empty."""
        raise NotImplementedError

    def apply(self, records: QuerySet) -> QuerySet:
        """``records`` narrowed, searched and in order."""
        chosen = self.chosen()
        reading, narrowed = self.reading(records), self.narrow(records, chosen)
        if reading is None:
            return narrowed.order_by(*self._order_fields())
        self._fitting = fitting(records, reading) if chosen else None
        self.hits = self._look_up(records, reading, chosen)
        # What is merely near comes last: a page full of words needs none of it, and no other order any.
        is_few = self.order == RELEVANCE and len(self.hits.keys) < FEW
        self._near = nearest(reading.said or self.words, records) if is_few else Near()
        self.near = self._near_among(narrowed)
        found = matched(records, self.hits, self.near)  # which pass all filters: they were looked up among those
        if self.order == RELEVANCE:
            found = ranked(found, reading, self.hits, self.near)
        return found.order_by(*self._order_fields())

    def _look_up(self, records: QuerySet, reading: Reading, chosen: Mapping[str, Any]) -> Hits:
        """Of ``records`` that pass ``chosen``."""
        if chosen:
            return look_up_among(self._asked(records, chosen), reading, self._fitting)
        return look_up(Asked(records, records), reading)

    def _asked(self, records: QuerySet, chosen: Mapping[str, Any]) -> Asked:
        passing, known = self.narrow(records, chosen), chosen.keys() & self.marks.keys()
        if not known or not are_marks_known():
            return Asked(passing, passing)
        others = {name: value for name, value in chosen.items() if name not in known}
        asked = [any_of(self.marks[name](chosen[name])) for name in sorted(known)]
        return Asked(passing, self.narrow(records, others), " & ".join(asked))

    def _near_among(self, records: QuerySet) -> Near:
        return replace(self._near, keys=among(records, self._near.keys))

    @property
    def found(self) -> int | None:
        """How many words and meaning found, once applied; None without words."""
        return None if self._reading is None else len({*self.hits.keys, *self.near.keys})

    def chosen(self) -> dict[str, Any]:
        """The valid answers of filters, by field name, none of them empty."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], False)}
        return {name: value for name, value in given.items() if name not in ("q", "typed", "sort")}

    @property
    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    def reading(self, records: QuerySet) -> Reading | None:
        """What the words ask of ``records``, read once; None without words."""
        if self._reading is None and self.words:
            as_typed = self.cleaned_data.get("typed") == self.words
            self._reading = read(self.words, get_language() or "en", records, as_typed=as_typed)
        return self._reading

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

    def why(self, record: Any) -> Why | None:
        """Why a record of the results is among them; None where they are not in the order of "Best match"."""
        if self._reading is None or self.order != RELEVANCE:
            return None
        return why(record, self._reading, self.explained, self.near.keys)

    def count_choices(self, records: QuerySet, reader: int | None) -> None:
        """Say behind each choice of ``counters`` how many of ``records`` it would leave, as far as that is known."""
        counters = self._counters()
        now = self._counted_now(counters, records)
        found = counts_of(now, self.chosen(), lambda left_out: self._known(records, left_out))
        if len(now) < len(counters):
            language = get_language() or "" if self.words else ""
            found = kept_counts(List(self.subject, self.normal_query(), reader, language)) | found
        for name, counts in found.items():
            show_counts(self.fields[name], counts, self.counters[name], self.data.getlist(name))

    def _counters(self) -> dict[str, Counter]:
        return {name: counter for name, counter in self.counters.items() if name in self.fields}

    def _counted_now(self, counters: dict[str, Counter], records: QuerySet) -> dict[str, Counter]:
        """Those that a page can count: once applied, the keys of what words found are known, if they are not many."""
        if not self.words:
            return counters if not self.subject or records.order_by()[: MANY + 1].count() <= MANY else {}
        chosen = self.chosen()
        return {
            name: counter
            for name, counter in counters.items()
            if (self._fitting is not None if name in chosen else self.hits.is_all)
        }

    def _known(self, records: QuerySet, left_out: str) -> QuerySet:
        """What is found without one filter, by keys where there are words."""
        if self._reading is None:
            return self._found(records, left_out)
        every = records.model._default_manager.all()  # what was looked up is readable and narrowed already
        if left_out not in self.chosen():
            return matched(every, self.hits, self.near)
        found = self.narrow(records, self._without(left_out))
        return of_keys(every, (*among(found, self._fitting or ()), *self._near_among(found).keys))

    def counts(self, records: QuerySet) -> dict[str, Counts]:
        """Filter → choice → how many of ``records`` it would leave, given all other answers. Takes its time."""
        with index_only() if self.words else nullcontext():
            return counts_of(self._counters(), self.chosen(), lambda left_out: self._found(records, left_out))

    def _found(self, records: QuerySet, left_out: str) -> QuerySet:
        reading, found = self.reading(records), self.narrow(records, self._without(left_out))
        return found if reading is None else found.filter(search__ways=reading.wide_ways())

    def _without(self, left_out: str) -> dict[str, Any]:
        return {name: value for name, value in self.chosen().items() if name != left_out}

    def normal_query(self) -> str:
        """The query without what is empty, unknown or only a place in the list, always in the same order."""
        kept = QueryDict(mutable=True)
        for name in self.fields:
            values = [value for value in self.data.getlist(name) if value.strip()]
            if values and name not in self.errors:
                kept.setlist(name, values)
        return kept.urlencode()

    def _order_fields(self) -> tuple[Any, ...]:
        default = next(iter(self.orders.values())).fields
        return ("-rank", *default) if self.order == RELEVANCE else self.orders[self.order].fields


def browse(request: HttpRequest, form: ListForm, records: QuerySet) -> dict[str, Any]:
    """The context of a list page; ``widen_query`` is the query without its last filter, empty when there is none."""
    found = form.apply(records)
    is_told = bool(form.words) or not form.chosen()
    page = turn_page(request, found, count=form.found) if is_told else turn_filtered_page(request, found)
    form.count_choices(records, request.user.pk)
    chips = active_filters(form, request.GET)
    widen_query = chips[-1]["query"] if chips else ""
    search = {"reading": form.reading(records), "was_asked": form.near.was_asked, "hits": form.hits}
    return {"form": form, "page_obj": page, "count": page.paginator.count, "widen_query": widen_query, **search}
