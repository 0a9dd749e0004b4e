"""Organisations, demands and solutions."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog.enums import ClaimDimension, ReviewCriterion
from catalog.listing_actions import (
    archive_solution,
    relist_solution,
    renew_solution,
    restore_solution,
    review_solution,
    suspend_solution,
)
from catalog.models import Claim
from catalog.writing_actions import submit_solution
from cities.actions import direct_demand, mark_dialogue, publish_demand, reject_demand, request_changes, submit_demand
from cities.coach.models import Pool
from cities.coach.pool_actions import begin_pool, decline_pool, invite_to_pool, join_pool, leave_pool
from cities.models import Demand
from matching.tasks import expire_records
from matching.workbench.reversing_actions import reverse_demand, reverse_organisation, reverse_solution
from portal.accounts.actions import ask_verification_again, refuse_organisation, verify_organisation
from portal.accounts.models import VerificationEvidence
from portal.accounts.suspending_actions import reinstate_organisation, suspend_organisation
from portal.accounts.verification_actions import lapse_verifications
from tests.conftest import World
from tests.factories import DemandFactory, MatchFactory, SolutionFactory
from tests.proofs.doings import CITY, FOR_CITY, PROVIDER, Doing

DAY = timedelta(days=1)
OWN_ROOM = "a step in one's own room: nobody else had heard of it"
FOLLOWS = "follows from a step of a match, of which both sides are told"


def organisation(state: str, **fields: Any) -> Any:
    def stage(world: World) -> Any:
        row = world.city.organisation
        type(row).objects.filter(pk=row.pk).update(state=state, **fields)
        row.refresh_from_db()
        return row

    return stage


def proven(world: World) -> Any:
    row = organisation("verified")(world)
    VerificationEvidence.objects.create(
        organisation=row, method="letter", detail="Seen.", checked_by=world.moderator,
        expires_on=timezone.localdate() - DAY,
    )  # fmt: skip
    return row


NOT_YET = {"verified_by": None, "verified_at": None, "verified_how": ""}

ORGANISATIONS = [
    Doing("organisation.verify", "moderator", organisation("pending", **NOT_YET),
          lambda w, o: verify_organisation(by=w.moderator, organisation=o, how="known"),
          {"organisation_verified": CITY}),
    Doing("organisation.refuse", "moderator", organisation("pending", **NOT_YET),
          lambda w, o: refuse_organisation(by=w.moderator, organisation=o, reason="not_found"),
          {"organisation_refused": CITY}),
    Doing("organisation.lapse", "system", proven, lambda w, o: lapse_verifications(today=timezone.localdate()) and o,
          {"verification_lapsed": ["city_admin"], "organisation_registered": ["moderator"]}),
    Doing("organisation.ask_again", "city_admin", organisation("refused", **NOT_YET),
          lambda w, o: ask_verification_again(by=w.city_admin, organisation=o),
          {"organisation_registered": ["moderator"]}),
    Doing("organisation.suspend", "moderator", organisation("verified"),
          lambda w, o: suspend_organisation(by=w.moderator, organisation=o, note="The proof is forged."),
          {"organisation_suspended": CITY}),
    Doing("organisation.reinstate", "moderator", organisation("suspended"),
          lambda w, o: reinstate_organisation(by=w.moderator, organisation=o), {"organisation_verified": CITY}),
    Doing("organisation.reconsider", "moderator", organisation("verified"),
          lambda w, o: reverse_organisation(by=w.moderator, organisation=o, note="A mistake."),
          {"organisation_reversed": CITY}),
]  # fmt: skip


def demand(state: str, *, invited: bool = False, **fields: Any) -> Any:
    def stage(world: World) -> Demand:
        row = DemandFactory(body=world.city, state=state, **fields)
        if invited:
            MatchFactory(demand=row, solution=world.solution, state="invited")
        return row

    return stage


def directed(move: str, state: str, tells: dict[str, Any] | None = None, **values: str) -> Doing:
    quiet = "" if tells else "back to a draft of the city's own"
    return Doing(
        f"demand.{move}",
        "city_approver",
        demand(state, invited=bool(tells)),
        lambda w, d: direct_demand(by=w.city_approver, demand=d, move=move, **values),
        tells or {},
        quiet,
    )


OTHERS = ("city_editor", "city_admin", *PROVIDER)


def pool_of(world: World) -> Pool:
    """Led by the other city, public, with our city asked to join."""
    theirs = DemandFactory(body=world.other_city)
    pool = begin_pool(by=world.other_city_approver, demand=theirs)
    Demand.objects.filter(pk=pool.demand_id).update(state="published", published_at=timezone.now())
    pool.demand.refresh_from_db()
    return pool


def asked(world: World) -> Any:
    return invite_to_pool(by=world.other_city_approver, pool=pool_of(world), demand=DemandFactory(body=world.city))


def joined(world: World) -> Any:
    return join_pool(by=world.city_approver, member=asked(world))


DEMANDS = [
    Doing("demand.submit", "city_approver", demand("draft"), lambda w, d: submit_demand(by=w.city_approver, demand=d),
          {"demand_submitted": ["moderator"]}),
    Doing("demand.request_changes", "moderator", demand("submitted"),
          lambda w, d: request_changes(by=w.moderator, demand=d, note="Say how many."),
          {"demand_changes_requested": CITY}),
    Doing("demand.publish", "moderator", demand("submitted"), lambda w, d: publish_demand(by=w.moderator, demand=d),
          {"demand_published": CITY}),
    Doing("demand.reject", "moderator", demand("submitted"),
          lambda w, d: reject_demand(by=w.moderator, demand=d, reason="duplicate"), {"demand_rejected": CITY}),
    Doing("demand.start_dialogue", "system", demand("published"),
          lambda w, d: mark_dialogue(by="system", demand=d, started=True), quiet=FOLLOWS),
    Doing("demand.end_dialogue", "system", demand("in_dialogue"),
          lambda w, d: mark_dialogue(by="system", demand=d, started=False), quiet=FOLLOWS),
    directed("hold", "published", {"demand_on_hold": OTHERS}),
    directed("resume", "on_hold", {"demand_resumed": OTHERS}),
    directed("withdraw", "published", {"demand_ended": OTHERS}),
    directed("close", "published", {"demand_ended": OTHERS}, reason="contract"),
    directed("renew", "expired", {"demand_resumed": OTHERS}),
    directed("reopen", "withdrawn"),
    Doing("demand.expire", "system", demand("published", invited=True, expires_on=timezone.localdate() - 3 * DAY),
          lambda w, d: expire_records(), {"demand_ended": (*CITY, *PROVIDER)}),
    Doing("demand.merge", "city_approver", asked, lambda w, m: join_pool(by=w.city_approver, member=m).demand,
          {"demand_merged": ("city_editor", "city_admin"),
           "pool_answered": ("other_city_approver", "other_city_admin")}),
    Doing("demand.part", "city_approver", joined, lambda w, m: leave_pool(by=w.city_approver, member=m).demand,
          {"demand_resumed": ("city_editor", "city_admin"),
           "pool_answered": ("other_city_approver", "other_city_admin")}),
    Doing("demand.reconsider", "moderator", demand("published"),
          lambda w, d: reverse_demand(by=w.moderator, demand=d, note="A mistake."), {"demand_reversed": CITY}),
]  # fmt: skip

POOLS = [
    Doing("pool.invite", "other_city_approver", pool_of,
          lambda w, p: invite_to_pool(by=w.other_city_approver, pool=p, demand=w.demand).pool,
          {"pool_invited": FOR_CITY}),
    Doing("pool.decline", "city_approver", asked, lambda w, m: decline_pool(by=w.city_approver, member=m).pool,
          {"pool_answered": ("other_city_approver", "other_city_admin")}),
]  # fmt: skip


def solution(state: str, **fields: Any) -> Any:
    return lambda world: SolutionFactory(provider=world.provider, state=state, **fields)


def complete_draft(world: World) -> Any:
    row = solution("draft")(world)
    for dimension in ClaimDimension:
        Claim.objects.create(solution=row, dimension=dimension, statement="Half the energy.")
    return row


def reviewed(world: World, row: Any, *, approve: bool) -> Any:
    marks = dict.fromkeys(ReviewCriterion.values, 3)
    return review_solution(by=world.moderator, solution=row, marks=marks, comment="Say more.", approve=approve)


SOLUTIONS = [
    Doing("solution.submit", "provider_admin", complete_draft,
          lambda w, s: submit_solution(by=w.provider_admin, solution=s), {"solution_submitted": ["moderator"]}),
    Doing("solution.request_changes", "moderator", solution("submitted"), lambda w, s: reviewed(w, s, approve=False),
          {"solution_changes_requested": PROVIDER}),
    Doing("solution.list", "moderator", solution("submitted"), lambda w, s: reviewed(w, s, approve=True),
          {"solution_listed": PROVIDER}),
    Doing("solution.suspend", "moderator", solution("listed"),
          lambda w, s: suspend_solution(by=w.moderator, solution=s, reason="complaint"),
          {"solution_suspended": PROVIDER}),
    Doing("solution.relist", "moderator", solution("suspended", suspension_reason="complaint"),
          lambda w, s: relist_solution(by=w.moderator, solution=s), {"solution_listed": PROVIDER}),
    Doing("solution.expire", "system", solution("listed", expires_on=timezone.localdate() - 3 * DAY),
          lambda w, s: expire_records(), {"solution_expired": PROVIDER}),
    Doing("solution.renew", "provider_admin", solution("expired", expires_on=timezone.localdate() - 3 * DAY),
          lambda w, s: renew_solution(by=w.provider_admin, solution=s, expires_on=timezone.localdate() + 90 * DAY),
          quiet=OWN_ROOM),
    Doing("solution.archive", "provider_admin", solution("listed"),
          lambda w, s: archive_solution(by=w.provider_admin, solution=s), quiet=OWN_ROOM),
    Doing("solution.restore", "provider_admin", solution("archived"),
          lambda w, s: restore_solution(by=w.provider_admin, solution=s), quiet=OWN_ROOM),
    Doing("solution.reconsider", "moderator", solution("listed"),
          lambda w, s: reverse_solution(by=w.moderator, solution=s, note="A mistake."),
          {"solution_reversed": PROVIDER}),
]  # fmt: skip
