"""What comes by itself, with a clock that is moved: across changes of clocks, in Seoul and in São Paulo."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from portal.common.errors import Conflict
from portal.jobs.tasks import run_due
from portal.programmes.application_actions import start_application, submit_application
from portal.programmes.call_actions import ask_about_call, extend_deadline
from portal.programmes.cohort_actions import answer_follow_up, mark_reached, move_member
from portal.programmes.deadlines import moment
from portal.programmes.figures import figures_of
from portal.programmes.models import Call, CohortFollowUp, CohortMember, Milestone, Programme
from portal.programmes.programme_actions import add_partner, move_programme
from portal.programmes.tasks import advance_programmes, ask_follow_ups, close_over, open_due
from tests.conftest import World
from tests.factories.programmes import ApplicationFactory, CallFactory, CohortMemberFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
SEOUL, SAO_PAULO, BERLIN = "Asia/Seoul", "America/Sao_Paulo", "Europe/Berlin"


@pytest.mark.parametrize("zone", [SEOUL, SAO_PAULO, BERLIN])
def test_call_opens_at_its_minute_and_not_before(clock: Any, world: World, zone: str) -> None:
    opens, deadline = clock("2026-03-29 09:00", zone), clock("2026-04-30 23:59", zone)
    call = CallFactory(programme__state="announced", opens_at=opens, deadline=deadline, zone=zone)
    clock("2026-03-29 08:59:59", zone)
    open_due()
    assert Programme.objects.get().state == "announced"
    clock("2026-03-29 09:00", zone)
    open_due()
    begun = start_application(
        by=world.city_editor, call=call, organisation=world.city.organisation, subject=world.demand, language="en"
    )
    assert (Programme.objects.get().state, begun.state) == ("open", "draft")


def test_call_that_opens_later_than_its_programme_takes_nothing_yet(clock: Any, world: World) -> None:
    opens = clock("2026-05-02 00:00", SEOUL)
    call = CallFactory(opens_at=opens, deadline=opens + timedelta(days=30), zone=SEOUL)
    clock("2026-05-01 23:59", SEOUL)
    with pytest.raises(Conflict):
        start_application(
            by=world.city_editor, call=call, organisation=world.city.organisation, subject=world.demand, language="en"
        )
    assert list(Call.objects.open()) == []


def test_whoever_asked_is_told_once_that_the_call_is_open(clock: Any, world: World) -> None:
    opens = clock("2026-05-02 00:00", SAO_PAULO)
    call = CallFactory(programme__state="announced", opens_at=opens, deadline=opens + timedelta(days=30), zone="UTC")
    clock("2026-05-01 10:00", SAO_PAULO)
    ask_about_call(by=world.city_admin, call=call, text="May utilities apply?", language="en")
    clock("2026-05-02 00:05", SAO_PAULO)
    for _beat in range(2):
        advance_programmes()
        run_due()
    assert world.city_admin.notices.filter(kind="call_opened").count() == 1


def test_programme_that_lacks_something_does_not_open_by_itself(clock: Any) -> None:
    opens = clock("2026-05-02 00:00", SEOUL)
    CallFactory(programme__state="announced", opens_at=opens, deadline=opens + timedelta(days=30), about_en="")
    assert open_due() == 0
    assert Programme.objects.get().state == "announced"


@pytest.mark.parametrize(
    ("day", "zone", "utc"),
    [
        (date(2026, 3, 28), BERLIN, "2026-03-28 22:59"),
        (date(2026, 3, 29), BERLIN, "2026-03-29 21:59"),
        (date(2026, 10, 24), BERLIN, "2026-10-24 21:59"),
        (date(2026, 10, 25), BERLIN, "2026-10-25 22:59"),
        (date(2026, 3, 29), SEOUL, "2026-03-29 14:59"),
        (date(2026, 3, 29), SAO_PAULO, "2026-03-30 02:59"),
    ],
)
def test_call_takes_its_last_second_on_both_sides_of_a_change_of_clocks(
    clock: Any, world: World, day: date, zone: str, utc: str
) -> None:
    deadline = moment(day, time(23, 59), zone)
    assert f"{deadline:%Y-%m-%d %H:%M}" == utc
    application = ApplicationFactory(
        call=CallFactory(deadline=deadline, zone=zone), subject=world.demand, state="draft"
    )
    clock(f"{day} 23:59:59", zone)
    assert close_over() == 0
    assert submit_application(by=world.city_admin, application=application).state == "submitted"
    clock(f"{day + timedelta(days=1)} 00:00", zone)
    assert close_over() == 1


def test_extension_over_a_change_of_clocks_reaches_every_draft_and_holds_to_the_minute(
    clock: Any, world: World
) -> None:
    clock("2026-10-20 12:00", BERLIN)
    call = CallFactory(deadline=moment(date(2026, 10, 24), time(23, 59), BERLIN), zone=BERLIN)
    draft = ApplicationFactory(call=call, subject=world.demand, state="draft", submitted_by=None, submitted_at=None)
    clock("2026-10-24 23:30", BERLIN)
    later = moment(date(2026, 10, 25), time(23, 59), BERLIN)
    extend_deadline(by=world.programme, call=call, deadline=later, reason="Heavy use of the portal.")
    run_due()
    notice = world.city_editor.notices.get(kind="deadline_extended")
    assert notice.params["date"] == "2026-10-25 23:59 (Europe/Berlin)"
    clock("2026-10-25 23:59:59", BERLIN)
    assert submit_application(by=world.city_admin, application=draft).state == "submitted"


# --- Those who take part ----------------------------------------------------------------------------------------------


@pytest.fixture
def member(world: World) -> CohortMember:
    call = CallFactory(programme__state="running")
    application = ApplicationFactory(call=call, subject=world.demand, state="accepted")
    found: CohortMember = CohortMemberFactory(application=application)
    return found


def test_milestone_is_called_to_mind_once_by_those_who_have_not_reached_it(
    clock: Any, world: World, member: CohortMember
) -> None:
    clock("2026-06-10 12:00", SEOUL)
    programme = member.application.call.programme
    open_one, done = (
        Milestone.objects.create(programme=programme, title_en=name, due_on=date(2026, 6, 15)) for name in "ab"
    )
    mark_reached(by=world.city_editor, member=member, milestone=done, is_reached=True)
    for _beat in range(2):
        advance_programmes()
        run_due()
    told = world.city_editor.notices.filter(kind="milestone_near")
    assert [notice.params["name"] for notice in told] == [open_one.title_en]


@pytest.mark.parametrize(
    ("completed", "asked_on"), [("2026-03-31 12:00", "2026-09-30"), ("2026-08-31 23:30", "2027-02-28")]
)
def test_follow_up_is_asked_once_on_the_day_half_a_year_later(
    clock: Any, world: World, member: CohortMember, completed: str, asked_on: str
) -> None:
    clock(completed, "UTC")
    move_member(by=world.programme, member=member, move="complete")
    clock(f"{date.fromisoformat(asked_on) - timedelta(days=1)} 23:59", "UTC")
    assert ask_follow_ups() == 0
    clock(f"{asked_on} 00:00", "UTC")
    assert [ask_follow_ups() for _beat in range(2)] == [1, 0]
    run_due()
    assert world.city_editor.notices.filter(kind="cohort_asked").count() == 1


def test_answer_to_a_follow_up_counts_in_the_figures_and_is_given_once(world: World, member: CohortMember) -> None:
    asked = CohortFollowUp.objects.create(member=member, months=6, asked_at=member.completed_at)
    answer_follow_up(by=world.city_editor, follow_up=asked, used="partly", words="Two of three yards.")
    assert figures_of(member.application.call.programme)["still_used"] == 1
    with pytest.raises(Conflict):
        answer_follow_up(by=world.city_admin, follow_up=asked, used="no", words="")


def test_city_leaves_a_programme_by_its_page_and_is_told(world: World, member: CohortMember, client_of: Any) -> None:
    path = f"/en/applications/{member.application.public_id}/leave/"
    client_of(world.city_admin).post(path, {"reason": "funding", "note": "No money left."})
    run_due()
    assert CohortMember.objects.get().state == "left"
    told = [world.users[who].notices.count() for who in ("city_editor", "city_admin", "programme")]
    assert told == [1, 0, 1]


@pytest.mark.parametrize(
    ("move", "kind", "state"),
    [("start_running", "programme_begins", "results"), ("publish_report", "programme_reported", "running")],
)
def test_those_who_take_part_are_told_of_begin_and_report(
    world: World, member: CohortMember, move: str, kind: str, state: str
) -> None:
    programme = member.application.call.programme
    Programme.objects.filter(pk=programme.pk).update(state=state, report_en="Ten schools are cooler.")
    move_programme(by=world.programme, programme=Programme.objects.get(pk=programme.pk), move=move)
    run_due()
    assert world.city_editor.notices.filter(kind=kind).count() == 1


def test_neutrality_officer_is_told_of_a_funder_that_sells(world: World) -> None:
    owner = world.provider.organisation
    add_partner(by=world.programme, programme=ProgrammeFactory(), role="funder", name=owner.name, organisation=owner)
    run_due()
    assert world.neutrality.notices.filter(kind="neutrality_needed").count() == 1


def test_published_report_and_results_are_files(world: World, member: CohortMember, client: Any) -> None:
    application = member.application
    programme = application.call.programme
    application.score = 4.0
    application.save(update_fields=["score"])
    Programme.objects.filter(pk=programme.pk).update(
        report_en="Ten schools are cooler.", report_ko="열 학교", summary_ko="요약"
    )
    move_programme(by=world.programme, programme=Programme.objects.get(pk=programme.pk), move="publish_report")
    lines = b"".join(client.get(f"/en/programmes/{programme.public_id}/results.csv").streaming_content).decode()
    assert lines.splitlines()[1].split(",")[2] == application.organisation.name
    assert client.get(f"/ko/programmes/{programme.public_id}/report.pdf").content.startswith(b"%PDF")
