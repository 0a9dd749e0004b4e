from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q

from matching.experts.states import OPEN
from portal.accounts.enums import StaffRoleKind
from portal.accounts.rules import is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class ExpertQuerySet(models.QuerySet):
    def active(self) -> "ExpertQuerySet":
        """Those who hold the role still."""
        role = Q(user__staffrole__role=StaffRoleKind.EXPERT)
        return self.filter(role, user__is_active=True, left_at=None)

    def public(self) -> "ExpertQuerySet":
        """Who agreed to stand in the directory."""
        return self.active().filter(consented_at__isnull=False)

    def with_workload(self) -> "ExpertQuerySet":
        """``open_requests`` of each, beside ``most_requests``."""
        return self.annotate(open_requests=Count("requests", filter=Q(requests__state__in=OPEN), distinct=True))

    def free(self, today: date) -> "ExpertQuerySet":
        """Not paused on ``today`` and below their limit. Needs ``with_workload``."""
        return self.filter(Q(paused_until=None) | Q(paused_until__lt=today), open_requests__lt=F("most_requests"))

    def visible_to(self, user: "Reader") -> "ExpertQuerySet":
        if is_staff_reader(user):
            return self
        own = Q(user=user) if user.is_authenticated else Q(pk__in=[])
        return self.filter(own | Q(pk__in=self.model._default_manager.public().values("pk")))


class AdviceQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "AdviceQuerySet":
        """The expert asked, whoever asked (a city's colleagues with them), and ICLEI's readers."""
        if is_staff_reader(user):
            return self
        if not user.is_authenticated:
            return self.none()
        mine = Q(expert__user=user) | Q(asked_by=user) | Q(asked_for__in=user.organisation_ids)
        return self.filter(mine)

    def waiting(self) -> "AdviceQuerySet":
        return self.filter(state__in=OPEN)

    def with_records(self) -> "AdviceQuerySet":
        return self.select_related(
            "expert__user", "expert__employer", "asked_by", "asked_for", "demand__organisation", "demand__city",
            "match__demand__city", "match__demand__organisation", "match__solution__provider__organisation",
        )  # fmt: skip
