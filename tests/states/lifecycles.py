"""Every lifecycle of the portal with a record that can stand in any of its states."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catalog.states import SOLUTION
from cities.states import DEMAND
from matching.complaints.states import COMPLAINT, FLAG
from matching.experts.states import ADVICE
from matching.introductions.states import MEETING, QUESTION
from matching.states import MATCH
from matching.workbench.states import CONFIRMATION
from portal.accounts.states import ORGANISATION
from portal.common.states import Lifecycle
from portal.programmes.states import APPLICATION, COHORT, EVENT, PROGRAMME, SEAT
from tests.factories import (
    AdviceFactory,
    ComplaintFactory,
    ConfirmationFactory,
    DemandFactory,
    FlagFactory,
    MatchFactory,
    OrganisationFactory,
    SolutionFactory,
)
from tests.factories.introductions import MeetingFactory, QuestionFactory
from tests.factories.programmes import (
    ApplicationFactory,
    CohortMemberFactory,
    EventFactory,
    ProgrammeFactory,
    SeatFactory,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """``make`` gives a record so complete that no constraint forbids a state."""

    table: Lifecycle
    make: Callable[[], Any]


KINDS = {
    "programme": Kind(PROGRAMME, ProgrammeFactory),
    "application": Kind(APPLICATION, ApplicationFactory),
    "cohortmember": Kind(COHORT, CohortMemberFactory),
    "event": Kind(EVENT, EventFactory),
    "seat": Kind(SEAT, SeatFactory),
    "demand": Kind(DEMAND, DemandFactory),
    "solution": Kind(SOLUTION, SolutionFactory),
    "match": Kind(MATCH, MatchFactory),
    "organisation": Kind(ORGANISATION, OrganisationFactory),
    "question": Kind(QUESTION, QuestionFactory),
    "meeting": Kind(MEETING, MeetingFactory),
    "confirmation": Kind(CONFIRMATION, ConfirmationFactory),
    "complaint": Kind(COMPLAINT, ComplaintFactory),
    "flag": Kind(FLAG, FlagFactory),
    "advice": Kind(ADVICE, AdviceFactory),
}
MOVES = [(name, move) for name, kind in KINDS.items() for move in kind.table.moves]


def put(record: Any, state: str) -> Any:
    type(record)._base_manager.filter(pk=record.pk).update(state=state)
    record.refresh_from_db()
    return record


def reason_for(name: str, move: str) -> str:
    return next(iter(KINDS[name].table.moves[move].reasons), "")
