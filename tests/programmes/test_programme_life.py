"""From draft to report: what each step needs, who may take it, who is told when."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from portal.programmes.application_actions import screen_application
from portal.programmes.enums import ProgrammeState
from portal.programmes.figures import figures_of
from portal.programmes.jury_actions import Points, declare_conflicts, give_points, propose_verdict
from portal.programmes.models import Application, CallCriterion, CohortMember, Partner, Programme, ProgrammeMatch
from portal.programmes.obstacles import obstacles
from portal.programmes.programme_actions import clear_neutrality, move_programme, remove_partner
from portal.programmes.record_actions import link_match, link_record, unlink_record
from portal.programmes.states import PROGRAMME
from portal.programmes.tasks import advance_programmes
from portal.programmes.text_actions import write_report
from tests.conftest import World
from tests.factories import DemandFactory, ProviderFactory, SolutionFactory
from tests.factories.programmes import (
    ApplicationFactory,
    CallFactory,
    JurorFactory,
    ProgrammeFactory,
    manager,
)

pytestmark = pytest.mark.django_db
PEOPLE = (
    "visitor", "newcomer", "city_admin", "provider_admin", "moderator", "neutrality", "expert", "administrator",
    "deactivated", "programme",
)  # fmt: skip


def put(programme: Programme, state: str) -> Programme:
    Programme.objects.filter(pk=programme.pk).update(state=state)
    programme.refresh_from_db()
    return programme


def ready_for(move: str) -> Programme:
    """A programme that lacks nothing for the move, in the state before it."""
    programme = ProgrammeFactory(state=min(PROGRAMME.moves[move].sources), report_en="Ten schools are cooler.")
    if move == "start_running":
        return put(programme, "results")
    past = move not in ("announce", "open")
    call = CallFactory(programme=programme, deadline=timezone.now() + timedelta(days=-1 if past else 9))
    if move in ("start_jury", "publish_results"):
        application = ApplicationFactory(call=call, state="admitted", verdict="accept")
        juror = JurorFactory(call=call, declared_at=timezone.now())
        put(programme, "jury")
        sheet = {criterion.pk: Points(4, "") for criterion in call.criteria.all()}
        give_points(by=juror.user, juror=juror, application=Application.objects.get(pk=application.pk), points=sheet)
    return put(programme, min(PROGRAMME.moves[move].sources))


@pytest.mark.parametrize("move", [move for move in PROGRAMME.moves if move != "reopen"])
@pytest.mark.parametrize("state", ProgrammeState.values)
def test_every_move_from_every_state_happens_or_is_refused_with_a_sentence(move: str, state: str) -> None:
    programme, by = put(ready_for(move), state), manager()
    if state in PROGRAMME.moves[move].sources and not (move == "start_running" and state == "announced"):
        assert move_programme(by=by, programme=programme, move=move).state == PROGRAMME.moves[move].target
        assert AuditEvent.objects.filter(action=f"programme.{move}", subject=f"programme:{programme.pk}").exists()
    elif state not in PROGRAMME.moves[move].sources:
        with pytest.raises(Conflict, match=r"[a-z] .*\."):
            move_programme(by=by, programme=programme, move=move)
        programme.refresh_from_db()
        assert programme.state == state


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("move", [move for move in PROGRAMME.moves if move != "reopen"])
def test_only_programme_managers_move_a_programme(world: World, who: str, move: str) -> None:
    programme, user = ready_for(move), world.users[who]
    if who == "programme":
        assert move_programme(by=user, programme=programme, move=move).state == PROGRAMME.moves[move].target
    elif isinstance(user, User):
        with pytest.raises(NotAllowed):
            move_programme(by=user, programme=programme, move=move)


@pytest.mark.parametrize(
    ("move", "spoil", "said"),
    [
        ("announce", lambda p: Programme.objects.filter(pk=p.pk).update(about_en=""), "Write what"),
        ("announce", lambda p: p.focus_areas.clear(), "focus area"),
        ("open", lambda p: CallCriterion.objects.filter(weight=40).update(weight=39), "add up to 100"),
        ("open", lambda p: p.calls.update(deadline=timezone.now() - timedelta(days=1)), "has passed"),
        ("open", lambda p: p.calls.update(about_en=""), "write what you look for"),
        ("close", lambda p: p.calls.update(deadline=timezone.now() + timedelta(days=1)), "still to come"),
        ("start_jury", lambda p: ApplicationFactory(call=p.calls.get(), number=99), "not checked"),
        ("start_jury", lambda p: p.calls.get().jurors.update(is_active=False), "more people"),
        ("publish_results", lambda p: Application.objects.update(verdict=""), "verdict on every"),
        ("publish_results", lambda p: p.calls.get().jurors.update(is_active=False), "more scores"),
        ("publish_report", lambda p: Programme.objects.filter(pk=p.pk).update(report_en=""), "what came of it"),
    ],
)
def test_step_that_lacks_something_is_refused_and_says_what(move: str, spoil: Any, said: str) -> None:
    programme = ready_for(move)
    spoil(programme)
    programme.refresh_from_db()
    with pytest.raises(Incomplete, match=said):
        move_programme(by=manager(), programme=programme, move=move)


def test_activity_without_calls_runs_after_its_announcement() -> None:
    programme = ProgrammeFactory(state="announced")
    assert move_programme(by=manager(), programme=programme, move="start_running").state == "running"


def test_activity_with_calls_does_not_skip_them() -> None:
    call = CallFactory(programme__state="announced")
    assert obstacles(call.programme, "start_running") != []


# --- Neutrality -------------------------------------------------------------------------------------------------------


def funded_by(owner: Any, **more: Any) -> Programme:
    programme = ready_for("open")
    Partner.objects.create(programme=programme, role="funder", name=owner.name, **more)
    return programme


@pytest.mark.parametrize("linked", [True, False])
def test_funder_that_is_a_provider_is_flagged_and_stops_the_opening(linked: bool) -> None:
    organisation = ProviderFactory().organisation
    programme = funded_by(organisation, **({"organisation": organisation} if linked else {}))
    with pytest.raises(Incomplete, match="neutrality officer"):
        move_programme(by=manager(), programme=programme, move="open")


def test_officers_note_lets_it_open(world: World) -> None:
    organisation = ProviderFactory().organisation
    programme = funded_by(organisation, organisation=organisation)
    clear_neutrality(by=world.neutrality, programme=programme, note="Pays for travel only and does not apply.")
    programme.refresh_from_db()
    assert move_programme(by=manager(), programme=programme, move="open").state == "open"


def test_manager_cannot_clear_neutrality_herself(world: World) -> None:
    with pytest.raises(NotAllowed):
        clear_neutrality(by=world.programme, programme=ProgrammeFactory(), note="Fine.")


def test_note_without_words_is_refused(world: World) -> None:
    with pytest.raises(Incomplete):
        clear_neutrality(by=world.neutrality, programme=ProgrammeFactory(), note="  ")


def test_partner_that_applies_after_the_note_needs_another_one() -> None:
    programme = ready_for("publish_results")
    application = Application.objects.get(call__programme=programme)
    Partner.objects.create(programme=programme, role="partner", name="x", organisation=application.organisation)
    assert any("neutrality officer" in text for text in obstacles(programme, "publish_results"))


def test_partner_is_not_removed_after_the_results() -> None:
    programme = ProgrammeFactory(state="results")
    partner = Partner.objects.create(programme=programme, role="funder", name="Fund")
    with pytest.raises(Conflict):
        remove_partner(by=manager(), partner=partner)


# --- Results ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def judged(world: World) -> Programme:
    """Two applications with the jury, one to be accepted, one not; members who are told."""
    programme = ProgrammeFactory(state="jury")
    call = CallFactory(programme=programme)
    first = ApplicationFactory(call=call, subject=world.demand, state="admitted")
    second = ApplicationFactory(call=call, subject=DemandFactory(body=world.other_city), state="admitted")
    juror = JurorFactory(call=call)
    declare_conflicts(by=juror.user, juror=juror, organisations=[])
    for application, points in ((first, 5), (second, 2)):
        sheet = {criterion.pk: Points(points, "") for criterion in call.criteria.all()}
        give_points(by=juror.user, juror=juror, application=application, points=sheet)
    propose_verdict(by=world.programme, application=first, verdict="accept")
    propose_verdict(
        by=world.programme, application=second, verdict="decline", reason="score", note="Others were ready."
    )
    return programme


def test_nobody_learns_of_a_verdict_before_the_results(judged: Programme) -> None:
    run_due()
    assert not Notice.objects.filter(kind__in=["application_accepted", "application_declined"]).exists()
    assert set(Application.objects.values_list("state", flat=True)) == {"admitted"}


def test_results_are_told_to_all_at_once_with_reasons(judged: Programme, world: World) -> None:
    move_programme(by=world.programme, programme=judged, move="publish_results")
    run_due()
    told = Notice.objects.filter(kind__in=["application_accepted", "application_declined"])
    assert set(told.values_list("recipient", "kind")) >= {
        (world.city_admin.pk, "application_accepted"), (world.other_city_admin.pk, "application_declined"),
    }  # fmt: skip
    moments = sorted(told.values_list("created_at", flat=True))
    assert moments[-1] - moments[0] < timedelta(minutes=1)
    declined = Application.objects.get(state="declined")
    assert (declined.reason, declined.note, declined.score) == ("score", "Others were ready.", 2.0)


def test_accepted_application_joins_the_cohort(judged: Programme, world: World) -> None:
    move_programme(by=world.programme, programme=judged, move="publish_results")
    assert CohortMember.objects.get().application.organisation == world.city.organisation


def test_verdict_that_is_refused_leaves_all_states_as_they_were(judged: Programme, world: World) -> None:
    Application.objects.filter(verdict="decline").update(verdict_reason="nonsense")
    with pytest.raises(DomainError):
        move_programme(by=world.programme, programme=judged, move="publish_results")
    assert set(Application.objects.values_list("state", flat=True)) == {"admitted"}


def test_more_verdicts_than_places_are_refused(judged: Programme, world: World) -> None:
    judged.calls.update(places=1)
    Application.objects.update(verdict="accept")
    with pytest.raises(Incomplete, match="than there are places"):
        move_programme(by=world.programme, programme=judged, move="publish_results")


def test_check_is_told_to_all_when_the_jury_begins(world: World) -> None:
    programme = ProgrammeFactory(state="screening")
    call = CallFactory(programme=programme)
    good = ApplicationFactory(call=call, subject=world.demand)
    bad = ApplicationFactory(call=call, subject=DemandFactory(body=world.other_city))
    JurorFactory(call=call)
    by = world.programme
    screen_application(by=by, application=good, move="admit")
    screen_application(by=by, application=bad, move="screen_out", reason="off_topic", note="Not about schools.")
    run_due()
    assert not Notice.objects.filter(kind__startswith="application_").exists()
    move_programme(by=by, programme=programme, move="start_jury")
    run_due()
    kinds = set(Notice.objects.filter(kind__startswith="application_").values_list("recipient", "kind"))
    assert {
        (world.city_admin.pk, "application_admitted"),
        (world.other_city_admin.pk, "application_screened_out"),
    } <= kinds


def test_report_keeps_the_figures_of_its_day(world: World) -> None:
    programme = ProgrammeFactory(state="running")
    write_report(by=world.programme, programme=programme, text="Ten schools are cooler.")
    ApplicationFactory(call=CallFactory(programme=programme), state="accepted")
    programme.refresh_from_db()
    reported = move_programme(by=world.programme, programme=programme, move="publish_report")
    assert (reported.report_figures["applications"], reported.report_figures["accepted"]) == (1, 1)


def test_match_from_a_programme_goes_to_the_moderators(world: World) -> None:
    programme = ProgrammeFactory(state="running")
    values = {"demand": DemandFactory(), "solution": SolutionFactory(), "note": "Both were accepted."}
    match = link_match(by=world.programme, programme=programme, **values)
    assert (match.origin, match.state) == ("programme", "in_review")
    assert ProgrammeMatch.objects.get().match == match


def test_linked_demand_stands_on_the_page_and_in_the_figures(world: World, client: Any) -> None:
    programme = ProgrammeFactory(state="running")
    link_record(by=world.programme, programme=programme, subject=world.demand)
    assert world.demand.public_id in client.get(programme.get_absolute_url()).content.decode()
    assert figures_of(programme)["demands"] == 1
    unlink_record(by=world.programme, programme=programme, reference=world.demand.public_id)
    assert figures_of(programme)["demands"] == 0


def test_draft_cannot_be_linked(world: World) -> None:
    with pytest.raises(DomainError):
        link_record(by=world.programme, programme=ProgrammeFactory(), subject=DemandFactory(state="draft"))


# --- Time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "wall"), [("Asia/Seoul", "2026-06-30"), ("America/Sao_Paulo", "2026-06-30")])
def test_programme_closes_by_itself_after_the_minute_named(clock: Any, zone: str, wall: str) -> None:
    deadline = clock(f"{wall} 23:59", zone)
    call = CallFactory(deadline=deadline, zone=zone)
    clock(f"{wall} 23:59:59", zone)
    advance_programmes()
    assert Programme.objects.get().state == "open"
    clock("2026-07-01 00:00", zone)
    advance_programmes()
    assert Programme.objects.get(pk=call.programme_id).state == "closed"


def test_draft_is_reminded_of_the_deadline_once(clock: Any, world: World) -> None:
    deadline = clock("2026-06-30 23:59", "Asia/Seoul")
    call = CallFactory(deadline=deadline, zone="Asia/Seoul")
    ApplicationFactory(call=call, subject=world.demand, state="draft", submitted_by=None, submitted_at=None)
    clock("2026-06-28 12:00", "Asia/Seoul")
    for _beat in range(2):
        advance_programmes()
        run_due()
    assert world.city_admin.notices.filter(kind="deadline_near").count() == 1
