"""Inviting experts, what they say of themselves, and requests for advice from the question to the answer."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.coach.partners import partners_of
from cities.models import Demand
from matching.experts.enums import DeclineReason
from matching.experts.models import Advice, Expert, ExpertInvitation
from matching.experts.rules import can_answer_advice, can_ask, can_invite_experts, can_withdraw_advice, is_tied_expert
from matching.experts.states import ADVICE, OPEN
from matching.models import Match
from matching.states import PROVIDER_SEES
from portal.accounts.actions import forget_roles
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import Organisation, StaffRole, User
from portal.accounts.rules import is_member, is_moderator
from portal.audit.actions import record as note_event
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue

VALID = timedelta(days=30)
LONGEST = timedelta(days=90)
# Of one city at a time: experts give their time away.
MOST_OF_A_CITY = 5
FACTS = ("affiliation", "employer", "languages", "interests", "most_requests", "paused_until")
_SALT = "matching.experts.invitation"


def token_of(invitation: ExpertInvitation) -> str:
    return signing.dumps([invitation.pk, invitation.email], salt=_SALT)


def invitation_of(token: str) -> ExpertInvitation | None:
    """The invitation of a mailed link, whatever became of it; None for a link that this portal did not write."""
    try:
        pk, email = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return ExpertInvitation.objects.select_related("invited_by").filter(pk=pk, email=email).first()


@transaction.atomic
def invite_expert(*, by: User, email: str, name: str, affiliation: str, language: str) -> ExpertInvitation:
    """Mail a link. An open invitation of the address is renewed. Raises DomainError for who is an expert already."""
    if not can_invite_experts(by):
        raise NotAllowed
    email = email.strip().lower()
    if Expert.objects.active().filter(user__email=email).exists():
        raise DomainError(_("This person is an expert here already."), code="expert")
    row = ExpertInvitation.objects.filter(email__iexact=email, accepted_at=None).first() or ExpertInvitation(
        email=email
    )
    row.name, row.affiliation, row.language, row.invited_by = name, affiliation, language, by
    row.expires_at = timezone.now() + VALID
    row.save()  # a new row, or all columns of a renewed one
    note_event(by=by, action="expert.invite", subject=row, after={"affiliation": affiliation})
    enqueue(kind="notices.expert_invited", subject=f"expertinvitation:{row.pk}", dedupe=f"{row.pk}/{row.expires_at}")
    return row


@transaction.atomic
def join_as_expert(*, by: User, invitation: ExpertInvitation, consent: bool) -> Expert:
    """Accept. ``consent``: name, affiliation, topics and languages may stand in the public directory."""
    row = ExpertInvitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if by.email.lower() != row.email.lower():
        raise NotAllowed(_("This invitation was sent to another e-mail address than yours."))
    if not row.is_open:
        raise Conflict(_("This invitation is no longer open. Ask ICLEI for a new one."))
    row.accepted_by, row.accepted_at = by, timezone.now()
    row.save(update_fields=["accepted_by", "accepted_at", "updated_at"])
    expert, made = Expert.objects.get_or_create(user=by, defaults={"affiliation": row.affiliation})
    if not made:
        expert.left_at = None
    expert.consented_at = timezone.now() if consent else None
    expert.save(update_fields=["consented_at", "left_at", "updated_at"])
    StaffRole.objects.get_or_create(user=by, role=StaffRoleKind.EXPERT)
    forget_roles(by)
    note_event(by=by, action="expert.join", subject=expert, after={"consent": consent})
    return expert


@transaction.atomic
def edit_expert(
    *, by: User, expert: Expert, changes: Mapping[str, Any], topics: Iterable[Any], consent: bool
) -> Expert:
    """What experts say of themselves. Withdrawing the consent takes them out of the directory at once."""
    row = Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
    if row.user_id != by.pk or not set(changes) <= set(FACTS):
        raise NotAllowed
    before = {name: getattr(row, name) for name, value in changes.items() if getattr(row, name) != value}
    for name, value in changes.items():
        setattr(row, name, value)
    if bool(row.consented_at) != consent:
        before["consent"], row.consented_at = bool(row.consented_at), timezone.now() if consent else None
    row.save()
    row.topics.set(topics)
    after = {name: changes.get(name, consent) for name in before}
    note_event(by=by, action="expert.edit", subject=row, before=before, after=after)
    return row


@transaction.atomic
def leave_experts(*, by: User, expert: Expert) -> Expert:
    """By the expert or a moderator. Open requests go back to whoever asked."""
    if expert.user_id != by.pk and not is_moderator(by):
        raise NotAllowed
    row = Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
    for advice in Advice.objects.filter(expert=row, state__in=OPEN):
        _decline(by, advice, DeclineReason.NO_TIME)
    row.left_at, row.consented_at = timezone.now(), None
    row.save(update_fields=["left_at", "consented_at", "updated_at"])
    StaffRole.objects.filter(user=row.user, role=StaffRoleKind.EXPERT).delete()
    forget_roles(row.user)
    note_event(by=by, action="expert.leave", subject=row)
    return row


@transaction.atomic
def ask_for_advice(
    *, by: User, expert: Expert, question: str, due_on: date, language: str, demand: Demand | None = None,
    match: Match | None = None,
) -> Advice:  # fmt: skip
    """Ask about a demand or a match, exactly one. Refused where the expert is tied, paused or at the limit."""
    if (demand is None) == (match is None):
        raise ValueError("advice is asked on a demand or on a match")
    if not can_ask(by, demand, match) or expert.user_id == by.pk:
        raise NotAllowed
    if not question.strip():
        raise Incomplete(_("Write your question."), ("question",))
    today = timezone.localdate()
    if not today < due_on <= today + LONGEST:
        raise Incomplete(_("Choose a day within the next three months."), ("due_on",))
    # Locked: the limit holds also where two ask at the same moment.
    row = Expert.objects.select_for_update(no_key=True).select_related("user").get(pk=expert.pk)
    _free_for(row, parties(demand, match))
    city = _city(by, demand, match)
    if city and Advice.objects.waiting().filter(asked_for=city).count() >= MOST_OF_A_CITY:
        raise DomainError(
            _("Your city waits for several answers already. Ask again when one is there."), code="too_many"
        )
    advice = Advice(
        expert=row, demand=demand, match=match, asked_by=by, asked_for=city, question=question, language=language,
        due_on=due_on,
    )  # fmt: skip
    try:
        with transaction.atomic():
            advice.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("This expert has been asked about it already.")) from error
    note_event(
        by=by,
        action="advice.ask",
        subject=advice,
        after={"expert": row.pk, "demand": advice.demand_id, "match": advice.match_id},
    )
    _tell(advice, "asked", by)
    return advice


def parties(demand: Demand | None, match: Match | None) -> frozenset[int]:
    """Whom it concerns: all cities of a pool, and of a demand the providers that know of their match with it.

    Not those that are only suggested or offered: their people would learn of it by being kept out.
    """
    about = demand if match is None else match.demand
    if about is None:
        return frozenset()
    bodies: list[int | None] = [about.organisation_id, *(body.pk for body in partners_of(about))]
    if match is not None:
        bodies.append(match.solution.provider.organisation_id)
    else:
        invited = Match.objects.filter(demand=about, state__in=PROVIDER_SEES)
        bodies += invited.values_list("solution__provider__organisation_id", flat=True)
    return frozenset(body for body in bodies if body is not None)


def _city(by: User, demand: Demand | None, match: Match | None) -> Organisation | None:
    """The city for which a member asks; moderators ask for ICLEI."""
    about = demand if demand is not None else match.demand if match is not None else None
    return about.organisation if about is not None and is_member(by, about.organisation_id) else None


def _free_for(expert: Expert, concerned: frozenset[int]) -> None:
    if expert.left_at is not None or not expert.user.is_active:
        raise Conflict(_("This person is not an expert here any more."))
    if is_tied_expert(expert, concerned):
        raise DomainError(_("This expert is tied to one of the parties. Ask somebody else."), code="tied")
    if expert.is_paused:
        raise DomainError(_("This expert takes no requests at present. Ask somebody else."), code="paused")
    if Advice.objects.filter(expert=expert, state__in=OPEN).count() >= expert.most_requests:
        raise DomainError(_("This expert has as many requests as they can take. Ask somebody else."), code="busy")


def _step(by: Any, advice: Advice, move: str, *, reason: str = "", **changes: Any) -> Advice:
    changes["state_since"] = timezone.now()
    return transition(advice, move, table=ADVICE, by=by, reason=reason, changes=changes)


def _tell(advice: Advice, what: str, by: User | None) -> None:
    by_pk = by.pk if by is not None else None
    enqueue(kind="notices.advice_moved", subject=f"advice:{advice.pk}", payload={"what": what, "by": by_pk})


def tell_of_day(advice: Advice) -> None:
    """That its day is near; however often it is called, the expert is told once."""
    _tell(advice, "due", None)


def give_back(advice: Advice) -> Advice:
    """By the portal, long after its day: whoever asked may ask somebody else, and the expert is not held up by it."""
    reason = DeclineReason.NO_TIME
    row = _step("system", advice, "decline", reason=reason, decline_reason=reason)
    _tell(row, "declined", None)
    _tell(row, "withdrawn", None)
    return row


@transaction.atomic
def accept_advice(*, by: User, advice: Advice) -> Advice:
    """Refused for an expert who has become tied since, which is what the portal finds out by itself."""
    if not can_answer_advice(by, advice):
        raise NotAllowed
    if is_tied_expert(advice.expert, parties(advice.demand, advice.match)):
        raise NotAllowed(_("You are tied to one of the parties. Decline, and say that you have an interest in it."))
    row = _step(by, advice, "accept")
    _tell(row, "accepted", by)
    return row


@transaction.atomic
def decline_advice(*, by: User, advice: Advice, reason: str) -> Advice:
    if not can_answer_advice(by, advice):
        raise NotAllowed
    return _decline(by, advice, reason)


def _decline(by: Any, advice: Advice, reason: str) -> Advice:
    row = _step(by, advice, "decline", reason=reason, decline_reason=reason)
    _tell(row, "declined", by)
    return row


@transaction.atomic
def answer_advice(
    *, by: User, advice: Advice, answer: str, language: str, has_interests: bool, interests: str = ""
) -> Advice:
    """The advice, with the declaration that belongs to it. Refused for whoever is tied to a party."""
    if not can_answer_advice(by, advice):
        raise NotAllowed
    if is_tied_expert(advice.expert, parties(advice.demand, advice.match)):
        raise NotAllowed(_("You are tied to one of the parties. Decline, and say that you have an interest in it."))
    if not answer.strip():
        raise Incomplete(_("Write your advice."), ("answer",))
    if has_interests and not interests.strip():
        raise Incomplete(_("Say which interests you have in this matter."), ("interests",))
    row = _step(
        by, advice, "answer", answer=answer, answer_language=language, has_interests=has_interests,
        interests=interests, answered_at=timezone.now(),
    )  # fmt: skip
    _tell(row, "answered", by)
    return row


@transaction.atomic
def withdraw_advice(*, by: User, advice: Advice) -> Advice:
    if not can_withdraw_advice(by, advice):
        raise NotAllowed
    row = _step(by, advice, "withdraw")
    _tell(row, "withdrawn", by)
    return row
