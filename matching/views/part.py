"""What a reader takes part in, found once for all that a page asks of it."""

from dataclasses import dataclass

from matching.introductions.models import Meeting
from matching.introductions.querysets import MeetingQuerySet
from matching.models import Introduction, Match
from matching.querysets import IntroductionQuerySet, MatchQuerySet
from portal.accounts.models import User
from portal.accounts.rules import is_staff_reader


@dataclass(frozen=True, slots=True)
class Part:
    """The same as ``visible_to`` of each."""

    matches: MatchQuerySet
    introductions: IntroductionQuerySet
    meetings: MeetingQuerySet


def part_of(user: User) -> Part:
    """One query: of a provider with thousands of solutions it looks for the matches of each."""
    visible = Match.objects.visible_to(user)
    if is_staff_reader(user):
        return Part(visible, Introduction.objects.visible_to(user), Meeting.objects.visible_to(user))
    keys = frozenset(visible.values_list("pk", flat=True))
    mine = Match.objects.filter(pk__any_of=keys) if keys else Match.objects.none()
    return Part(mine, Introduction.objects.of_matches(mine), Meeting.objects.of_matches(mine))
