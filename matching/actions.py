"""Every decision on a match, from the moderator's yes to the outcome."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Solution
from cities.actions import mark_dialogue
from cities.models import Demand
from matching.enums import MatchState, Origin
from matching.introductions.contacts import refuse_contacts
from matching.introductions.people import names_behind
from matching.introductions.tender_actions import keep_ocid
from matching.learning.actions import keep_judgement
from matching.models import Decision, Introduction, Match, Message
from matching.pooling.consents import not_agreed
from matching.ranking import score_pair
from matching.rules import (
    can_answer_for_city,
    can_answer_for_provider,
    can_decide_match,
    can_record_outcome,
    can_write_in,
    city_id,
    provider_id,
)
from matching.states import INTRODUCED, MATCH
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import User
from portal.accounts.rules import has_staff_role, is_moderator
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue

ANSWER_WITHIN = timedelta(days=14)
# What either side or a moderator may record on an introduction, and which of them ends it.
OUTCOMES = (
    "start_dialogue",
    "start_pilot",
    "go_to_tender",
    "sign_contract",
    "lose",
    "end_without_result",
    "drop",
    "start_operation",
    "stop_operation",
)
ENDED = frozenset({MatchState.NONE, MatchState.LOST, MatchState.DROPPED, MatchState.STOPPED})


@transaction.atomic
def _move(
    match: Match,
    move: str,
    *,
    by: Any,
    organisation_id: int | None = None,
    reason: str = "",
    note: str = "",
    respond_by: date | None = None,
) -> Match:
    """One decided step: the transition, the decision with what was shown, and the wake-up for those to be told."""
    # Of the locked row: the caller's may be older than the last move.
    locked = Match.objects.select_for_update(no_key=True).filter(pk=match.pk)
    was = locked.values_list("state", flat=True).first() or match.state
    row = transition(
        match,
        move,
        table=MATCH,
        by=by,
        reason=reason,
        note=note,
        changes={"state_since": timezone.now(), "reason": reason, "respond_by": respond_by},
    )
    decision = Decision(
        match=row,
        move=move,
        from_state=was,
        to_state=row.state,
        by=by if isinstance(by, User) else None,
        organisation_id=organisation_id,
        reason=reason,
        note=note,
        points_shown=match.points,
        position_shown=match.position,
    )
    decision.save(force_insert=True)
    keep_judgement(decision=decision, result=row.result)
    enqueue(kind="notices.match_moved", subject=f"decision:{decision.pk}", payload={"move": move})
    return row


def _by_moderator(match: Match, by: User) -> None:
    if not can_decide_match(by, match):
        raise NotAllowed(
            _("You are tied to one of the two parties, so another moderator has to decide.") if is_moderator(by) else ""
        )


@transaction.atomic
def add_match(*, by: User, demand: Demand, solution: Solution, note: str, origin: str = Origin.MODERATOR) -> Match:
    """Put a pair on the desk by hand, which needs a reason in words. An existing row is returned as it is."""
    if not (is_moderator(by) or (origin == Origin.PROGRAMME and has_staff_role(by, StaffRoleKind.PROGRAMME))):
        raise NotAllowed
    if not note.strip():
        raise Incomplete(_("Say why this pair belongs together although the engine did not suggest it."), ("note",))
    existing = Match.objects.filter(demand=demand, solution=solution).first()
    if existing is not None:
        return existing
    if not (demand.is_live and solution.is_live):
        raise DomainError(_("Both the demand and the solution must be published first."), code="not_live")
    if demand.organisation_id is None:
        raise DomainError(
            _("This demand was imported: no organisation on this portal could answer an offer. Invite the city first."),
            code="nobody_to_ask",
        )
    match = Match(
        demand=demand,
        solution=solution,
        origin=origin,
        origin_note=note,
        state=MatchState.IN_REVIEW,
        state_since=timezone.now(),
        **score_pair(demand, solution),
    )
    try:
        with transaction.atomic():
            match.save(force_insert=True)
    except IntegrityError:  # the matcher, or a colleague, was quicker by a moment
        return Match.objects.get(demand=demand, solution=solution)
    record(by=by, action="match.add", subject=match, after={"demand": demand.pk, "solution": solution.pk}, note=note)
    return match


def take_up_match(*, by: User, match: Match) -> Match:
    _by_moderator(match, by)
    return _move(match, "take_up", by=by)


def shortlist_match(*, by: User, match: Match, note: str = "") -> Match:
    _by_moderator(match, by)
    return _move(match, "shortlist", by=by, note=note)


def reject_match(*, by: User, match: Match, reason: str, note: str = "") -> Match:
    _by_moderator(match, by)
    return _move(match, "reject", by=by, reason=reason, note=note)


def reconsider_match(*, by: User, match: Match, note: str = "") -> Match:
    _by_moderator(match, by)
    return _move(match, "reconsider", by=by, note=note)


def offer_match(*, by: User, match: Match, note: str = "") -> Match:
    """The moderator endorses the pair: the city is asked whether it wants to talk."""
    _by_moderator(match, by)
    if not (match.demand.is_live and match.solution.is_live):
        raise Conflict(_("The demand or the solution is not published any more, so there is nothing to offer."))
    return _move(match, "offer", by=by, note=note, respond_by=timezone.localdate() + ANSWER_WITHIN)


def recuse_from_match(*, by: User, match: Match, note: str) -> Match:
    """A moderator who finds a tie steps back from an undecided match: a colleague takes it up again."""
    if not is_moderator(by):
        raise NotAllowed
    if not note.strip():
        raise Incomplete(_("Say what ties you to one of the two sides."), ("note",))
    return _move(match, "recuse", by=by, note=note)


def pause_for_complaint(*, by: User, match: Match, note: str = "") -> Match:
    """Nothing goes on with the match while a complaint about it is examined. Who may is the complaint's business."""
    return _move(match, "complain", by=by, note=note)


def settle_complaint(*, by: User, match: Match, reopen: bool, note: str = "") -> Match:
    """Back to review where the complaint changes something, else to where the match stood before."""
    if reopen:
        return _move(match, "settle_complaint", by=by, note=note)
    paused = match.decisions.filter(move="complain").order_by("-at", "-pk").first()
    if paused is None:
        raise Conflict(_("This match is not under complaint any more."))
    return _move(match, f"restore_{paused.from_state}", by=by, note=note)


def withdraw_offer(*, by: User, match: Match, note: str = "") -> Match:
    _by_moderator(match, by)
    return _move(match, "withdraw_offer", by=by, note=note)


@transaction.atomic
def accept_for_city(*, by: User, match: Match, note: str = "") -> Match:
    """The city says yes; the provider is invited at once, still without any contact of the city."""
    if not can_answer_for_city(by, match):
        raise NotAllowed
    if missing := not_agreed(match):
        message = _("These cities of the pool have not said yes: %(names)s. They are asked on the page of this match.")
        raise Incomplete(message % {"names": ", ".join(missing)}, ("pool",))
    # The provider reads these words before it has said yes.
    refuse_contacts(note, field="note", names=names_behind(match.demand))
    match = _move(match, "accept_by_city", by=by, organisation_id=city_id(match), note=note)
    match = _move(match, "invite", by="system", respond_by=timezone.localdate() + ANSWER_WITHIN)
    enqueue(kind="introductions.pack_given", subject=f"demand:{match.demand_id}")
    return match


def decline_for_city(*, by: User, match: Match, reason: str, note: str = "") -> Match:
    if not can_answer_for_city(by, match):
        raise NotAllowed
    return _move(match, "decline_by_city", by=by, organisation_id=city_id(match), reason=reason, note=note)


@transaction.atomic
def accept_for_provider(*, by: User, match: Match, note: str = "") -> Introduction:
    """The provider says yes, and with that the third yes is in: both are introduced."""
    if not can_answer_for_provider(by, match):
        raise NotAllowed
    match = _move(match, "accept_by_provider", by=by, organisation_id=provider_id(match), note=note)
    return _introduce(match)


def decline_for_provider(*, by: User, match: Match, reason: str, note: str = "") -> Match:
    if not can_answer_for_provider(by, match):
        raise NotAllowed
    refuse_contacts(note, field="note", names=names_behind(match.demand, provider_id(match)))
    return _move(match, "decline_by_provider", by=by, organisation_id=provider_id(match), reason=reason, note=note)


def _introduce(match: Match) -> Introduction:
    decisions = {d.move: d for d in match.decisions.filter(move__in=["offer", "accept_by_city", "accept_by_provider"])}
    city, provider = decisions["accept_by_city"], decisions["accept_by_provider"]
    match = _move(match, "introduce", by="system")
    introduction = Introduction(
        match=match,
        city_consent_by=city.by,
        city_consent_at=city.at,
        provider_consent_by=provider.by,
        provider_consent_at=provider.at,
        introduced_by=decisions["offer"].by if "offer" in decisions else None,
        introduced_at=timezone.now(),
    )
    introduction.save(force_insert=True)
    record(by="system", action="introduction.open", subject=introduction, after={"match": match.pk})
    mark_dialogue(by="system", demand=match.demand, started=True)
    return introduction


def stall_match(*, match: Match) -> Match:
    """Nobody has given a sign for a month: both sides are asked whether it goes on. A message starts it again."""
    return _move(match, "stall", by="system")


@transaction.atomic
def post_message(*, by: User, introduction: Introduction, body: str, language: str) -> Message:
    """Write to the other side. The first word turns the introduction into a dialogue."""
    if not can_write_in(by, introduction):
        raise NotAllowed
    if not body.strip():
        raise Incomplete(_("Write something first."), ("body",))
    # Locked and read again: two first messages at the same moment must not both open the dialogue.
    match = Match.objects.select_for_update(of=("self",), no_key=True).with_records().get(pk=introduction.match_id)
    mine = by.organisation_ids & {city_id(match), provider_id(match)}
    message = Message(
        introduction=introduction, author=by, organisation_id=next(iter(mine), None), language=language, body=body
    )
    message.save(force_insert=True)
    record(by=by, action="introduction.message", subject=introduction, after={"message": message.pk})
    if match.state in (MatchState.INTRODUCED, MatchState.STALLED):
        _move(match, "start_dialogue", by="system")
    enqueue(kind="notices.message_posted", subject=f"message:{message.pk}")
    return message


@transaction.atomic
def record_outcome(
    *,
    by: User,
    introduction: Introduction,
    move: str,
    reason: str = "",
    value: Decimal | None = None,
    currency: str = "",
    note: str = "",
    tender_url: str = "",
    ocid: str = "",
) -> Introduction:
    """Say what became of it. ``value`` in ``currency`` only where a contract was signed."""
    if move not in OUTCOMES or not can_record_outcome(by, introduction):
        raise NotAllowed
    if value is not None and (value < 0 or not currency):
        raise Incomplete(_("Give the value as a positive amount with its currency."), ("value",))
    row = Introduction.objects.select_for_update(no_key=True).get(pk=introduction.pk)
    match = row.match
    side = next((o for o in (city_id(match), provider_id(match)) if o in by.organisation_ids), None)
    match = _move(match, move, by=by, organisation_id=side, reason=reason, note=note)
    keep_ocid(by=by, introduction=row, ocid=ocid)
    before = {"outcome": row.outcome}
    row.outcome, row.outcome_reason, row.outcome_note, row.tender_url = match.state, reason, note, tender_url
    row.outcome_value, row.outcome_currency = value, currency if value is not None else ""
    row.outcome_by, row.outcome_at = by, timezone.now()
    row.save(
        update_fields=[
            "outcome",
            "outcome_reason",
            "outcome_note",
            "tender_url",
            "outcome_value",
            "outcome_currency",
            "outcome_by",
            "outcome_at",
            "updated_at",
        ]
    )
    record(
        by=by,
        action="introduction.outcome",
        subject=row,
        before=before,
        after={"outcome": row.outcome, "value": value, "currency": currency},
    )
    if match.state in ENDED and not Match.objects.filter(demand=match.demand, state__in=INTRODUCED - ENDED).exists():
        mark_dialogue(by=by, demand=match.demand, started=False)
    return row
