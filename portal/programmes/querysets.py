from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from portal.programmes.deadlines import MINUTE
from portal.programmes.enums import ApplicationState, EventState, ProgrammeState, SeatState
from portal.programmes.rules import reads_applications, reads_drafts
from portal.programmes.states import DECIDED, PUBLIC

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class ProgrammeQuerySet(models.QuerySet):
    def public(self) -> "ProgrammeQuerySet":
        return self.filter(state__in=PUBLIC)

    def visible_to(self, user: "Reader") -> "ProgrammeQuerySet":
        """From their announcement on everybody's; drafts are for programme managers and ICLEI's readers."""
        return self if reads_drafts(user) else self.public()

    def with_record(self, record: Any) -> "ProgrammeQuerySet":
        """Those that a demand or solution is linked to, or was accepted in; the latter once everybody knows."""
        side = record._meta.model_name
        accepted = Q(
            **{f"calls__applications__{side}": record, "calls__applications__state": ApplicationState.ACCEPTED}
        )
        return self.filter(Q(**{f"{side}s": record}) | (accepted & Q(state__in=DECIDED))).distinct()

    def for_list(self) -> "ProgrammeQuerySet":
        return self.prefetch_related("focus_areas", "calls")


class CallQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "CallQuerySet":
        return self if reads_drafts(user) else self.filter(programme__state__in=PUBLIC)

    def open(self) -> "CallQuerySet":
        """Those that take applications now, the first to close first."""
        now = timezone.now()
        begun = Q(opens_at__isnull=True) | Q(opens_at__lte=now)
        running = self.filter(begun, programme__state=ProgrammeState.OPEN, deadline__gt=now - MINUTE)
        return running.select_related("programme").order_by("deadline", "pk")

    def with_counts(self) -> "CallQuerySet":
        handed_in = ~Q(applications__state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
        counted = self.select_related("programme").prefetch_related("criteria")
        return counted.annotate(
            handed_in=Count("applications", filter=handed_in & Q(applications__isnull=False), distinct=True),
            unanswered=Count("enquiries", filter=Q(enquiries__answer=""), distinct=True),
        )


class ApplicationQuerySet(models.QuerySet):
    def handed_in(self) -> "ApplicationQuerySet":
        return self.exclude(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])

    def visible_to(self, user: "Reader") -> "ApplicationQuerySet":
        """The organisation's own; once handed in also managers' and the neutrality officer's, never other staff's:
        whoever may sit on a jury must not be able to look up whose an application is.
        """
        mine = Q(organisation__in=user.organisation_ids) if user.is_authenticated else Q(pk__in=[])
        if reads_applications(user):
            mine |= ~Q(state=ApplicationState.DRAFT)
        return self.filter(mine)

    def with_records(self) -> "ApplicationQuerySet":
        return self.select_related("call__programme", "organisation", "demand__city", "solution__provider")


class EventQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "EventQuerySet":
        return self if reads_drafts(user) else self.filter(programme__state__in=PUBLIC)

    def upcoming(self) -> "EventQuerySet":
        return self.filter(state=EventState.PLANNED, ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def with_seats(self) -> "EventQuerySet":
        taken = Count("seats", filter=Q(seats__state=SeatState.REGISTERED))
        return self.annotate(taken=taken, waiting=Count("seats", filter=Q(seats__state=SeatState.WAITING)))
