from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from cities.enums import DemandState, Visibility
from cities.states import LIVE, PUBLIC
from portal.accounts.rules import is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class DemandQuerySet(models.QuerySet):
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

    def for_list(self) -> "DemandQuerySet":
        return self.select_related("city", "focus_area", "organisation").prefetch_related("topics")

    def for_detail(self) -> "DemandQuerySet":
        return self.for_list().prefetch_related("more_focus_areas", "requirements__criterion")
