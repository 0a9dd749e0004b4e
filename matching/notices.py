"""Who is told of which step of a match. Nobody learns of the other side before it has said yes."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import ngettext

from matching.models import Decision, Match, Message
from matching.queue import queue_for
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


def _people(match: Match, side: str, *, deciding: bool) -> list[User]:
    if side == "moderators":
        return moderators()
    organisation = match.demand.organisation_id if side == "city" else match.solution.provider.organisation_id
    return members_of(organisation, deciding=deciding)


def _params(match: Match) -> dict[str, str]:
    return {
        "demand": original(match.demand, "title"),
        "solution": original(match.solution, "name"),
        "date": date_format(match.respond_by, "Y-m-d") if match.respond_by else "",
    }


@handles("notices.match_moved", queue="default")
def match_moved(job: Job) -> None:
    decision = (
        Decision.objects.select_related("match__demand", "match__solution__provider", "by")
        .filter(pk=int(job.subject.partition(":")[2]))
        .first()
    )
    if decision is None or decision.move not in TOLD:
        return
    kind, sides = TOLD[decision.move]
    match = decision.match
    record = match.introduction if kind in ("match_introduced", "match_outcome", "match_stalled") else match
    for side in sides:
        asked = kind in ("match_offered", "match_invited")
        people = [user for user in _people(match, side, deciding=asked) if user != decision.by]
        notify(
            recipients=people, kind=kind, event=f"decision:{decision.pk}", params=_params(match), path=path_of(record)
        )


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
        params=_params(match),
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
