"""Every state × every person for questions and meetings: who may do what, and that every refusal says why."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from matching.introductions.meeting_actions import cancel_meeting, choose_time, move_meeting
from matching.introductions.question_actions import (
    answer_question,
    redact_question,
    refuse_question,
    release_answer,
    send_answer_back,
)
from matching.introductions.states import MEETING, QUESTION
from portal.audit.models import AuditEvent
from portal.common.errors import DomainError
from tests.conftest import World
from tests.factories import IntroductionFactory, MatchFactory
from tests.factories.introductions import MeetingFactory, MeetingTimeFactory, QuestionFactory
from tests.states.lifecycles import put

pytestmark = pytest.mark.django_db
CITY = {"city_editor", "city_approver", "city_admin"}
PROVIDER = {"provider_editor", "provider_approver", "provider_admin"}
MODERATOR = {"moderator"}
SOON = timezone.now() + timedelta(days=9)

QUESTION_MOVES: dict[str, tuple[set[str], Any]] = {
    "answer": (CITY, lambda by, row: answer_question(by=by, question=row, answer="All.", language="en")),
    "send_back": (MODERATOR, lambda by, row: send_answer_back(by=by, question=row, note="Why?")),
    "release": (MODERATOR, lambda by, row: release_answer(by=by, question=row)),
    "refuse": (MODERATOR, lambda by, row: refuse_question(by=by, question=row, reason="off_topic")),
}
MEETING_MOVES: dict[str, tuple[set[str], Any]] = {
    "choose": (CITY, lambda by, row: choose_time(by=by, meeting=row, starts_at=SOON)),
    "move": (CITY | PROVIDER | MODERATOR, lambda by, row: move_meeting(by=by, meeting=row, zone="UTC", times=[SOON])),
    "cancel": (CITY | PROVIDER | MODERATOR, lambda by, row: cancel_meeting(by=by, meeting=row)),
}


def question(world: World) -> Any:
    return QuestionFactory(match=MatchFactory(demand=world.demand, solution=world.solution, state="invited"))


def meeting(world: World) -> Any:
    match = MatchFactory(demand=world.demand, solution=world.solution, state="dialogue")
    row = MeetingFactory(introduction=IntroductionFactory(match=match))
    MeetingTimeFactory(meeting=row, starts_at=SOON)
    return row


def all_tries(world: World, row: Any, table: Any, moves: dict[str, tuple[set[str], Any]]) -> None:
    people = [name for name, user in world.users.items() if user.pk]
    for move, (allowed, act) in moves.items():
        for state in table.states:
            for person in people:
                put(row, state)
                before = AuditEvent.objects.count()
                may = person in allowed and state in table.moves[move].sources
                try:
                    act(world.users[person], row)
                except DomainError as refused:
                    assert not may, f"{move} from {state} by {person}: {refused.message}"  # noqa: PT017
                    assert refused.message.endswith(".")  # noqa: PT017  (who is refused depends on the row)
                    assert AuditEvent.objects.count() == before
                else:
                    assert may, f"{move} from {state} was let through for {person}"
                    row.refresh_from_db()
                    assert row.state == table.moves[move].target
                    assert AuditEvent.objects.count() > before
                    _again(row)


def _again(row: Any) -> None:
    """As complete as the factory made it: a move may have taken something away."""
    fresh = type(row)._base_manager.filter(pk=row.pk)
    if hasattr(row, "answer"):
        user = row.asked_by
        fresh.update(
            state="asked", answer="All.", answered_by=user, answered_at=SOON, released_by=user, released_at=SOON
        )
    else:
        fresh.update(state="cancelled", starts_at=SOON, chosen_by=row.proposed_by)
        fresh.update(organisation=row.introduction.match.solution.provider.organisation)
        row.times.all().delete()
        MeetingTimeFactory(meeting=row, starts_at=SOON)
    row.refresh_from_db()


def test_every_move_of_a_question_from_every_state_by_everybody(world: World) -> None:
    all_tries(world, question(world), QUESTION, QUESTION_MOVES)


def test_every_move_of_a_meeting_from_every_state_by_everybody(world: World) -> None:
    all_tries(world, meeting(world), MEETING, MEETING_MOVES)


@pytest.mark.parametrize("state", QUESTION.states)
def test_a_question_is_redacted_by_moderators_while_it_is_open(world: World, state: str) -> None:
    row = put(question(world), state)
    for name in ("moderator", "city_admin", "provider_admin", "neutrality"):
        may = name == "moderator" and state in ("asked", "answered")
        try:
            redact_question(by=world.users[name], question=row, text=f"Words of {name}")
        except DomainError as refused:
            assert not may
            assert refused.message.endswith(".")  # noqa: PT017
        else:
            assert may
