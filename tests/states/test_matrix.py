"""Every state × every move of every lifecycle: what the table allows happens and is audited, the rest is refused."""

import re
from typing import Any

import pytest
from django.utils import translation

from portal.audit.models import AuditEvent
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError
from tests.factories import UserFactory
from tests.states.lifecycles import KINDS, MOVES, put, reason_for

pytestmark = pytest.mark.django_db


def events(record: Any, name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(subject=f"{name}:{record.pk}").order_by("pk"))


@pytest.mark.parametrize(("name", "move"), MOVES)
def test_move_from_every_state_happens_or_is_refused_as_the_table_says(name: str, move: str) -> None:
    kind, by = KINDS[name], UserFactory()
    record, reason = kind.make(), reason_for(name, move)
    for state in kind.table.states:
        put(record, state)
        before = len(events(record, name))
        if state in kind.table.moves[move].sources:
            moved = transition(record, move, table=kind.table, by=by, reason=reason)
            event = events(record, name)[-1]
            assert moved.state == kind.table.moves[move].target
            assert (event.action, event.actor) == (f"{name}.{move}", f"user:{by.pk}")
            assert (event.before["state"], event.after["state"]) == (state, moved.state)
            assert event.after.get("reason", "") == reason
        else:
            with pytest.raises(Conflict) as refused:
                transition(record, move, table=kind.table, by=by, reason=reason)
            assert record.get_state_display() in refused.value.message
            assert re.search(r"[a-z] .*\.$", refused.value.message)
            assert len(events(record, name)) == before
            record.refresh_from_db()
            assert record.state == state


WITH_REASONS = [(name, move) for name, move in MOVES if KINDS[name].table.moves[move].needs_reason]
WITHOUT_REASONS = [(name, move) for name, move in MOVES if not KINDS[name].table.moves[move].needs_reason]


@pytest.mark.parametrize("reason", ["", "because", "wrong need"])
@pytest.mark.parametrize(("name", "move"), WITH_REASONS)
def test_move_that_needs_a_reason_is_refused_without_one_of_the_list(name: str, move: str, reason: str) -> None:
    record = put(KINDS[name].make(), min(KINDS[name].table.moves[move].sources))
    with pytest.raises(DomainError) as refused:
        transition(record, move, table=KINDS[name].table, by="test", reason=reason)
    assert refused.value.code == "reason_required"
    assert not events(record, name)


@pytest.mark.parametrize(("name", "move"), WITHOUT_REASONS)
def test_move_that_takes_no_reason_refuses_one(name: str, move: str) -> None:
    record = put(KINDS[name].make(), min(KINDS[name].table.moves[move].sources))
    with pytest.raises(DomainError):
        transition(record, move, table=KINDS[name].table, by="test", reason="because")
    assert not events(record, name)


@pytest.mark.parametrize("name", KINDS)
def test_refusal_after_a_colleague_was_quicker_says_when_and_by_whom(name: str) -> None:
    kind, by = KINDS[name], UserFactory()
    move = next(move for move in kind.table.moves.values() if move.target not in move.sources)
    stale = put(kind.make(), min(move.sources))
    transition(stale, move.name, table=kind.table, by=by, reason=reason_for(name, move.name))
    with pytest.raises(Conflict) as refused:
        transition(stale, move.name, table=kind.table, by=UserFactory(), reason=reason_for(name, move.name))
    event = events(stale, name)[-1]
    assert (refused.value.who, refused.value.when) == (f"user:{by.pk}", event.at)
    assert f"user:{by.pk}" not in refused.value.message


@pytest.mark.parametrize("name", ["demand", "solution", "match"])
def test_refusal_of_a_record_that_is_gone_says_so(name: str) -> None:
    kind = KINDS[name]
    record = put(kind.make(), min(next(iter(kind.table.moves.values())).sources))
    type(record)._base_manager.filter(pk=record.pk).delete()
    with pytest.raises(Conflict, match="does not exist any more"):
        transition(record, next(iter(kind.table.moves)), table=kind.table, by="test")


def test_changes_of_a_move_are_saved_with_it_and_others_are_not() -> None:
    record = KINDS["demand"].make()
    record.site, record.review_note = "changed behind", "changed behind"
    moved = transition(record, "hold", table=KINDS["demand"].table, by="test", changes={"review_note": "on purpose"})
    moved.refresh_from_db()
    assert (moved.review_note, moved.site) == ("on purpose", "")


@pytest.mark.parametrize("name", KINDS)
def test_refusal_speaks_the_readers_language(name: str) -> None:
    kind = KINDS[name]
    move = next(move for move in kind.table.moves.values() if move.target not in move.sources)
    record = put(kind.make(), move.target)
    with translation.override("es"), pytest.raises(Conflict) as refused:
        transition(record, move.name, table=kind.table, by="test", reason=reason_for(name, move.name))
    assert not refused.value.message.startswith("This is not possible")
