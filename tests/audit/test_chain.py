"""The chain holds under many writers, and whatever somebody changes behind our back shows."""

import random
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from portal.accounts.models import User
from portal.audit.actions import record, verify_chain
from portal.audit.models import AuditEvent
from tests.concurrency import PATIENCE, at_once, blocked_backends, eventually, start
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("committed")
WRITERS, EVENTS = 8, 25
COPIED = "action, subject, before, after, note, content_hash, previous_hash"


@transaction.atomic
def write(note: str, count: int = 1) -> None:
    for number in range(count):
        record(by="test", action="thing.change", subject=f"thing:{number}", after={"note": note, "number": number})


def tamper(sql: str, *values: Any) -> None:
    """As somebody who owns the database can: with the triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        assert cursor.rowcount == 1
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")


def test_chain_of_eight_writers_at_once_is_whole() -> None:
    def many(name: str) -> None:
        for number in range(EVENTS):
            write(f"{name} {number}", random.randint(1, 3))

    assert at_once([lambda name=name: many(str(name)) for name in range(WRITERS)]) == [None] * WRITERS
    found = verify_chain()
    assert found.broken is None
    assert found.events == AuditEvent.objects.count() >= WRITERS * EVENTS
    assert list(AuditEvent.objects.values_list("sequence", flat=True)) == list(range(1, found.events + 1))


def test_chain_skips_what_was_rolled_back() -> None:
    write("first")
    with transaction.atomic():
        write("never")
        transaction.set_rollback(True)
    write("second")
    assert verify_chain().events == 2
    assert [event.after["note"] for event in AuditEvent.objects.all()] == ["first", "second"]


def test_writers_that_hold_rows_do_not_wait_for_each_other_in_a_circle() -> None:
    """One writes an event, then wants a row; the other holds the row and writes an event. It was a deadlock."""
    user = UserFactory()

    @transaction.atomic
    def row_then_event() -> None:
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        write("row first")

    with transaction.atomic():
        write("event first")
        other = start(row_then_event)
        assert other.result(PATIENCE) is None
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
    assert verify_chain().broken is None


def test_writer_under_way_delays_nobody() -> None:
    with transaction.atomic():
        write("long import", 50)
        start(lambda: write("a quick click")).result(PATIENCE)
    assert [event.after["note"] for event in AuditEvent.objects.all()[:1]] == ["a quick click"]
    assert verify_chain() == (51, None)


def test_writers_that_commit_at_the_same_moment_form_a_line() -> None:
    with transaction.atomic():
        write("first")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what happens at commit, and then a pause
        other = start(lambda: write("second"))
        eventually(lambda: blocked_backends() == 1)
    other.result(PATIENCE)
    assert verify_chain() == (2, None)


def test_record_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="belongs to the transaction"):
        record(by="test", action="thing.change", subject="thing:1")


COLUMNS = {
    "at": "at + interval '1 microsecond'", "actor": "actor || 'x'", "action": "'thing.keep'", "subject": "'thing:9'",
    "before": "'{\"a\": 1}'::jsonb", "after": "after || '{\"note\": \"other\"}'::jsonb", "note": "'because'",
    "previous_hash": "repeat('0', 64)", "hash": "repeat('0', 64)", "content_hash": "repeat('0', 64)",
    "sequence": "sequence + 100",
}  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_verify_finds_a_changed_column(column: str) -> None:
    for number in range(5):
        write(f"event {number}")
    tamper(f"UPDATE audit_auditevent SET {column} = {COLUMNS[column]} WHERE sequence = %s", 3)
    assert verify_chain().broken == 3


def test_verify_finds_a_flipped_byte_wherever_it_is() -> None:
    for number in range(10):
        write(f"event {number} with some words in it")
    for _attempt in range(20):
        event = random.choice(list(AuditEvent.objects.all()))
        note = event.after["note"]
        place = random.randrange(len(note))
        flipped = note[:place] + chr(ord(note[place]) ^ 1) + note[place + 1 :]
        sql = "UPDATE audit_auditevent SET after = jsonb_set(after, '{note}', to_jsonb(%s::text)) WHERE id = %s"
        tamper(sql, flipped, event.pk)
        assert verify_chain().broken == event.sequence
        tamper(sql, note, event.pk)
        assert verify_chain() == (10, None)


@pytest.mark.parametrize("gone", [1, 3])
def test_verify_finds_a_deletion(gone: int) -> None:
    for number in range(5):
        write(f"event {number}")
    tamper("DELETE FROM audit_auditevent WHERE sequence = %s", gone)
    assert verify_chain().broken == gone


def test_verify_finds_an_event_slipped_in() -> None:
    write("first")
    tamper(f"INSERT INTO audit_auditevent (at, actor, {COPIED}) SELECT at, actor, {COPIED} FROM audit_auditevent")
    assert verify_chain().broken is not None


def test_event_written_by_sql_is_chained_too_and_shows_as_broken() -> None:
    """The trigger chains whatever comes in; only record() writes a content hash that fits."""
    write("first")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_auditevent (at, actor, {COPIED}) SELECT at, 'user:1', {COPIED} FROM audit_auditevent"
        )
    assert AuditEvent.objects.get(actor="user:1").sequence == 2
    assert verify_chain().broken == 2


@pytest.mark.parametrize("sql", ["UPDATE audit_auditevent SET note = 'x'", "DELETE FROM audit_auditevent"])
def test_event_cannot_be_changed_by_plain_sql(sql: str) -> None:
    write("first")
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)


def test_event_keeps_every_kind_of_value() -> None:
    values = {
        "text": "서울 “lamps” \u2028",
        "number": 7,
        "yes": True,
        "none": None,
        "list": [1, "b"],
        "nested": {"a": {"b": 1}},
    }
    with transaction.atomic():
        record(by="test", action="thing.change", subject="thing:1", before=values, after={1: {2.5, "x"}})
    assert AuditEvent.objects.get().before == values
    assert verify_chain() == (1, None)
