"""The lists that can be searched: whose records, by which form, under which address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from catalog.filters import SolutionFilter
from catalog.models import Solution
from cities.filters import DemandFilter
from cities.models import Demand
from portal.common.listing import ListForm
from portal.searches.enums import Subject

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


@dataclass(frozen=True, slots=True)
class Listing:
    """``readable`` are the records that the list shows to a person; ``since`` the time from which each is there."""

    route: str
    readable: Callable[["Reader"], QuerySet]
    form: Callable[[QueryDict, QuerySet], ListForm]
    since: str
    title: str

    def url(self, query: str = "") -> str:
        return reverse(self.route) + (f"?{query}" if query else "")


LISTINGS: dict[str, Listing] = {
    Subject.DEMANDS: Listing(
        "cities:demand-list",
        lambda user: Demand.objects.published_to(user),
        lambda data, readable: DemandFilter(data, readable=readable),
        "published_at",
        "title",
    ),
    Subject.SOLUTIONS: Listing(
        "catalog:solution-list",
        lambda user: Solution.objects.listed_to(user),
        lambda data, _readable: SolutionFilter(data),
        "listed_at",
        "name",
    ),
}


def form_of(subject: str, query: str, user: Any) -> ListForm:
    listing = LISTINGS[subject]
    return listing.form(QueryDict(query), listing.readable(user))
