from typing import TYPE_CHECKING

from django.db import models

from cities.coach.partners import pooled_with
from matching.enums import MatchState
from matching.states import CITY_SEES, PROVIDER_SEES, UNDECIDED
from portal.accounts.rules import is_staff_reader
from portal.common.translated import columns

if TYPE_CHECKING:
    from portal.accounts.rules import Reader

ROW_RECORDS = ("demand__city", "solution__provider__organisation")
ROW_COLUMNS = (
    "public_id", "state", "state_since", "respond_by", "points", "band",
    *columns("demand__title"), "demand__original_language", "demand__translations", "demand__country",
    "demand__organisation",
    *columns("demand__city__name"),
    *columns("solution__name"), "solution__original_language", "solution__translations",
    "solution__provider__organisation__name",
)  # fmt: skip


class MatchQuerySet(models.QuerySet):
    def undecided(self) -> "MatchQuerySet":
        return self.filter(state__in=UNDECIDED)

    def offered(self) -> "MatchQuerySet":
        return self.filter(state=MatchState.OFFERED)

    def invited(self) -> "MatchQuerySet":
        return self.filter(state=MatchState.INVITED)

    def visible_to(self, user: "Reader") -> "MatchQuerySet":
        """Those of whose city or provider the reader is, each from the state on in which that side is told.

        By keys, from an index for each way of taking part: as one condition, every match would be looked at.
        """
        if is_staff_reader(user):
            return self
        if not user.is_authenticated:
            return self.none()
        mine, every = user.organisation_ids, self.model.objects.order_by()
        of_city = every.filter(state__in=CITY_SEES)
        keys = (
            of_city.filter(demand__organisation_id__in=mine)
            .values("pk")
            .union(
                of_city.filter(demand_id__in=pooled_with(mine)).values("pk"),
                every.filter(state__in=PROVIDER_SEES, solution__provider__organisation_id__in=mine).values("pk"),
            )
        )
        return self.filter(pk__any_of=keys)

    def with_records(self) -> "MatchQuerySet":
        return self.select_related(
            "demand__city",
            "demand__organisation",
            "demand__focus_area",
            "solution__provider__organisation",
            "solution__focus_area",
        )

    def for_rows(self) -> "MatchQuerySet":
        """For rows of a list: of both records titles, places and names. Their texts are most of ``with_records``."""
        return self.select_related(*ROW_RECORDS).only(*ROW_COLUMNS)


class IntroductionQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "IntroductionQuerySet":
        if is_staff_reader(user):
            return self
        matches = self.model._meta.get_field("match").related_model.objects
        return self.of_matches(matches.visible_to(user))

    def of_matches(self, matches: MatchQuerySet) -> "IntroductionQuerySet":
        return self.filter(match__pk__any_of=matches.values("pk"))

    def with_records(self) -> "IntroductionQuerySet":
        return self.select_related(
            "match__demand__city", "match__demand__organisation", "match__solution__provider__organisation"
        )

    def for_rows(self) -> "IntroductionQuerySet":
        records, shown = (tuple(f"match__{name}" for name in names) for names in (ROW_RECORDS, ROW_COLUMNS))
        return self.select_related(*records).only("introduced_at", *shown)
