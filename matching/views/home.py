"""The matcher's part of everybody's home page; portal puts it together with what the other apps have for it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from matching.enums import MatchState
from matching.models import Match, Message
from matching.pooling.consents import consents
from matching.queue import Queue, fetch, queue_for
from matching.rules import can_answer_for_city, can_answer_for_provider, city_id
from matching.views.needs import personal_needs
from matching.views.part import Part, part_of
from matching.waiting import Kind
from portal.accounts.models import User
from portal.accounts.rules import is_member, is_moderator, is_staff_reader
from portal.common.cards import Need
from portal.common.keys import if_any
from portal.common.languages import format_day
from portal.common.translated import shown

NEXT_IN_QUEUE = 5
RECENT = 10
ENDED = (MatchState.NONE, MatchState.LOST, MatchState.DROPPED, MatchState.STOPPED)


def home_context(user: User) -> dict[str, Any]:
    """``match_needs``, ``personal_needs``, ``introductions`` under way, and for moderators the head of their queue."""
    part = part_of(user)
    introductions = list(_introductions(part)) if not is_staff_reader(user) else []
    context: dict[str, Any] = {
        "match_needs": [*_answers(user, part), *_unanswered(user, introductions)],
        "introductions": introductions,
        "personal_needs": list(personal_needs(user, part)),
    }
    if is_moderator(user):
        queue = queue_for(user)
        context |= {
            "queue": queue,
            "queue_rows": fetch(queue.items[:NEXT_IN_QUEUE]),
            "match_needs": [*_of_queue(queue), *context["match_needs"]],
        }
    return context


def _answers(user: User, part: Part) -> Iterator[Need]:
    """Matches that wait for this reader's organisation, the most urgent first; only those may answer are asked."""
    if not user.organisation_ids:
        return
    waiting = part.matches.filter(state__in=(MatchState.OFFERED, MatchState.INVITED)).for_rows()
    for match in if_any(waiting.order_by("respond_by", "pk")):
        asks_city = match.state == MatchState.OFFERED and can_answer_for_city(user, match)
        asks_provider = match.state == MatchState.INVITED and can_answer_for_provider(user, match)
        if asks_city or asks_provider or _asks_partner(user, match):
            yield Need(_question(match), match.get_absolute_url(), hint=_deadline(match))


def _asks_partner(user: User, match: Match) -> bool:
    """Whether the lead of a pool waits for the yes of a city this reader speaks for."""
    if match.state != MatchState.OFFERED or is_member(user, city_id(match)):
        return False
    return any(one.may_answer and one.answer is None for one in consents(match, user))


def _question(match: Match) -> str:
    titles = {"demand": shown(match.demand, "title").text, "solution": shown(match.solution, "name").text}
    if match.state == MatchState.OFFERED:
        return gettext("Do you want to talk about “%(solution)s” for “%(demand)s”?") % titles
    return gettext("A city wants to talk about “%(solution)s” for “%(demand)s”") % titles


def _deadline(match: Match) -> str:
    if match.respond_by is None:
        return ""
    return gettext("Answer by %(day)s") % {"day": format_day(match.respond_by, get_language() or "en")}


def _introductions(part: Part) -> Any:
    """Those under way, with the organisation that wrote last."""
    last = Message.objects.filter(introduction=OuterRef("pk")).order_by("-at", "-pk")
    running = part.introductions.exclude(match__state__in=ENDED).for_rows()
    return running.annotate(
        last_at=Subquery(last.values("at")[:1]), last_by=Subquery(last.values("organisation_id")[:1])
    ).order_by("-introduced_at", "-pk")[:RECENT]


def _unanswered(user: User, introductions: list[Any]) -> Iterator[Need]:
    """Introductions in which the other side had the last word, or nobody a first one."""
    for introduction in introductions:
        title = shown(introduction.match.demand, "title").text
        if introduction.match.state == MatchState.INTRODUCED:
            text = gettext("You are introduced. Write the first message: %(title)s")
            yield Need(text % {"title": title}, introduction.get_absolute_url(), "info")
        elif introduction.last_at is not None and introduction.last_by not in user.organisation_ids:
            text = gettext("A message waits for your answer: %(title)s")
            yield Need(text % {"title": title}, f"{introduction.get_absolute_url()}#thread", "info")


def _of_queue(queue: Queue) -> Iterator[Need]:
    for kind in Kind:
        if number := queue.counts[kind]:
            url = f"{reverse('matching:queue')}?kind={kind.value}"
            tone = "danger" if kind in (Kind.OVERDUE, Kind.COMPLAINT) else "warning" if kind != Kind.MATCH else "info"
            yield Need(_waits(kind, number), url, tone)


def _waits(kind: Kind, number: int) -> str:
    text = {
        Kind.ORGANISATION: ngettext(
            "%(count)s organisation waits for verification", "%(count)s organisations wait for verification", number
        ),
        Kind.DEMAND: ngettext("%(count)s demand waits for review", "%(count)s demands wait for review", number),
        Kind.SOLUTION: ngettext("%(count)s solution waits for review", "%(count)s solutions wait for review", number),
        Kind.MATCH: ngettext("%(count)s match waits for a decision", "%(count)s matches wait for a decision", number),
        Kind.OVERDUE: ngettext("%(count)s answer is overdue", "%(count)s answers are overdue", number),
        Kind.CONFIRM: ngettext(
            "%(count)s decision waits for a second moderator", "%(count)s decisions wait for a second moderator", number
        ),
        Kind.QUESTION: ngettext("%(count)s answer waits for release", "%(count)s answers wait for release", number),
        Kind.DOCUMENT: ngettext("%(count)s document waits for a look", "%(count)s documents wait for a look", number),
        Kind.EVIDENCE: ngettext("%(count)s proof waits to be checked", "%(count)s proofs wait to be checked", number),
        Kind.FOLLOW_UP: ngettext(
            "%(count)s follow-up contradicts another", "%(count)s follow-ups contradict each other", number
        ),
        Kind.FLAG: ngettext("%(count)s report waits for a look", "%(count)s reports wait for a look", number),
        Kind.COMPLAINT: ngettext(
            "%(count)s complaint waits for your answer", "%(count)s complaints wait for your answer", number
        ),
    }[kind]
    return text % {"count": number}
