from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from portal.accounts.enums import OrganisationState
from portal.accounts.rules import is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class OrganisationQuerySet(models.QuerySet):
    def verified(self) -> "OrganisationQuerySet":
        return self.filter(state=OrganisationState.VERIFIED)

    def pending(self) -> "OrganisationQuerySet":
        """Those that somebody registered and waits for. Imported ones have no members: nobody asked to be verified."""
        return self.filter(state=OrganisationState.PENDING, members__isnull=False).distinct()

    def visible_to(self, user: "Reader") -> "OrganisationQuerySet":
        """Verified ones are public; the others are seen by their members and by ICLEI staff."""
        if is_staff_reader(user):
            return self
        mine = Q(pk__in=user.organisation_ids) if user.is_authenticated else Q(pk__in=[])
        return self.filter(Q(state=OrganisationState.VERIFIED) | mine)
