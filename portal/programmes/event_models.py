"""Workshops, webinars and visits, and who comes."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User
from portal.common.models import TimeStamped, public_id
from portal.programmes import deadlines
from portal.programmes.enums import EventState, SeatState
from portal.programmes.querysets import EventQuerySet
from portal.programmes.texts import InProgramme


class Event(InProgramme, TimeStamped):
    """``sequence`` counts changes, so that calendars replace what they have. ``link`` is for those registered."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    programme = models.ForeignKey("programmes.Programme", models.PROTECT, related_name="events")
    title = models.CharField(_("Title"), max_length=200)
    about = models.TextField(_("What happens there"), max_length=4000, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=60, default="UTC")
    place = models.CharField(pgettext_lazy("event", "Place"), max_length=300, blank=True)
    link = models.URLField(_("Link to take part online"), max_length=500, blank=True)
    languages = models.CharField(_("Languages spoken"), max_length=120, blank=True)
    capacity = models.PositiveIntegerField(_("Places"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=EventState.choices, default=EventState.PLANNED)
    sequence = models.PositiveIntegerField(default=0)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(name="event_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="event_state_known", condition=Q(state__in=EventState.values)),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("E")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("programmes:event-detail", args=[self.public_id])

    @property
    def wall(self) -> datetime:
        return deadlines.wall(self.starts_at, self.zone)


class Seat(models.Model):
    """A person's registration. ``since`` orders the waiting list."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="seats")
    user = models.ForeignKey(User, models.CASCADE, related_name="seats")
    state = models.CharField(max_length=12, choices=SeatState.choices)
    since = models.DateTimeField()
    attended = models.BooleanField(null=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="seat_once"),
            models.CheckConstraint(name="seat_state_known", condition=Q(state__in=SeatState.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.event_id}: {self.state}"
