from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from matching.complaints.states import OPEN
from portal.accounts.enums import StaffRoleKind
from portal.accounts.rules import has_staff_role, is_moderator

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "ComplaintQuerySet":
        """Whoever complained, whoever has to answer, and the neutrality officer. Not the other moderators."""
        if has_staff_role(user, StaffRoleKind.NEUTRALITY):
            return self
        if not user.is_authenticated:
            return self.none()
        owns = Q(owner=user) if is_moderator(user) else Q(pk__in=[])
        return self.filter(Q(complainant=user) | owns)

    def waiting(self) -> "ComplaintQuerySet":
        return self.filter(state__in=OPEN)


class FlagQuerySet(models.QuerySet):
    def waiting(self) -> "FlagQuerySet":
        return self.filter(state="open")

    def visible_to(self, user: "Reader") -> "FlagQuerySet":
        if is_moderator(user) or has_staff_role(user, StaffRoleKind.NEUTRALITY):
            return self
        return self.filter(by=user) if user.is_authenticated else self.none()
