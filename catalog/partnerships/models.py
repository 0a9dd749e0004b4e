"""What ICLEI and a provider have agreed upon. Public; nothing of it is an input of the score."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.enums import Partnership
from catalog.models import Provider
from portal.accounts.models import User
from portal.common.models import TimeStamped

KINDS = [(kind.value, kind.label) for kind in Partnership if kind]


class AgreementQuerySet(models.QuerySet):
    def in_force(self, today: date) -> "AgreementQuerySet":
        return self.filter(Q(until=None) | Q(until__gte=today), agreed_on__lte=today, ended_on=None)


class Agreement(TimeStamped):
    """One agreement. ``provider.partnership`` repeats the one in force, for lists and for the exposure report."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="agreements")
    kind = models.CharField(_("Kind of partnership"), max_length=12, choices=KINDS)
    agreed_on = models.DateField(_("Agreed on"))
    until = models.DateField(_("Until"), null=True, blank=True)
    scope = models.TextField(_("What it is about"), max_length=1500)
    signed_for_iclei = models.CharField(_("Signed for ICLEI by"), max_length=200)
    signed_for_provider = models.CharField(_("Signed for the partner by"), max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-agreed_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="agreement_kind_known", condition=Q(kind__in=[kind for kind, _label in KINDS])),
            models.CheckConstraint(name="agreement_order", condition=Q(until__gte=F("agreed_on"))),
            models.CheckConstraint(name="agreement_end_order", condition=Q(ended_on__gte=F("agreed_on"))),
            models.CheckConstraint(
                name="agreement_says_what_and_who",
                condition=~Q(scope="") & ~Q(signed_for_iclei="") & ~Q(signed_for_provider=""),
            ),
            models.UniqueConstraint(fields=["provider"], condition=Q(ended_on=None), name="agreement_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} · {self.kind}"
