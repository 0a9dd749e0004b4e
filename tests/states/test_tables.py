"""The tables themselves: no state that cannot be reached, no reason that cannot be shown."""

import pytest

from portal.common.states import lifecycle
from tests.states.lifecycles import KINDS

STARTS = {"demand": {"draft"}, "solution": {"draft"}, "match": {"suggested", "in_review"}, "organisation": {"pending"},
          "confirmation": {"open"}, "complaint": {"filed"}, "flag": {"open"}, "advice": {"asked"},
          "programme": {"draft"}, "application": {"draft"}, "cohortmember": {"active"}, "event": {"planned"},
          "seat": {"registered"}, "question": {"asked"}, "meeting": {"proposed"}}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_every_state_can_be_reached(name: str) -> None:
    table, reached = KINDS[name].table, set(STARTS[name])
    while grown := {move.target for state in reached for move in table.allowed(state)} - reached:
        reached |= grown
    assert reached == set(table.states)


@pytest.mark.parametrize("name", KINDS)
def test_no_move_leads_where_it_comes_from(name: str) -> None:
    loops = [move.name for move in KINDS[name].table.moves.values() if move.target in move.sources]
    assert not loops


@pytest.mark.parametrize("name", KINDS)
def test_states_and_reasons_fit_their_columns(name: str) -> None:
    table = KINDS[name].table
    model = KINDS[name].make._meta.model
    assert max(map(len, table.states)) <= model._meta.get_field("state").max_length
    reasons = {reason for move in table.moves.values() for reason in move.reasons}
    columns = [field for field in model._meta.get_fields() if field.name.endswith("reason")]
    assert all(len(reason) <= field.max_length for reason in reasons for field in columns)


@pytest.mark.parametrize("name", KINDS)
def test_every_state_has_a_label_and_a_tone(name: str) -> None:
    model = KINDS[name].make._meta.model
    labels = dict(model._meta.get_field("state").choices)
    assert set(labels) == set(KINDS[name].table.states)
    assert all(labels.values())


@pytest.mark.parametrize(
    "row",
    [("go", ["a"], "nowhere"), ("go", ["nowhere"], "a"), ("go", ["a", "nowhere"], "b")],
)
def test_lifecycle_with_an_unknown_state_is_refused(row: tuple[str, list[str], str]) -> None:
    with pytest.raises(ValueError, match="bad move"):
        lifecycle(["a", "b"], [row])


def test_lifecycle_with_a_move_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="bad move"):
        lifecycle(["a", "b"], [("go", ["a"], "b"), ("go", ["b"], "a")])
