"""A rejected applicant objects: nobody who judged, or runs programmes, examines it, and an upheld one is heard."""

from typing import Any

import pytest

from matching.complaints.actions import answer_complaint, appeal_complaint, file_complaint, pass_on_complaint
from matching.complaints.forms import AnswerForm
from matching.complaints.models import Complaint
from matching.complaints.rules import can_complain
from portal.common.errors import NotAllowed
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from portal.programmes.models import Application
from tests.factories import MembershipFactory, StaffRoleFactory
from tests.factories.programmes import ApplicationFactory, CallFactory, JurorFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(world: Any) -> Application:
    """Declined in the results of a call."""
    call = CallFactory(programme=ProgrammeFactory(state="results"))
    made: Application = ApplicationFactory(call=call, subject=world.demand, state="declined", reason="places")
    return made


@pytest.fixture
def juror(application: Application, world: Any) -> Any:
    """The world's only moderator sits on the jury."""
    return JurorFactory(call=application.call, user=world.moderator).user


def filed(by: Any, application: Application) -> Complaint:
    return file_complaint(by=by, kind="application", record=application, words="Nobody read page two.")


def answered(by: Any, complaint: Complaint, finding: str = "upheld") -> Complaint:
    return answer_complaint(by=by, complaint=complaint, finding=finding, answer="You are right.")


@pytest.mark.parametrize(
    ("programme", "state", "may"),
    [
        ("results", "declined", True),
        ("results", "accepted", False),
        ("jury", "screened_out", True),
        ("screening", "screened_out", False),  # a secret until the jury begins
    ],
)
def test_applicant_may_object_to_a_no_that_is_known(
    world: Any, application: Application, programme: str, state: str, may: bool
) -> None:
    application.call.programme.state, application.state = programme, state
    assert can_complain(world.city_editor, "application", application) is may
    assert not can_complain(world.provider_admin, "application", application)


def test_complaint_goes_past_jurors_to_the_neutrality_officer(world: Any, application: Application, juror: Any) -> None:
    assert filed(world.city_admin, application).owner == world.neutrality


def test_complaint_goes_past_moderators_who_run_programmes(world: Any, application: Application) -> None:
    StaffRoleFactory(role="programme", user=world.moderator)
    other = StaffRoleFactory(role="moderator").user
    assert filed(world.city_admin, application).owner == other


def test_neutrality_officer_on_the_jury_cannot_answer(world: Any, application: Application) -> None:
    complaint = filed(world.city_admin, application)
    JurorFactory(call=application.call, user=world.neutrality)
    with pytest.raises(NotAllowed):
        answered(world.neutrality, complaint)


def test_appeal_goes_past_the_officer_who_judged(world: Any, application: Application) -> None:
    JurorFactory(call=application.call, user=world.neutrality)
    second = StaffRoleFactory(role="neutrality").user
    complaint = answered(world.moderator, filed(world.city_admin, application), "not_upheld")
    assert appeal_complaint(by=world.city_admin, complaint=complaint, words="No.").owner == second


@pytest.mark.parametrize(("finding", "told"), [("upheld", 1), ("partly", 1), ("not_upheld", 0)])
def test_managers_hear_of_what_was_upheld_and_read_nothing_of_it(
    world: Any, application: Application, finding: str, told: int
) -> None:
    answered(world.moderator, filed(world.city_admin, application), finding)
    run_due()
    found = Notice.objects.filter(recipient=world.programme, kind="objection_upheld")
    assert found.count() == told
    assert all("page two" not in str(notice.params) for notice in found)


def test_examiner_is_not_offered_to_put_an_application_back(world: Any, application: Application) -> None:
    assert "reopen" not in AnswerForm(complaint=filed(world.city_admin, application)).fields


def test_examiner_who_turns_out_to_be_tied_passes_it_on(world: Any, application: Application) -> None:
    other = StaffRoleFactory(role="moderator").user
    complaint = filed(world.city_admin, application)
    found = pass_on_complaint(by=complaint.owner, complaint=complaint, note="My sister applied.")
    assert {complaint.owner, found.owner} == {world.moderator, other}


def test_result_page_leads_to_the_objection_and_the_objection_is_filed(
    world: Any, application: Application, client_of: Any
) -> None:
    client, address = client_of(world.city_editor), f"/en/complaints/new/application/{application.public_id}/"
    assert address in client.get(application.get_absolute_url()).content.decode()
    response = client.post(address, {"words": "Nobody read page two.", "language": "en"})
    assert client.get(response["Location"]).status_code == 200
    assert Complaint.objects.get().organisation == application.organisation


def test_tied_moderator_examines_no_complaint_of_an_applicant(world: Any, application: Application) -> None:
    MembershipFactory(user=world.moderator, organisation=application.organisation)
    assert filed(world.city_admin, application).owner == world.neutrality
