import re
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.accounts.domains import domain_of_email
from portal.accounts.enums import OrganisationState
from portal.accounts.rules import can_oversee_conflicts, is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.models import User
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

    def tied_to(self, user: "User") -> "OrganisationQuerySet":
        """Those to which the person is tied, by the four ways that ``rules.is_tied`` names."""
        ways = [Q(membership__user=user), Q(former_memberships__user=user)]
        today = timezone.localdate()
        in_force = Q(declared_conflicts__until=None) | Q(declared_conflicts__until__gte=today)
        ways.append(Q(declared_conflicts__user=user) & in_force)
        if domain := domain_of_email(user.email):
            ways += [
                Q(membership__user__email__iendswith=f"@{domain}"),
                Q(membership__user__email__iendswith=f".{domain}"),
                Q(website__iregex=rf"^https?://([^/@]*\.)?{re.escape(domain)}([/:?#]|$)"),
            ]
        # One subquery each: joined in one statement, every member would be multiplied with every declaration.
        found = Q(pk__in=[])
        for way in ways:
            found |= Q(pk__any_of=self.model._default_manager.filter(way).values("pk"))
        return self.filter(found)


class ConflictQuerySet(models.QuerySet):
    def in_force(self, today: date) -> "ConflictQuerySet":
        """Not ended yet. One whose beginning is still to come counts: what is promised ties as well."""
        return self.filter(Q(until=None) | Q(until__gte=today))

    def visible_to(self, user: "Reader") -> "ConflictQuerySet":
        """One's own; all of them for the neutrality officer and administrators."""
        if can_oversee_conflicts(user):
            return self
        return self.filter(user=user) if user.is_authenticated else self.none()
