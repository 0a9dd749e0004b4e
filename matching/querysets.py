from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from cities.coach.partners import of_cities
from matching.enums import MatchState
from matching.states import CITY_SEES, PROVIDER_SEES, UNDECIDED
from portal.accounts.rules import is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


def _parties(user: "Reader", prefix: str = "") -> Q:
    """Matches whose city or provider the reader belongs to, each from the state on in which that side is told."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    mine = user.organisation_ids
    return of_cities(mine, prefix) & Q(**{f"{prefix}state__in": CITY_SEES}) | Q(
        **{f"{prefix}solution__provider__organisation_id__in": mine, f"{prefix}state__in": PROVIDER_SEES}
    )


class MatchQuerySet(models.QuerySet):
    def undecided(self) -> "MatchQuerySet":
        return self.filter(state__in=UNDECIDED)

    def offered(self) -> "MatchQuerySet":
        return self.filter(state=MatchState.OFFERED)

    def invited(self) -> "MatchQuerySet":
        return self.filter(state=MatchState.INVITED)

    def visible_to(self, user: "Reader") -> "MatchQuerySet":
        return self if is_staff_reader(user) else self.filter(_parties(user))

    def with_records(self) -> "MatchQuerySet":
        return self.select_related(
            "demand__city",
            "demand__organisation",
            "demand__focus_area",
            "solution__provider__organisation",
            "solution__focus_area",
        )


class IntroductionQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "IntroductionQuerySet":
        return self if is_staff_reader(user) else self.filter(_parties(user, "match__"))

    def with_records(self) -> "IntroductionQuerySet":
        return self.select_related(
            "match__demand__city", "match__demand__organisation", "match__solution__provider__organisation"
        )
