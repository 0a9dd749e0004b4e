"""The city's part of its home page; portal puts it together with what the other apps have for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from cities.enums import DemandState
from cities.models import Demand
from cities.readiness import Readiness, assess, facts_of
from cities.rules import can_edit_demand
from portal.accounts.enums import OrganisationKind, OrganisationState
from portal.accounts.models import Organisation, User
from portal.common.cards import Need
from portal.common.pagination import KeysFirst, place_in
from portal.common.translated import shown
from portal.common.views import PER_PAGE

# What waits for the city stands first, what is over last.
STATE_ORDER = [
    DemandState.CHANGES_REQUESTED,
    DemandState.DRAFT,
    DemandState.SUBMITTED,
    DemandState.PUBLISHED,
    DemandState.IN_DIALOGUE,
    DemandState.ON_HOLD,
    DemandState.EXPIRED,
    DemandState.REJECTED,
    DemandState.CLOSED,
    DemandState.WITHDRAWN,
    DemandState.MERGED,
]
OVER = (DemandState.CLOSED, DemandState.WITHDRAWN, DemandState.MERGED, DemandState.REJECTED)


@dataclass(frozen=True, slots=True)
class HomeDemand:
    demand: Demand
    readiness: Readiness
    can_edit: bool

    @property
    def is_over(self) -> bool:
        return self.demand.state in OVER

    @property
    def fix_url(self) -> str:
        """Where the next best fix is made; empty where there is none or the city has to wait."""
        fix = self.readiness.next_fix
        if fix is None or not fix.check.section or not self.can_edit:
            return ""
        return reverse("cities:demand-section", args=[self.demand.public_id, fix.check.section])


def home_context(user: User, page: str | None = None) -> dict[str, Any]:
    """For cities/_home_demands.html: ``city_bodies``, ``city_demands`` (one page of HomeDemand), ``city_needs``."""
    bodies = [item.organisation for item in user.memberships_of_kind(OrganisationKind.CITY)]
    own = Demand.objects.of_organisations([body.pk for body in bodies])
    own = own.for_list().prefetch_related("requirements").order_by(place_in(STATE_ORDER), "-updated_at", "-pk")
    shown_page = KeysFirst(own, PER_PAGE).get_page(page)
    rows = _rows(user, shown_page)
    # What waits for the city stands first, so it is on the first page.
    first = rows if shown_page.number == 1 else _rows(user, own[:PER_PAGE])
    needs = [*_of_bodies(bodies), *_of_demands(first)]
    return {"city_bodies": bodies, "city_page": shown_page, "city_demands": rows, "city_needs": needs}


def _rows(user: User, demands: Iterable[Demand]) -> list[HomeDemand]:
    today = timezone.localdate()
    return [
        HomeDemand(demand, assess(facts_of(demand), today=today), can_edit_demand(user, demand)) for demand in demands
    ]


def _of_bodies(bodies: list[Organisation]) -> list[Need]:
    refused = [body for body in bodies if body.state == OrganisationState.REFUSED]
    text = gettext("ICLEI could not verify %(name)s")
    return [Need(text % {"name": body.name}, body.get_absolute_url(), "danger") for body in refused]


def _of_demands(rows: list[HomeDemand]) -> list[Need]:
    needs = []
    for row in rows:
        title = shown(row.demand, "title").text
        edit = reverse("cities:demand-edit", args=[row.demand.public_id])
        if row.demand.state == DemandState.CHANGES_REQUESTED:
            hint = row.demand.review_note
            needs.append(Need(gettext("ICLEI asks for changes: %(title)s") % {"title": title}, edit, "warning", hint))
        elif row.demand.state == DemandState.DRAFT:
            needs.append(Need(gettext("Finish your draft: %(title)s") % {"title": title}, edit, "info"))
        elif row.demand.state == DemandState.EXPIRED:
            url = row.demand.get_absolute_url()
            needs.append(Need(gettext("Expired. Publish it again: %(title)s") % {"title": title}, url, "warning"))
    return needs
