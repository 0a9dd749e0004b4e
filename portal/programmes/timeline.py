"""The way of a programme as steps that are done, now, or still to come."""

from typing import Any, NamedTuple

from portal.programmes.enums import ProgrammeState
from portal.programmes.models import Programme


class Step(NamedTuple):
    title: Any
    state: str
    when: Any = ""


ORDER = [state for state in ProgrammeState if state != ProgrammeState.DRAFT]


def steps_of(programme: Programme) -> list[Step]:
    """Without calls a programme has no stages of judging."""
    judged = {"open", "closed", "screening", "jury", "results"}
    has_calls = programme.calls.exists()
    order = [state for state in ORDER if has_calls or state.value not in judged]
    place = order.index(ProgrammeState(programme.state)) if programme.state in order else -1
    whens = {"announced": programme.announced_at, "results": programme.results_at, "reported": programme.reported_at}
    return [
        Step(
            state.label,
            "done" if number < place else "current" if number == place else "",
            whens.get(state.value) or "",
        )
        for number, state in enumerate(order)
    ]
