"""Pools of demands and their members."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cities.coach.querysets import PoolQuerySet
from cities.models import Demand
from portal.accounts.models import User
from portal.common.models import TimeStamped, public_id


class MemberState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("member of a pool", "Asked")
    JOINED = "joined", pgettext_lazy("member of a pool", "Joined")
    DECLINED = "declined", pgettext_lazy("member of a pool", "Declined")
    LEFT = "left", pgettext_lazy("member of a pool", "Left")

    @property
    def tone(self) -> str:
        return {"invited": "info", "joined": "success"}.get(self.value, "neutral")


class Pool(TimeStamped):
    """One demand that several cities make together. ``demand`` is moderated and matched like any other."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    demand = models.OneToOneField(Demand, models.PROTECT, related_name="pool")
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PoolQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.demand)

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("P")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("pools:pool-detail", args=[self.public_id])


class PoolMember(TimeStamped):
    """A city's own demand in the pool. It is merged while its city has joined and the pooled demand is public."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="members")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="pool_memberships")
    state = models.CharField(max_length=12, choices=MemberState.choices, default=MemberState.INVITED)
    message = models.TextField(_("Words to the other city"), blank=True, max_length=1500)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "demand"], name="pool_member_once"),
            # A demand is continued in one place only.
            models.UniqueConstraint(fields=["demand"], condition=Q(state="joined"), name="pool_joined_once"),
            models.CheckConstraint(name="pool_state_known", condition=Q(state__in=MemberState.values)),
            models.CheckConstraint(
                name="pool_decided_who_when",
                condition=Q(state="invited", decided_by=None, decided_at=None)
                | (~Q(state="invited") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool} · {self.demand} · {self.state}"

    @property
    def has_joined(self) -> bool:
        return self.state == MemberState.JOINED
