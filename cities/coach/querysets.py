from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from portal.accounts.rules import is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class PoolQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "PoolQuerySet":
        """The cities that are asked or take part, and ICLEI. Who joined is public on the pooled demand's own page."""
        if is_staff_reader(user):
            return self
        if not user.is_authenticated:
            return self.none()
        own = user.organisation_ids
        mine = Q(demand__organisation_id__in=own) | Q(members__demand__organisation_id__in=own)
        return self.filter(mine).distinct()
