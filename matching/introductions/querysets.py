from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cities.coach.partners import of_cities
from matching.introductions.enums import QuestionState
from matching.introductions.rules import invited_to
from matching.models import Introduction, Match
from matching.querysets import MatchQuerySet
from matching.states import INTRODUCED
from portal.accounts.rules import is_staff_reader

if TYPE_CHECKING:
    from portal.accounts.rules import Reader


class PackQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "PackQuerySet":
        """The city, everybody invited, ICLEI."""
        if is_staff_reader(user):
            return self
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_cities(user.organisation_ids) | Q(demand_id__in=invited_to(user)))


class QuestionQuerySet(models.QuerySet):
    def to_release(self) -> "QuestionQuerySet":
        """A moderator is to release these, the longest waiting first."""
        return self.filter(state=QuestionState.ANSWERED).order_by("answered_at", "pk")

    def waiting_for_city(self) -> "QuestionQuerySet":
        return self.filter(state=QuestionState.ASKED).order_by("asked_at", "pk")

    def released(self) -> "QuestionQuerySet":
        return self.filter(state=QuestionState.RELEASED).order_by("released_at", "pk")

    def visible_to(self, user: "Reader") -> "QuestionQuerySet":
        """ICLEI and the city see all; an invited provider what was released to all, and what it asked itself."""
        if is_staff_reader(user):
            return self
        if not user.is_authenticated:
            return self.none()
        mine = user.organisation_ids
        released = Q(state=QuestionState.RELEASED, demand_id__in=invited_to(user))
        return self.filter(of_cities(mine) | Q(organisation_id__in=mine) | released)

    def with_records(self) -> "QuestionQuerySet":
        return self.select_related("demand__organisation", "demand__city", "organisation", "match__solution")


class DocumentQuerySet(models.QuerySet):
    def present(self) -> "DocumentQuerySet":
        return self.filter(removed_at=None)

    def given(self) -> "DocumentQuerySet":
        """What nothing keeps from those who are invited."""
        return self.present().filter(Q(held_for="") | Q(released_at__isnull=False))

    def held(self) -> "DocumentQuerySet":
        """A moderator looks at these first, the longest waiting first."""
        return self.present().exclude(held_for="").filter(released_at=None).order_by("created_at", "pk")

    def visible_to(self, user: "Reader") -> "DocumentQuerySet":
        """Of a pack: the city, everybody invited, ICLEI. Of an introduction: its two sides, and ICLEI."""
        if is_staff_reader(user):
            return self.present()
        if not user.is_authenticated:
            return self.none()
        mine = user.organisation_ids
        given = Q(held_for="") | Q(released_at__isnull=False)
        pack = of_cities(mine) | (given & Q(demand_id__in=invited_to(user)))
        shared = Q(
            introduction__match__state__in=INTRODUCED,
            introduction__pk__any_of=Introduction.objects.visible_to(user).values("pk"),
        )
        return self.present().filter(pack | shared)


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user: "Reader") -> "MeetingQuerySet":
        if is_staff_reader(user):
            return self
        if not user.is_authenticated:
            return self.none()
        return self.of_matches(Match.objects.visible_to(user))

    def of_matches(self, matches: MatchQuerySet) -> "MeetingQuerySet":
        """For those who take part in these: from the introduction on."""
        return self.filter(
            introduction__match__state__in=INTRODUCED, introduction__match__pk__any_of=matches.values("pk")
        )

    def with_records(self) -> "MeetingQuerySet":
        return self.select_related(
            "introduction__match__demand__city", "introduction__match__demand__organisation",
            "introduction__match__solution__provider__organisation", "organisation", "proposed_by",
        ).prefetch_related("times")  # fmt: skip


class FollowUpQuerySet(models.QuerySet):
    def in_conflict(self) -> "FollowUpQuerySet":
        """The two sides say different things, and no moderator has looked into it yet."""
        return self.filter(is_conflict=True, settled_at=None).order_by("due_on", "pk")

    def to_ask(self) -> "FollowUpQuerySet":
        return self.filter(asked_at=None, due_on__lte=timezone.localdate())

    def with_records(self) -> "FollowUpQuerySet":
        return self.select_related(
            "introduction__match__demand__organisation", "introduction__match__demand__city",
            "introduction__match__solution__provider__organisation",
        ).prefetch_related("answers")  # fmt: skip
