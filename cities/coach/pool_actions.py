"""Pooling demands: proposing, inviting, consenting, leaving; and the merge once the pooled demand is public."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.actions import refresh_search, tell_of_move
from cities.coach.models import MemberState, Pool, PoolMember
from cities.coach.rules import can_begin_pool, can_decide_membership, can_invite_to_pool
from cities.enums import DemandState, Visibility
from cities.models import Demand, Requirement
from cities.states import DEMAND, LIVE
from portal.accounts.models import User
from portal.accounts.rules import is_verified_organisation
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.common.translated import column, original
from portal.jobs.actions import enqueue

TEXTS = ("title", "summary", "problem", "outcome")
COPIED = (
    "city", "country", "original_language", "focus_area", "focus_guessed", "stage", "finance_route",
    "procurement_route", "mandate", "decision_on", "start_on", "operation_on", "scale_unit",
)  # fmt: skip
MOST_MEMBERS = 30


@transaction.atomic
def begin_pool(*, by: User, demand: Demand) -> Pool:
    """A draft that says what ``demand`` says, led by its city, which is the first member. Raises Conflict if joined."""
    row = Demand.objects.select_for_update(no_key=True).get(pk=demand.pk)
    if not can_begin_pool(by, row):
        raise NotAllowed
    _not_elsewhere(row)
    pool = Pool(demand=_copy(row), begun_by=by)
    pool.save(force_insert=True)
    PoolMember(pool=pool, demand=row, state=MemberState.JOINED, decided_by=by, decided_at=timezone.now()).save(
        force_insert=True
    )
    record(by=by, action="pool.begin", subject=pool, after={"demand": row.public_id, "pooled": pool.demand.public_id})
    return pool


def _copy(row: Demand) -> Demand:
    """Without amounts and places: those are of all cities together, and have to be written anew."""
    pooled = Demand(
        organisation=row.organisation, languages=list(row.languages), business_models=list(row.business_models),
        visibility=Visibility.PUBLIC, **{name: getattr(row, name) for name in COPIED},
    )  # fmt: skip
    for name in TEXTS:
        setattr(pooled, column(name, row.original_language), original(row, name))
        pooled.translations[name] = {row.original_language: "original"}
    pooled.save(force_insert=True)
    for name in ("more_focus_areas", "topics"):
        getattr(pooled, name).set(getattr(row, name).all())
    for item in row.requirements.all():
        Requirement(demand=pooled, criterion=item.criterion, is_mandatory=item.is_mandatory, number=item.number).save(
            force_insert=True
        )
    refresh_search(pooled)
    return pooled


@transaction.atomic
def invite_to_pool(*, by: User, pool: Pool, demand: Demand, message: str = "") -> PoolMember:
    """Ask another city, or another body of one's own, to join with a public demand of theirs."""
    row = _locked(pool)
    if not can_invite_to_pool(by, row):
        raise NotAllowed
    found = Demand.objects.public().filter(pk=demand.pk, state__in=LIVE, organisation__isnull=False).first()
    if found is None:
        raise Conflict(_("This demand is not open any more."))
    if row.members.count() >= MOST_MEMBERS:
        raise DomainError(_("A pool has thirty members at most."), code="too_many")
    member = row.members.filter(demand=found).first()
    if member is not None and member.state in (MemberState.INVITED, MemberState.JOINED):
        raise Conflict(_("This city is asked already, or has joined."))
    member = member or PoolMember(pool=row, demand=found)
    member.state, member.message, member.decided_by, member.decided_at = MemberState.INVITED, message, None, None
    member.save()
    record(by=by, action="pool.invite", subject=row, after={"demand": found.public_id})
    enqueue(
        kind="notices.pool_invited", subject=f"pool_member:{member.pk}",
        dedupe=f"pool/invited/{member.pk}/{timezone.now():%Y%m%d}",
    )  # fmt: skip
    return member


@transaction.atomic
def join_pool(*, by: User, member: PoolMember) -> PoolMember:
    """The city's yes. Its own demand is continued in the pooled one from the moment on which that is public."""
    pool, row = _member(by, member)
    if row.state != MemberState.INVITED:
        raise Conflict(_("This was answered already."), when=row.decided_at)
    if not is_verified_organisation(row.demand.organisation):
        raise NotAllowed(_("ICLEI has not verified your organisation yet. Join after that."))
    _not_elsewhere(row.demand)
    _decide(by, row, MemberState.JOINED, "pool.join")
    if pool.demand.state in LIVE:
        _merge(by, row)
    return row


@transaction.atomic
def decline_pool(*, by: User, member: PoolMember) -> PoolMember:
    _pool, row = _member(by, member)
    if row.state != MemberState.INVITED:
        raise Conflict(_("This was answered already."), when=row.decided_at)
    return _decide(by, row, MemberState.DECLINED, "pool.decline")


@transaction.atomic
def leave_pool(*, by: User, member: PoolMember) -> PoolMember:
    """The city goes its own way again: its own demand is public as before. Who leads withdraws the demand instead."""
    pool, row = _member(by, member)
    if row.state != MemberState.JOINED:
        raise Conflict(_("Your city does not take part any more."), when=row.decided_at)
    if row.demand.organisation_id == pool.demand.organisation_id and pool.demand.state not in (
        DemandState.WITHDRAWN, DemandState.REJECTED, DemandState.EXPIRED, DemandState.CLOSED,
    ):  # fmt: skip
        raise DomainError(
            _("Your city leads the pooled demand. Withdraw that first: all cities then go their own way."), code="lead"
        )
    _decide(by, row, MemberState.LEFT, "pool.leave")
    _part(by, row)
    return row


@transaction.atomic
def settle_pool(*, demand: Demand) -> int:
    """Make the members' own demands follow the pooled one: merged while it is public, public again once it is not.

    Closed with a result, or on hold, it changes nothing. Returns how many moved; called again, none.
    """
    pool = Pool.objects.select_related("demand").filter(demand=demand).first()
    if pool is None or pool.demand.state in (DemandState.CLOSED, DemandState.ON_HOLD):
        return 0
    move = _merge if pool.demand.state in LIVE else _part
    joined = pool.members.filter(state=MemberState.JOINED).select_related("demand").order_by("pk")
    return sum(move("system", member) for member in joined)


def _merge(by: User | str, member: PoolMember) -> bool:
    """Only what is public is merged: a draft or one in dialogue stays what it is."""
    row = Demand.objects.get(pk=member.demand_id)
    if row.state != DemandState.PUBLISHED:
        return False
    transition(row, "merge", table=DEMAND, by=by, note=member.pool.demand.public_id)
    enqueue(kind="matching.match_demand", subject=f"demand:{row.pk}")
    tell_of_move(row, "merge", by=by)
    return True


def _part(by: User | str, member: PoolMember) -> bool:
    row = Demand.objects.get(pk=member.demand_id)
    if row.state != DemandState.MERGED:
        return False
    transition(row, "part", table=DEMAND, by=by)
    enqueue(kind="matching.match_demand", subject=f"demand:{row.pk}")
    tell_of_move(row, "part", by=by)
    return True


def _not_elsewhere(demand: Demand) -> None:
    if PoolMember.objects.filter(demand=demand, state=MemberState.JOINED).exists():
        raise Conflict(_("This demand is part of a pool already. Leave that one first."))
    if Pool.objects.filter(demand=demand).exists():
        raise Conflict(_("This is a pooled demand itself."))


def _locked(pool: Pool) -> Pool:
    return Pool.objects.select_for_update(no_key=True, of=("self",)).select_related("demand").get(pk=pool.pk)


def _member(by: User, member: PoolMember) -> tuple[Pool, PoolMember]:
    pool = _locked(member.pool)
    row = PoolMember.objects.select_related("demand__organisation").get(pk=member.pk)
    row.pool = pool
    if not can_decide_membership(by, row):
        raise NotAllowed
    return pool, row


def _decide(by: User, row: PoolMember, state: MemberState, action: str) -> PoolMember:
    PoolMember.objects.filter(pk=row.pk).update(state=state, decided_by=by, decided_at=timezone.now())
    row.refresh_from_db(fields=["state", "decided_by", "decided_at"])
    record(by=by, action=action, subject=row.pool, after={"demand": row.demand.public_id, "state": str(state)})
    enqueue(
        kind="notices.pool_answered", subject=f"pool_member:{row.pk}",
        dedupe=f"pool/{state}/{row.pk}/{row.decided_at:%Y%m%d%H%M%S}",
    )  # fmt: skip
    return row
