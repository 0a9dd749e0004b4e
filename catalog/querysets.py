from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from catalog.enums import SolutionState
from portal.accounts.enums import OrganisationState
from portal.accounts.rules import is_staff_reader
from portal.common.begun import DraftsQuerySet
from portal.common.translated import columns

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class ProviderQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "ProviderQuerySet":
        """Verified ones are public; imported ones are so already where they come from, until ICLEI refuses them."""
        if is_staff_reader(user):
            return self
        mine = Q(organisation_id__in=user.organisation_ids) if user.is_authenticated else Q(pk__in=[])
        imported = Q(organisation__state=OrganisationState.PENDING) & ~Q(source="")
        return self.filter(Q(organisation__state=OrganisationState.VERIFIED) | imported | mine)


class SolutionQuerySet(DraftsQuerySet):
    called_by, draft = "name", SolutionState.DRAFT

    def listed(self) -> "SolutionQuerySet":
        return self.filter(state=SolutionState.LISTED)

    def listed_to(self, _user: "Reader") -> "SolutionQuerySet":
        """What lists show: of ``visible_to`` the listed ones, which are everybody's."""
        return self.listed()

    def stamp(self) -> tuple[Any, ...]:
        """Changes with every change of any of them. The latest time and key are not enough: of two changes at once
        the earlier may be the later to commit.
        """
        found = self.aggregate(
            n=models.Count("pk"), at=models.Max("updated_at"), top=models.Max("pk"), versions=models.Sum("version")
        )
        return tuple(found.values())

    def waiting_for_review(self) -> "SolutionQuerySet":
        return self.filter(state=SolutionState.SUBMITTED)

    def of_organisations(self, organisation_ids: object) -> "SolutionQuerySet":
        return self.filter(provider__organisation_id__in=organisation_ids)

    def visible_to(self, user: "Reader") -> "SolutionQuerySet":
        """Listed ones are public; the provider sees its own in every state; ICLEI staff see all."""
        if is_staff_reader(user):
            return self
        mine = Q(provider__organisation_id__in=user.organisation_ids) if user.is_authenticated else Q(pk__in=[])
        return self.filter(Q(state=SolutionState.LISTED) | mine)

    def for_rows(self) -> "SolutionQuerySet":
        """For rows of a list: without the long texts, which in all languages are most of a record."""
        shown = self.select_related("provider__organisation", "focus_area").prefetch_related("claims", "references")
        long = columns("how_it_works", "not_suitable", "provider__description", "focus_area__description")
        return shown.defer("search", *long)

    def for_list(self) -> "SolutionQuerySet":
        return self.select_related("provider__organisation", "focus_area").prefetch_related(
            "topics", "claims", "references"
        )

    def for_detail(self) -> "SolutionQuerySet":
        return self.for_list().prefetch_related("more_focus_areas", "capabilities__criterion")
