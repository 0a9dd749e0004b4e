"""Who is told of which step of a match. Nobody learns of the other side before it has said yes."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from cities.coach.partners import partners_of
from cities.models import Demand
from matching.actions import ANSWER_WITHIN
from matching.enums import MatchState
from matching.introductions.pack_actions import give_pack, invited_organisations, lock_pack
from matching.models import Decision, Match, Message
from matching.queue import queue_for
from matching.states import CONTESTED
from portal.accounts.models import User
from portal.accounts.rules import is_moderator
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import members_of, moderators, notify, path_of
from portal.notices.waiting import Line, counts_waiting

# move → (kind of notice, who is told)
TOLD: dict[str, tuple[str, tuple[str, ...]]] = {
    "offer": ("match_offered", ("city",)),
    "withdraw_offer": ("match_offer_withdrawn", ("city",)),
    "decline_by_city": ("match_declined_by_city", ("moderators",)),
    "invite": ("match_invited", ("provider",)),
    "decline_by_provider": ("match_declined_by_provider", ("city",)),
    "introduce": ("match_introduced", ("city", "provider")),
    "stall": ("match_stalled", ("city", "provider")),
    # Of what was paused, only those learn who had been asked before (see ``_sides``).
    "complain": ("match_paused", ("city", "provider")),
    "settle_complaint": ("match_reopened", ("city", "provider")),
    **{f"restore_{state}": ("match_resumed", ("city", "provider")) for state in CONTESTED},
    **dict.fromkeys(
        (
            "start_pilot",
            "go_to_tender",
            "sign_contract",
            "lose",
            "end_without_result",
            "drop",
            "start_operation",
            "stop_operation",
        ),
        ("match_outcome", ("city", "provider")),
    ),
}


# Where a match stood when it was paused → who knew of it.
KNEW = {MatchState.OFFERED: ("city",), MatchState.INTRODUCED: ("city", "provider"),
        MatchState.DIALOGUE: ("city", "provider")}  # fmt: skip
ASKING = frozenset({"match_offered", "match_offer_withdrawn", "match_invited"})
WITH_ICLEI = frozenset({"match_offer_withdrawn", "match_paused", "match_reopened"})
ON_INTRODUCTION = frozenset({"match_introduced", "match_outcome", "match_stalled"})


def _path(match: Match, kind: str) -> str:
    """A page that its readers can open: a match that is back with ICLEI is none."""
    if kind in ON_INTRODUCTION:
        return path_of(match.introduction)
    if kind in WITH_ICLEI:
        return path_of(match.demand)
    return path_of(match)


def _sides(decision: Decision, sides: tuple[str, ...]) -> tuple[str, ...]:
    """Who is told. What was paused, goes on or is decided anew is news only to those who knew of it."""
    if decision.move == "complain":
        return KNEW.get(MatchState(decision.from_state), ())
    if decision.from_state != "under_complaint":
        return sides
    paused = decision.match.decisions.filter(move="complain", pk__lt=decision.pk).order_by("-pk").first()
    return KNEW.get(MatchState(paused.from_state), ()) if paused else ()


def _people(match: Match, side: str, *, deciding: bool) -> list[User]:
    if side == "moderators":
        return moderators()
    if side == "provider":
        return members_of(match.solution.provider.organisation_id, deciding=deciding)
    cities = [match.demand.organisation_id, *(body.pk for body in partners_of(match.demand))]
    return list({user.pk: user for city in cities for user in members_of(city, deciding=deciding)}.values())


def _names(match: Match) -> dict[str, str]:
    return {"demand": original(match.demand, "title"), "solution": original(match.solution, "name")}


def _params(decision: Decision) -> dict[str, str]:
    """The day to answer by is the one this step set: the match may have moved on before its news goes out."""
    match = decision.match
    day = match.respond_by if match.state == decision.to_state else timezone.localdate(decision.at) + ANSWER_WITHIN
    return {**_names(match), "date": f"{day:%Y-%m-%d}" if day else ""}


@handles("notices.match_moved", queue="default")
def match_moved(job: Job) -> None:
    found = Decision.objects.select_related("match__demand", "match__solution__provider", "by")
    decision = found.filter(pk=int(job.subject.partition(":")[2])).first()
    if decision is None:
        return
    if decision.move == "reject":
        _answer_interest(decision)
    if decision.move not in TOLD:
        return
    kind, sides = TOLD[decision.move]
    match = decision.match
    path = _path(match, kind)
    for side in _sides(decision, sides):
        people = [user for user in _people(match, side, deciding=kind in ASKING) if user != decision.by]
        notify(recipients=people, kind=kind, event=f"decision:{decision.pk}", params=_params(decision), path=path)


def _answer_interest(decision: Decision) -> None:
    """Whoever asked to be considered learns that nothing comes of it. Nobody else does."""
    match = decision.match
    if match.interests.exists():
        with translation.override("en"):
            path = reverse("matching:solution-demands", args=[match.solution.public_id]).removeprefix("/en")
        people, event = _people(match, "provider", deciding=False), f"decision:{decision.pk}"
        notify(recipients=people, kind="interest_not_followed", event=event, params=_params(decision), path=path)


DEMAND_TOLD = {
    "hold": "demand_on_hold", "resume": "demand_resumed", "renew": "demand_resumed", "part": "demand_resumed",
    "withdraw": "demand_ended", "close": "demand_ended", "expire": "demand_ended", "merge": "demand_merged",
}  # fmt: skip


def _about_demand(job: Job, kind: str) -> None:
    """To the city's other people and to everybody invited, in the same words at the same moment."""
    demand = Demand.objects.filter(pk=int(job.subject.partition(":")[2])).first()
    if demand is None:
        return
    params, event = {"demand": original(demand, "title")}, f"job:{job.pk}"
    invited = {user.pk: user for side in invited_organisations(demand) for user in members_of(side)}
    if invited:
        # Their pack stays open to them where the demand's own page does not.
        notify(recipients=invited.values(), kind=kind, event=event, params=params, path=path_of(lock_pack(demand)))
    own = [user for user in members_of(demand.organisation_id) if user.pk != job.payload["by"]]
    notify(recipients=own, kind=kind, event=event, params=params, path=path_of(demand))


@handles("notices.demand_moved", queue="default")
def demand_moved(job: Job) -> None:
    _about_demand(job, DEMAND_TOLD[job.payload["move"]])


@handles("notices.demand_edited", queue="default")
def demand_edited(job: Job) -> None:
    """The log notes that everybody invited was given the new text."""
    demand = Demand.objects.live().filter(pk=int(job.subject.partition(":")[2])).first()
    if demand is not None:
        give_pack(demand=demand)
        _about_demand(job, "demand_edited")


@handles("notices.message_posted", queue="default")
def message_posted(job: Job) -> None:
    message = (
        Message.objects.select_related("introduction__match__demand", "introduction__match__solution__provider")
        .filter(pk=int(job.subject.partition(":")[2]))
        .first()
    )
    if message is None:
        return
    match = message.introduction.match
    people = {user.pk: user for side in ("city", "provider") for user in _people(match, side, deciding=False)}
    people.pop(message.author_id, None)
    notify(
        recipients=people.values(),
        kind="message_posted",
        event=f"message:{message.pk}",
        params=_names(match),
        path=path_of(message.introduction),
    )


@counts_waiting
def items_in_queue(user: User) -> Iterator[Line]:
    """What a moderator's digest begins with: how much waits now, whoever was told of it when."""
    number = sum(queue_for(user).counts.values()) if is_moderator(user) else 0
    if number:
        with translation.override("en"):
            path = reverse("matching:queue").removeprefix("/en")
        text = ngettext("%(count)s item waits in the queue", "%(count)s items wait in the queue", number)
        yield Line(text % {"count": number}, path)
