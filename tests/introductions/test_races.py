"""The same at the same moment: one wins, the other is told, and nobody is told twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from matching.introductions.interest_actions import express_interest
from matching.introductions.mail_actions import receive_mail
from matching.introductions.meeting_actions import choose_time, propose_meeting
from matching.introductions.models import Interest, Showing
from matching.introductions.question_actions import answer_question, ask_question, release_answer
from matching.models import Message
from portal.audit.actions import verify_chain
from portal.common.errors import Conflict, DomainError
from tests.concurrency import at_once
from tests.conftest import make_world
from tests.factories import SolutionFactory, StaffRoleFactory
from tests.introductions.conftest import Invited, introduce, make_invited
from tests.introductions.test_inbound_mail import reply

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def invited(committed: None) -> Invited:
    return make_invited(make_world())


def winners(found: list[Any], refused: type[Exception] = Conflict) -> list[Any]:
    won = [result for result in found if not isinstance(result, BaseException)]
    assert all(isinstance(result, refused) for result in found if result not in won), found
    assert verify_chain().broken is None
    return won


def test_two_moderators_release_the_same_answer(invited: Invited) -> None:
    question = ask_question(by=invited.provider_editor, demand=invited.demand, body="Which?", language="en")
    question = answer_question(by=invited.city_editor, question=question, answer="All.", language="en")
    other = StaffRoleFactory(role="moderator").user
    found = at_once(
        [
            lambda: release_answer(by=invited.moderator, question=question),
            lambda: release_answer(by=other, question=question),
        ]
    )
    assert len(winners(found)) == 1
    assert Showing.objects.filter(what="answer").count() == 2


def test_two_colleagues_pick_different_times(invited: Invited) -> None:
    introduction, soon = introduce(invited), timezone.now() + timedelta(days=5)
    times = [soon, soon + timedelta(days=1)]
    meeting = propose_meeting(
        by=invited.provider_editor,
        introduction=introduction,
        subject="x",
        place="y",
        minutes=30,
        zone="UTC",
        times=times,
    )
    found = at_once(
        [
            lambda: choose_time(by=invited.city_editor, meeting=meeting, starts_at=times[0]),
            lambda: choose_time(by=invited.city_admin, meeting=meeting, starts_at=times[1]),
        ]
    )
    (won,) = winners(found)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (won.starts_at, 1)


def test_the_last_interest_of_a_month_goes_to_one(invited: Invited, settings: Any) -> None:
    settings.INTERESTS_PER_MONTH = 1
    own = [SolutionFactory(provider=invited.provider) for _number in range(2)]
    found = at_once(
        [
            lambda one=one: express_interest(
                by=invited.provider_admin, demand=invited.demand, solution=one, note="Fits."
            )
            for one in own
        ]
    )
    assert len(winners(found, DomainError)) == 1
    assert Interest.objects.count() == 1


def test_a_mail_handed_over_twice_at_once_is_one_message(invited: Invited, settings: Any) -> None:
    settings.INBOUND_DOMAIN = "in.urbanlink.example"
    raw = reply(invited.city_editor, introduce(invited))
    found = at_once([lambda: receive_mail(raw=raw), lambda: receive_mail(raw=raw)])
    assert len({row.pk for row in winners(found)}) == 1
    assert Message.objects.count() == 1
