"""A chain whose last events are cut off looks whole; the ends it once had tell."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal.audit import tasks
from portal.audit.actions import record, verify_chain
from portal.audit.heads import compare_and_note

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME_DIR = tmp_path
    return tmp_path


@transaction.atomic
def write(count: int) -> None:
    for number in range(count):
        record(by="test", action="thing.change", subject=f"thing:{number}")


@transaction.atomic
def cut_off(sequence: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_auditevent WHERE sequence >= %s", [sequence])
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")


def test_chain_that_grew_has_all_its_earlier_heads(home: Path) -> None:
    for _night in range(3):
        write(4)
        assert compare_and_note(home / "heads") is None
    assert [line.split()[0] for line in (home / "heads").read_text().splitlines()] == ["4", "8", "12"]


def test_chain_without_events_notes_nothing(home: Path) -> None:
    assert compare_and_note(home / "heads") is None
    assert not (home / "heads").exists()


def test_quiet_night_notes_nothing_twice(home: Path) -> None:
    write(2)
    compare_and_note(home / "heads")
    compare_and_note(home / "heads")
    assert len((home / "heads").read_text().splitlines()) == 1


def test_chain_cut_off_and_grown_again_is_found(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(5)
    tasks.verify()
    cut_off(4)
    write(9)
    assert verify_chain().broken is None
    tasks.verify()
    assert "lacks event 5, which it once ended with" in caplog.text


def test_verify_task_reports_a_broken_chain(caplog: pytest.LogCaptureFixture) -> None:
    write(5)
    cut_off(1)
    write(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditevent SET note = 'x'")
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
    tasks.verify()
    assert "audit chain broken at event 1" in caplog.text
    with pytest.raises(CommandError, match="broken at event 1"):
        call_command("verify_audit")
