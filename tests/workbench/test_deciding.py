"""Two pairs of eyes, undo within half a minute, reversal later, words for overrides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import SolutionReview
from cities.actions import publish_demand, reject_demand
from cities.models import Demand
from matching.actions import offer_match, reject_match, shortlist_match
from matching.learning.models import Judgement
from matching.models import Match
from matching.workbench.deciding_actions import (
    Step,
    confirm_decision,
    decide,
    refuse_decision,
    undo_decision,
    withdraw_request,
)
from matching.workbench.models import Confirmation, Decided, Override, Recusal
from matching.workbench.reversing_actions import reverse_demand, reverse_organisation, reverse_solution
from portal.accounts.actions import refuse_organisation
from portal.accounts.models import Organisation
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.factories import DemandFactory, MatchFactory, MembershipFactory, OrganisationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


def submitted(**fields: Any) -> Demand:
    made: Demand = DemandFactory(state="submitted", published_at=None, submitted_at=timezone.now(), **fields)
    return made


def publishing(demand: Demand) -> Step:
    return Step("demand", demand, "publish", publish_demand, {"demand": demand})


def offering(match: Match, note: str = "") -> Step:
    return Step("match", match, "offer", offer_match, {"match": match, "note": note}, {"note": [note]})


def rejecting(match: Match, note: str = "") -> Step:
    values = {"match": match, "reason": "wrong_need", "note": note}
    return Step("match", match, "reject", reject_match, values)


def failing(match: Match) -> Match:
    """A near miss: one condition is not met."""
    match.result["verdicts"] = [{"gate": "region", "outcome": "fail", "values": {}}]
    Match.objects.filter(pk=match.pk).update(result=match.result)
    return Match.objects.get(pk=match.pk)


def banded(band: str) -> Match:
    match = MatchFactory()
    Match.objects.filter(pk=match.pk).update(band=band)
    return Match.objects.get(pk=match.pk)


def state_of(record: Any) -> str:
    state: str = type(record).objects.get(pk=record.pk).state
    return state


# --- Undo ---


def undone(by: Any) -> None:
    undo_decision(by=by, decided=Decided.objects.get())


def test_decision_counts_at_once_and_nobody_is_told_for_half_a_minute(ana: Any) -> None:
    demand = submitted()
    MembershipFactory(organisation=demand.organisation)
    decide(by=ana, step=publishing(demand))
    run_due()
    assert state_of(demand) == "published"
    assert not Notice.objects.filter(kind="demand_published").exists()
    held = Job.objects.get(kind="notices.demand_published")
    assert timedelta(seconds=20) < held.next_at - held.created_at <= timedelta(seconds=31)


def test_notice_of_a_decision_goes_out_when_the_time_is_over(ana: Any) -> None:
    demand = submitted()
    MembershipFactory(organisation=demand.organisation)
    decide(by=ana, step=publishing(demand))
    Job.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    run_due()
    assert Notice.objects.filter(kind="demand_published").count() == 1


@pytest.mark.parametrize(
    ("make", "step", "back"),
    [
        (submitted, publishing, "submitted"),
        (MatchFactory, offering, "in_review"),
        (MatchFactory, lambda match: rejecting(match, "Lamps, not poles."), "in_review"),
        (MatchFactory, lambda m: Step("match", m, "shortlist", shortlist_match, {"match": m}), "in_review"),
        (
            submitted,
            lambda d: Step("demand", d, "reject", reject_demand, {"demand": d, "reason": "duplicate"}),
            "submitted",
        ),
        (
            lambda: OrganisationFactory(state="pending"),
            lambda body: Step(
                "organisation", body, "refuse", refuse_organisation, {"organisation": body, "reason": "not_found"}
            ),
            "pending",
        ),
    ],
)  # fmt: skip
def test_decision_undone_in_time_leaves_no_word_to_anybody(
    ana: Any, make: Callable[[], Any], step: Callable[[Any], Step], back: str
) -> None:
    record = make()
    decide(by=ana, step=step(record))
    undone(ana)
    assert state_of(record) == back
    assert not Job.objects.filter(kind__startswith="notices.").exists()
    assert AuditEvent.objects.filter(subject=f"{record._meta.model_name}:{record.pk}").count() >= 2


def test_undone_rejection_teaches_the_engine_nothing(ana: Any) -> None:
    decide(by=ana, step=rejecting(MatchFactory(), "Lamps, not poles."))
    assert Judgement.objects.count() == 1
    undone(ana)
    assert not Judgement.objects.exists()


def test_undo_after_its_time_is_refused_and_says_what_to_do(ana: Any) -> None:
    match = MatchFactory()
    decide(by=ana, step=offering(match))
    now = timezone.now()
    Decided.objects.update(at=now - timedelta(minutes=1), until=now - timedelta(seconds=1))
    with pytest.raises(Conflict, match="Take the decision back with a reason"):
        undone(ana)
    assert state_of(match) == "offered"


def test_undo_after_somebody_was_told_is_refused(ana: Any) -> None:
    match = MatchFactory()
    decide(by=ana, step=offering(match))
    Job.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    run_due()
    with pytest.raises(Conflict, match="too late"):
        undone(ana)
    assert state_of(match) == "offered"


def test_undo_twice_is_refused(ana: Any) -> None:
    decide(by=ana, step=offering(MatchFactory()))
    undone(ana)
    with pytest.raises(Conflict):
        undone(ana)


def test_undo_of_a_colleagues_decision_is_refused(ana: Any, ben: Any) -> None:
    decide(by=ana, step=offering(MatchFactory()))
    with pytest.raises(NotAllowed):
        undone(ben)


# --- Reversal ---


@pytest.mark.parametrize(
    ("make", "reverse", "name", "back"),
    [
        (lambda: DemandFactory(), reverse_demand, "demand", "submitted"),
        (lambda: OrganisationFactory(), reverse_organisation, "organisation", "pending"),
    ],
)
def test_reversal_needs_a_reason_and_tells_everybody(
    ana: Any, make: Callable[[], Any], reverse: Callable[..., Any], name: str, back: str
) -> None:
    record = make()
    member = MembershipFactory(organisation=getattr(record, "organisation", record)).user
    with pytest.raises(Incomplete, match="why the decision is taken back"):
        reverse(by=ana, note="", **{name: record})
    reverse(by=ana, note="The budget line does not exist.", **{name: record})
    run_due()
    assert state_of(record) == back
    assert Notice.objects.get(recipient=member, kind=f"{name}_reversed").params["name"]


def test_reversal_of_a_listing_is_read_as_a_review(ana: Any, world: Any) -> None:
    reverse_solution(by=ana, solution=world.solution, note="The certificate is not theirs.")
    assert state_of(world.solution) == "submitted"
    assert SolutionReview.objects.get().comment == "The certificate is not theirs."


def test_reversed_verification_leaves_no_verifier(ana: Any) -> None:
    row = reverse_organisation(by=ana, organisation=OrganisationFactory(), note="The letter was forged.")
    row = Organisation.objects.get(pk=row.pk)
    assert (row.verified_by, row.verified_at, row.verified_how) == (None, None, "")


# --- Overrides ---


def test_offer_of_a_weak_match_needs_words_and_is_kept(ana: Any) -> None:
    match = banded("weak")
    with pytest.raises(Incomplete, match="finds this pair weak"):
        decide(by=ana, step=offering(match))
    decide(by=ana, step=offering(match, "They asked for it by name."))
    assert list(Override.objects.values_list("what", "note")) == [("weak", "They asked for it by name.")]


def test_rejection_of_a_strong_match_needs_words_and_is_kept(ana: Any) -> None:
    match = banded("strong")
    with pytest.raises(Incomplete, match="finds this pair strong"):
        decide(by=ana, step=rejecting(match))
    decide(by=ana, step=rejecting(match, "It is sold out."))
    assert Override.objects.get().what == "strong"


def test_undone_override_is_none(ana: Any) -> None:
    decide(by=ana, step=offering(banded("weak"), "They asked for it by name."))
    undone(ana)
    assert not Override.objects.exists()


# --- Two pairs of eyes ---


@pytest.fixture
def asked(ana: Any) -> tuple[Confirmation, Step]:
    step = publishing(submitted(budget_max=80_000_000, currency="EUR"))
    return decide(by=ana, step=step), step


def test_large_budget_waits_for_a_second_moderator(asked: Any) -> None:
    confirmation, step = asked
    assert (confirmation.rules, state_of(step.record)) == (["budget"], "submitted")


def test_second_moderator_confirms_and_both_are_in_the_trace(asked: Any, ana: Any, ben: Any) -> None:
    confirmation, step = asked
    confirm_decision(by=ben, confirmation=confirmation, step=step)
    assert (state_of(step.record), state_of(confirmation)) == ("published", "confirmed")
    actors = AuditEvent.objects.filter(action__in=["demand.publish", "confirmation.confirm"])
    assert set(actors.values_list("action", "actor")) == {
        ("demand.publish", f"user:{ana.pk}"),
        ("confirmation.confirm", f"user:{ben.pk}"),
    }


def test_whoever_asked_cannot_confirm(asked: Any, ana: Any) -> None:
    confirmation, step = asked
    with pytest.raises(NotAllowed, match="You asked for this yourself"):
        confirm_decision(by=ana, confirmation=confirmation, step=step)
    assert state_of(step.record) == "submitted"


def test_moderator_tied_to_the_city_cannot_confirm(asked: Any, ben: Any) -> None:
    confirmation, step = asked
    MembershipFactory(user=ben, organisation=step.record.organisation)
    with pytest.raises(NotAllowed, match="tied to one of the two parties"):
        confirm_decision(by=ben, confirmation=confirmation, step=step)


def test_second_moderators_no_needs_words_and_is_told(asked: Any, ana: Any, ben: Any) -> None:
    confirmation, step = asked
    with pytest.raises(Incomplete, match="why you do not confirm"):
        refuse_decision(by=ben, confirmation=confirmation, note="")
    refuse_decision(by=ben, confirmation=confirmation, note="Who is the owner?")
    run_due()
    assert state_of(step.record) == "submitted"
    assert Notice.objects.get(recipient=ana).kind == "confirmation_refused"


def test_second_answer_to_a_question_is_refused(asked: Any, ben: Any) -> None:
    confirmation, step = asked
    confirm_decision(by=ben, confirmation=confirmation, step=step)
    third = StaffRoleFactory(role="moderator").user
    with pytest.raises(Conflict):
        refuse_decision(by=third, confirmation=Confirmation.objects.get(), note="No.")


def test_same_decision_asked_twice_is_refused_with_who_and_when(asked: Any, ana: Any, ben: Any) -> None:
    confirmation, step = asked
    with pytest.raises(Conflict, match="waits for a second moderator already") as refused:
        decide(by=ben, step=step)
    assert (refused.value.who, refused.value.when) == (f"user:{ana.pk}", confirmation.asked_at)


def test_question_is_closed_by_another_decision(asked: Any, ben: Any) -> None:
    confirmation, step = asked
    demand = step.record
    decide(by=ben, step=Step("demand", demand, "reject", reject_demand, {"demand": demand, "reason": "duplicate"}))
    assert state_of(confirmation) == "overtaken"


def test_question_is_withdrawn_by_whoever_asked_only(asked: Any, ana: Any, ben: Any) -> None:
    confirmation, _step = asked
    with pytest.raises(NotAllowed):
        withdraw_request(by=ben, confirmation=confirmation)
    assert withdraw_request(by=ana, confirmation=confirmation).state == "withdrawn"


def test_near_miss_is_offered_by_two_and_with_words(ana: Any, ben: Any) -> None:
    match = failing(MatchFactory())
    with pytest.raises(Incomplete, match="fails a condition"):
        decide(by=ana, step=offering(match))
    step = offering(match, "The region opens next month.")
    asked = decide(by=ana, step=step)
    assert (asked.rules, state_of(match)) == (["override"], "suggested")
    confirm_decision(by=ben, confirmation=asked, step=step)
    assert (state_of(match), Override.objects.get().by) == ("offered", ana)


def test_rules_that_are_switched_off_ask_nobody(ana: Any, settings: Any) -> None:
    settings.FOUR_EYES, settings.FOUR_EYES_BUDGET = frozenset(), 0
    demand = submitted(budget_max=80_000_000, currency="EUR")
    decide(by=ana, step=publishing(demand))
    assert state_of(demand) == "published"


def test_tied_moderator_is_kept_out_of_every_kind(ana: Any) -> None:
    demand = submitted()
    MembershipFactory(user=ana, organisation=demand.organisation)
    with pytest.raises(NotAllowed, match="tied to one of the two parties"):
        decide(by=ana, step=publishing(demand))
    assert not Recusal.objects.exists()
    assert state_of(demand) == "submitted"
