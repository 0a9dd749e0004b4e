"""What else needs the reader now: questions, meetings, pools, advice and complaints that wait for this one person."""

from collections.abc import Iterator

from django.utils.translation import get_language, gettext

from cities.coach.models import MemberState, PoolMember
from cities.coach.partners import of_cities
from cities.coach.rules import can_decide_membership
from matching.complaints.models import Complaint
from matching.complaints.rules import is_neutrality_officer
from matching.experts.models import Advice
from matching.experts.rules import is_expert
from matching.introductions.enums import MeetingState
from matching.introductions.models import Question
from matching.introductions.rules import can_answer_question, can_choose_time
from matching.views.part import Part
from portal.accounts.models import User
from portal.accounts.rules import is_moderator
from portal.common.cards import Need
from portal.common.keys import if_any
from portal.common.languages import format_day
from portal.common.translated import shown

# Of each kind: a page that lists more is none that says what is next.
MOST = 10


def personal_needs(user: User, part: Part) -> Iterator[Need]:
    """The dated ones first. Sentences are those of the notices by which the same was told."""
    if is_expert(user):
        yield from _advice(user)
    if is_neutrality_officer(user) and not is_moderator(user):  # a moderator has them in the queue
        yield from _complaints(user)
    if user.organisation_ids:
        yield from _questions(user)
        yield from _meetings(user, part)
        yield from _pools(user)


def _advice(user: User) -> Iterator[Need]:
    language = get_language() or "en"
    text = gettext("Your advice is wanted on “%(demand)s”: please answer by %(date)s")
    asked = Advice.objects.waiting().filter(expert__user=user).with_records().order_by("due_on", "pk")
    for advice in asked[:MOST]:
        about = advice.demand or advice.match.demand
        values = {"demand": shown(about, "title").text, "date": format_day(advice.due_on, language)}
        yield Need(text % values, advice.get_absolute_url())


def _complaints(user: User) -> Iterator[Need]:
    """Those to examine, and those for which nobody without a part in it was found."""
    language = get_language() or "en"
    text = gettext("Complaint %(name)s is yours to examine: please answer by %(date)s")
    waiting = Complaint.objects.waiting().filter(owner=user) | Complaint.objects.filter(state="filed", owner=None)
    for one in waiting.order_by("due_on", "pk")[:MOST]:
        values = {"name": one.public_id, "date": format_day(one.due_on, language)}
        hint = "" if one.owner_id else gettext("Not assigned yet")
        yield Need(text % values, one.get_absolute_url(), "danger", hint)


def _questions(user: User) -> Iterator[Need]:
    text = gettext("A provider asks about your demand “%(demand)s”")
    found = Question.objects.waiting_for_city().filter(of_cities(user.organisation_ids)).with_records()
    for one in if_any(found[:MOST]):
        if can_answer_question(user, one):
            yield Need(text % {"demand": shown(one.demand, "title").text}, one.get_absolute_url())


def _meetings(user: User, part: Part) -> Iterator[Need]:
    text = gettext("Times are proposed for a meeting about “%(demand)s”: please pick one")
    found = part.meetings.filter(state=MeetingState.PROPOSED).with_records().order_by("created_at", "pk")
    for one in if_any(found[:MOST]):
        if can_choose_time(user, one):
            title = shown(one.introduction.match.demand, "title").text
            yield Need(text % {"demand": title}, one.get_absolute_url())


def _pools(user: User) -> Iterator[Need]:
    text = gettext("%(city)s proposes to join forces: your demand “%(demand)s”")
    asked = PoolMember.objects.filter(state=MemberState.INVITED, demand__organisation__in=user.organisation_ids)
    asked = asked.select_related("demand", "pool__demand__organisation").order_by("created_at", "pk")
    for one in if_any(asked[:MOST]):
        if can_decide_membership(user, one):
            values = {"city": one.pool.demand.organisation.name, "demand": shown(one.demand, "title").text}
            yield Need(text % values, one.pool.get_absolute_url(), "info")
