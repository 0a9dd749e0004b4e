"""What waits for one person stands on the page that they see first."""

from typing import Any

import pytest

from cities.coach.pool_actions import begin_pool, invite_to_pool
from matching.complaints.models import Complaint
from matching.views.needs import personal_needs
from matching.views.part import part_of
from tests.factories import AdviceFactory, ComplaintFactory, DemandFactory, MatchFactory, StaffRoleFactory, UserFactory
from tests.factories.introductions import QuestionFactory

pytestmark = pytest.mark.django_db


def waiting(user: Any) -> list[str]:
    reader = type(user).objects.get(pk=user.pk)
    return [need.url for need in personal_needs(reader, part_of(reader))]


def test_expert_reads_what_is_asked_until_it_is_answered(world: Any) -> None:
    advice = AdviceFactory()
    assert waiting(advice.expert.user) == [advice.get_absolute_url()]
    AdviceFactory(expert=advice.expert, state="declined", decline_reason="no_time")
    assert waiting(advice.expert.user) == [advice.get_absolute_url()]


def test_city_reads_questions_and_the_provider_does_not(world: Any) -> None:
    question = QuestionFactory(match=MatchFactory(demand=world.demand, state="invited"), state="asked")
    assert waiting(world.city_editor) == [question.get_absolute_url()]
    assert waiting(world.provider_editor) == waiting(world.other_city_editor) == []


def test_only_who_speaks_for_a_city_is_led_to_a_pool(world: Any) -> None:
    pool = begin_pool(by=world.city_approver, demand=world.demand)
    invite_to_pool(by=world.city_approver, pool=pool, demand=DemandFactory(body=world.other_city))
    assert waiting(world.other_city_approver) == [pool.get_absolute_url()]
    assert waiting(world.other_city_editor) == []


def test_officer_reads_complaints_of_their_own_and_of_nobody(world: Any) -> None:
    officer = UserFactory()
    StaffRoleFactory(user=officer, role="neutrality")
    own, nobodys = ComplaintFactory(state="appealed", owner=officer), ComplaintFactory(state="filed", owner=None)
    ComplaintFactory(state="in_hand", owner=world.moderator)
    assert set(waiting(officer)) == {one.get_absolute_url() for one in (own, nobodys)}
    assert Complaint.objects.count() == 3
