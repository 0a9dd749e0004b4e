from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat

from cities.enums import DemandState, Visibility
from cities.geography import fold_name
from cities.states import LIVE, PUBLIC
from portal.accounts.rules import is_staff_reader
from portal.common.begun import DraftsQuerySet
from portal.common.translated import columns

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class CityQuerySet(models.QuerySet):
    def spelled(self, text: str, country: str = "") -> "CityQuerySet":
        """Cities with ``text`` in one of their names, in any language: whole names first, then beginnings, the rest.

        Within each, the most populous first. Case, accents and hyphens do not matter.
        """
        folded = fold_name(text)
        if not folded:
            return self.none()
        # The column holds all folded spellings, parted by " | ".
        marked = Concat(Value("| "), F("search"), Value(" |"), output_field=models.TextField())
        place = Case(
            When(marked__contains=f"| {folded} |", then=Value(0)),
            When(marked__contains=f"| {folded}", then=Value(1)),
            default=Value(2),
        )
        found = self.filter(search__contains=folded, **({"country": country} if country else {}))
        largest = F("population").desc(nulls_last=True)
        return found.annotate(marked=marked).annotate(place=place).order_by("place", largest, "pk")


class DemandQuerySet(DraftsQuerySet):
    called_by, draft = "title", DemandState.DRAFT

    def live(self) -> "DemandQuerySet":
        return self.filter(state__in=LIVE)

    def public(self) -> "DemandQuerySet":
        return self.filter(state__in=PUBLIC, visibility=Visibility.PUBLIC)

    def waiting_for_review(self) -> "DemandQuerySet":
        return self.filter(state=DemandState.SUBMITTED)

    def of_organisations(self, organisation_ids: object) -> "DemandQuerySet":
        return self.filter(organisation_id__in=organisation_ids)

    def visible_to(self, user: "Reader") -> "DemandQuerySet":
        """Published ones as their visibility says; the city's own in every state; ICLEI staff see all."""
        if is_staff_reader(user):
            return self
        readable = Q(state__in=PUBLIC, visibility=Visibility.PUBLIC)
        if user.is_authenticated:
            readable |= Q(organisation_id__in=user.organisation_ids)
            if any(m.organisation.is_verified for m in user.active_memberships):
                readable |= Q(state__in=PUBLIC, visibility=Visibility.MEMBERS)
        return self.filter(readable)

    def published_to(self, user: "Reader") -> "DemandQuerySet":
        """What lists show: ``visible_to`` in public states, as simply as it can be asked of a hundred thousand rows."""
        published = self.filter(state__in=PUBLIC)
        if is_staff_reader(user):
            return published
        seen, mine = [Visibility.PUBLIC], Q(pk__in=[])
        if user.is_authenticated:
            mine = Q(organisation_id__in=user.organisation_ids)
            if any(m.organisation.is_verified for m in user.active_memberships):
                seen.append(Visibility.MEMBERS)
        return published.filter(Q(visibility__in=seen) | mine)

    def for_rows(self) -> "DemandQuerySet":
        """For rows of a list: without what only the page of a demand shows."""
        shown = self.select_related("city", "focus_area")
        return shown.defer("search", "city__search", *columns("outcome", "focus_area__description"))

    def for_list(self) -> "DemandQuerySet":
        return self.select_related("city", "focus_area", "organisation").prefetch_related("topics")

    def for_detail(self) -> "DemandQuerySet":
        return self.for_list().prefetch_related("more_focus_areas", "requirements__criterion")
