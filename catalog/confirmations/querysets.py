from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.confirmations.enums import CityAnswer
from portal.accounts.rules import is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class ConfirmationQuerySet(models.QuerySet):
    def waiting(self, now: datetime | None = None) -> "ConfirmationQuerySet":
        """Asked, not answered, and the link still works."""
        return self.filter(answered_at=None, withdrawn_at=None, expires_at__gt=now or timezone.now())

    def open(self) -> "ConfirmationQuerySet":
        """Neither answered nor withdrawn; the link of some has run out and can be renewed."""
        return self.filter(answered_at=None, withdrawn_at=None)

    def to_check(self) -> "ConfirmationQuerySet":
        """Confirmed from an address of which nobody knows that it is the city's: a moderator looks at it."""
        unknown = Q(answer=CityAnswer.CONFIRM, is_official=False, accepted=None)
        return self.filter(unknown)

    def visible_to(self, user: "Reader") -> "ConfirmationQuerySet":
        """The provider's own and ICLEI's. What a city wrote as it corrected or refused is for those two."""
        if is_staff_reader(user):
            return self
        own = user.organisation_ids if user.is_authenticated else ()
        return self.filter(reference__solution__provider__organisation_id__in=own)
