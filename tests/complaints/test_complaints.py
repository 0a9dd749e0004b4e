"""An objection from its filing to the answer of the appeal, who sees it, and what an upheld one changes."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cities.models import Demand
from matching.actions import offer_match
from matching.complaints.actions import (
    answer_complaint,
    appeal_complaint,
    assign_complaint,
    close_complaints,
    file_complaint,
    pause_match,
    withdraw_complaint,
)
from matching.complaints.enums import ComplaintState
from matching.complaints.flag_actions import report_record, settle_flag
from matching.complaints.models import Complaint, Flag
from matching.complaints.rules import can_answer, can_complain, can_see_complaint
from matching.models import Match
from matching.queue import queue_for
from matching.waiting import Kind
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.working_days import office_day, working_days_after
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.factories import (
    ComplaintFactory,
    DemandFactory,
    IntroductionFactory,
    MatchFactory,
    MembershipFactory,
    StaffRoleFactory,
)
from tests.factories.introductions import InterestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(world: Any) -> Match:
    """Offered by the moderator, so that somebody else has to examine what the city says to it."""
    match = MatchFactory(demand=world.demand, solution=world.solution)
    offer_match(by=world.moderator, match=match)
    return Match.objects.with_records().get(pk=match.pk)


@pytest.fixture
def examiner(world: Any) -> Any:
    return StaffRoleFactory(role="moderator", user__name="Ben").user


@pytest.fixture
def complaint(world: Any, examiner: Any, offered: Match) -> Complaint:
    return file_complaint(by=world.city_admin, kind="match", record=offered, words="Nobody read page two.")


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def upheld(complaint: Complaint, by: Any, **values: Any) -> Complaint:
    return answer_complaint(by=by, complaint=complaint, finding="upheld", answer="You are right.", **values)


# --- Filing ---


def test_complaint_goes_to_a_moderator_who_had_no_part_in_it(complaint: Complaint, examiner: Any, world: Any) -> None:
    assert (complaint.state, complaint.owner, complaint.contested_by) == ("in_hand", examiner, world.moderator)
    assert complaint.contested == "offer"


def test_complaint_goes_to_the_neutrality_officer_where_all_moderators_are_involved(world: Any, offered: Match) -> None:
    found = file_complaint(by=world.city_admin, kind="match", record=offered, words="Nobody read page two.")
    assert found.owner == world.neutrality


def test_complaint_passes_over_moderators_tied_to_a_party(world: Any, examiner: Any, offered: Match) -> None:
    MembershipFactory(user=examiner, organisation=world.city.organisation)
    found = file_complaint(by=world.city_admin, kind="match", record=offered, words="Nobody read page two.")
    assert found.owner == world.neutrality


def test_complaint_has_ten_working_days(complaint: Complaint) -> None:
    assert complaint.due_on == working_days_after(office_day(), 10)


@pytest.mark.parametrize(("zone", "due"), [("Asia/Seoul", date(2026, 4, 10)), ("America/Sao_Paulo", date(2026, 4, 9))])
def test_clock_of_a_complaint_begins_on_the_day_of_the_office(
    world: Any, examiner: Any, offered: Match, settings: Any, monkeypatch: Any, zone: str, due: date
) -> None:
    """Thursday evening in London is Friday in Seoul; the clocks change in Europe on the Sunday after."""
    settings.OFFICE_TIME_ZONE = zone
    moment = datetime(2026, 3, 26, 20, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setattr(timezone, "now", lambda: moment)
    found = file_complaint(by=world.city_admin, kind="match", record=offered, words="Nobody read page two.")
    assert found.due_on == due


def test_complaint_without_words_is_refused(world: Any, offered: Match) -> None:
    with pytest.raises(Incomplete, match="what is wrong"):
        file_complaint(by=world.city_admin, kind="match", record=offered, words=" ")


def test_second_complaint_of_an_organisation_about_the_same_is_refused(complaint: Complaint, world: Any) -> None:
    match = Match.objects.with_records().get(public_id=complaint.item)
    with pytest.raises(Conflict, match="open complaint about this already"):
        file_complaint(by=world.city_approver, kind="match", record=match, words="And page three.")


@pytest.mark.parametrize("persona", ["provider_admin", "other_city_admin", "newcomer", "moderator", "neutrality"])
def test_complaint_is_refused_to_whom_the_match_does_not_concern(world: Any, offered: Match, persona: str) -> None:
    """The provider does not know of an offer yet."""
    with pytest.raises(NotAllowed):
        file_complaint(by=getattr(world, persona), kind="match", record=offered, words="Why?")


def test_provider_objects_where_its_interest_was_not_followed(world: Any, client_of: Any) -> None:
    match = MatchFactory(demand=world.demand, solution=world.solution, state="rejected")
    assert not can_complain(world.provider_editor, "match", match)
    InterestFactory(match=match)
    page = f"/en/complaints/new/match/{match.public_id}/"
    client = client_of(world.provider_editor)
    assert page in client.get(f"/en/solutions/{world.solution.public_id}/demands/").content.decode()
    made = client.post(page, {"words": "It fits.", "language": "en"})
    assert made.status_code == 302
    assert f"/solutions/{world.solution.public_id}/demands/" in client.get(made["Location"]).content.decode()


def test_author_of_a_rejected_demand_may_complain_and_of_a_published_one_not(world: Any) -> None:
    rejected = DemandFactory(body=world.city, state="rejected", published_at=None)
    assert can_complain(world.city_editor, "demand", rejected)
    assert not can_complain(world.city_editor, "demand", world.demand)
    assert not can_complain(world.other_city_admin, "demand", rejected)


# --- Who sees it ---


def test_complaint_is_seen_by_three_and_by_nobody_else(complaint: Complaint, world: Any, examiner: Any) -> None:
    seen = {name for name, user in world.users.items() if can_see_complaint(user, complaint)}
    assert seen == {"city_admin", "neutrality"}
    assert can_see_complaint(examiner, complaint)


@pytest.mark.parametrize("state", ComplaintState.values)
def test_predicate_and_queryset_agree_in_every_state_for_everybody(
    complaint: Complaint, world: Any, examiner: Any, state: str
) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(state=state)
    row = fresh(complaint)
    for user in [*world.users.values(), examiner]:
        assert Complaint.objects.visible_to(user).filter(pk=row.pk).exists() == can_see_complaint(user, row)


@pytest.mark.parametrize("state", ComplaintState.values)
def test_only_who_is_to_answer_may_in_every_state(complaint: Complaint, world: Any, examiner: Any, state: str) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(state=state)
    row = fresh(complaint)
    may = {name for name, user in world.users.items() if can_answer(user, row)}
    assert may == ({"neutrality"} if state in ("in_hand", "appealed") else set())
    assert can_answer(examiner, row) == (state == "in_hand")


def test_complaint_waits_in_the_queue_of_its_owner_alone(complaint: Complaint, world: Any, examiner: Any) -> None:
    def waiting(user: Any) -> list[str]:
        return [item.public_id for item in queue_for(user).items if item.kind == Kind.COMPLAINT]

    assert (waiting(examiner), waiting(world.moderator)) == ([complaint.public_id], [])


def test_page_of_a_complaint_is_absent_for_other_moderators(complaint: Complaint, world: Any, client_of: Any) -> None:
    address = f"/en/complaints/{complaint.public_id}/"
    assert client_of(world.moderator).get(address).status_code == 404
    assert "Nobody read page two." in client_of(world.city_admin).get(address).content.decode()


# --- Answering ---


def test_answer_is_told_to_the_complainant_alone(complaint: Complaint, world: Any, examiner: Any) -> None:
    answer_complaint(by=examiner, complaint=complaint, finding="not_upheld", answer="We read it.")
    run_due()
    told = Notice.objects.filter(kind="complaint_answered").values_list("recipient", flat=True)
    assert list(told) == [world.city_admin.pk]


def test_answer_without_words_is_refused(complaint: Complaint, examiner: Any) -> None:
    with pytest.raises(Incomplete, match="Write the answer"):
        answer_complaint(by=examiner, complaint=complaint, finding="upheld", answer="")


def test_complaint_that_is_not_upheld_reopens_nothing(complaint: Complaint, examiner: Any) -> None:
    with pytest.raises(Incomplete, match="changes nothing"):
        answer_complaint(by=examiner, complaint=complaint, finding="not_upheld", answer="No.", reopen=True)


def test_upheld_complaint_puts_the_match_back_on_the_desk(complaint: Complaint, examiner: Any, offered: Match) -> None:
    upheld(complaint, examiner, reopen=True)
    assert fresh(offered).state == "in_review"
    assert list(offered.decisions.values_list("move", flat=True)) == ["offer", "complain", "settle_complaint"]


def test_upheld_complaint_about_a_rejection_puts_the_demand_back(world: Any, examiner: Any) -> None:
    demand = DemandFactory(body=world.city, state="rejected", published_at=None)
    complaint = file_complaint(by=world.city_editor, kind="demand", record=demand, words="It is infrastructure.")
    upheld(complaint, fresh(complaint).owner, reopen=True)
    assert Demand.objects.get(pk=demand.pk).state == "submitted"


@pytest.mark.parametrize("state", ["offered", "introduced", "dialogue", "rejected", "declined_by_city"])
def test_paused_match_returns_to_where_it_stood(
    complaint: Complaint, examiner: Any, offered: Match, state: str
) -> None:
    Match.objects.filter(pk=offered.pk).update(state=state)
    if state in ("introduced", "dialogue"):
        IntroductionFactory(match=offered)
    pause_match(by=examiner, complaint=complaint)
    assert fresh(offered).state == "under_complaint"
    answer_complaint(by=examiner, complaint=complaint, finding="not_upheld", answer="It stands.")
    assert fresh(offered).state == state


def test_withdrawn_complaint_lets_the_match_go_on(
    complaint: Complaint, world: Any, examiner: Any, offered: Match
) -> None:
    pause_match(by=examiner, complaint=complaint)
    withdraw_complaint(by=world.city_admin, complaint=complaint)
    assert fresh(offered).state == "offered"


def test_assignment_to_somebody_involved_is_refused(complaint: Complaint, world: Any) -> None:
    with pytest.raises(DomainError, match="took the decision"):
        assign_complaint(by=world.neutrality, complaint=complaint, owner=world.moderator)


def test_assignment_is_the_neutrality_officers(complaint: Complaint, world: Any, examiner: Any) -> None:
    other = StaffRoleFactory(role="moderator").user
    with pytest.raises(NotAllowed):
        assign_complaint(by=examiner, complaint=complaint, owner=other)
    assert assign_complaint(by=world.neutrality, complaint=complaint, owner=other).owner == other


# --- Appeal ---


@pytest.fixture
def appealed(complaint: Complaint, world: Any, examiner: Any) -> Complaint:
    row = answer_complaint(by=examiner, complaint=complaint, finding="not_upheld", answer="We read it.")
    return appeal_complaint(by=world.city_admin, complaint=row, words="You did not.")


def test_appeal_goes_to_the_neutrality_officer_with_a_clock_of_its_own(appealed: Complaint, world: Any) -> None:
    assert (appealed.state, appealed.owner) == ("appealed", world.neutrality)
    assert appealed.due_on == working_days_after(office_day(), 10)


def test_appeal_is_answered_once_and_for_all(appealed: Complaint, world: Any, examiner: Any) -> None:
    with pytest.raises(NotAllowed):
        upheld(appealed, examiner)
    row = upheld(appealed, world.neutrality)
    assert (row.state, row.appeal_finding) == ("closed", "upheld")
    with pytest.raises(Conflict):
        appeal_complaint(by=world.city_admin, complaint=row, words="Again.")


def test_appeal_after_its_time_is_refused(complaint: Complaint, world: Any, examiner: Any) -> None:
    row = answer_complaint(by=examiner, complaint=complaint, finding="not_upheld", answer="We read it.")
    Complaint.objects.update(answered_at=timezone.now() - timedelta(days=31))
    with pytest.raises(DomainError, match="time for an appeal is over"):
        appeal_complaint(by=world.city_admin, complaint=fresh(row), words="You did not.")


def test_answer_nobody_appealed_against_is_closed_by_the_clock(complaint: Complaint, examiner: Any) -> None:
    row = answer_complaint(by=examiner, complaint=complaint, finding="not_upheld", answer="We read it.")
    assert close_complaints() == 0
    Complaint.objects.update(answered_at=timezone.now() - timedelta(days=31))
    assert (close_complaints(), fresh(row).state) == (1, "closed")


def test_neutrality_officer_sees_all_complaints(world: Any, client_of: Any) -> None:
    ComplaintFactory.create_batch(3)
    response = client_of(world.neutrality).get("/en/complaints/")
    assert len(response.context["page_obj"].object_list) == 3


# --- Reports ---


def test_report_waits_for_moderators_not_tied_to_it_and_is_answered(world: Any) -> None:
    flag = report_record(by=world.newcomer, kind="demand", item=world.demand.public_id, reason="outdated")
    assert [item.public_id for item in queue_for(world.moderator).items] == [flag.public_id]
    settle_flag(by=world.moderator, flag=flag, acted=True, answer="The city mended it.")
    run_due()
    assert Flag.objects.get().state == "acted"
    assert Notice.objects.get(recipient=world.newcomer).kind == "flag_settled"


def test_report_twice_by_the_same_person_is_refused(world: Any) -> None:
    report_record(by=world.newcomer, kind="demand", item=world.demand.public_id, reason="outdated")
    with pytest.raises(Conflict, match="reported this already"):
        report_record(by=world.newcomer, kind="demand", item=world.demand.public_id, reason="other")


def test_report_is_not_settled_by_whoever_reported_or_is_tied(world: Any) -> None:
    flag = report_record(by=world.moderator, kind="demand", item=world.demand.public_id, reason="outdated")
    tied = StaffRoleFactory(role="moderator").user
    MembershipFactory(user=tied, organisation=world.city.organisation)
    for user in (world.moderator, tied):
        with pytest.raises(NotAllowed):
            settle_flag(by=user, flag=flag, acted=False, answer="Fine.")
