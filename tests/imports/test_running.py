"""One row after the other: owed matching, dry runs, crashes in the middle, two at once."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from cities.models import Demand
from portal.audit.models import AuditEvent
from portal.imports.running import IMPORT_LOCK
from portal.jobs.models import Job
from tests.imports.conftest import LAMPS, Done, Import, json_lines, run

ROWS = [{**LAMPS, "id": str(number)} for number in range(6)]


def jobs() -> list[tuple[str, bool]]:
    """Kinds of the jobs owed, and whether each is due now."""
    return [(job.kind, job.next_at <= timezone.now()) for job in Job.objects.order_by("kind")]


def test_whole_file_owes_matching_and_its_words_once_at_the_end(tmp_path: Path, import_demands: Import) -> None:
    import_demands(json_lines(tmp_path / "d.jsonl", ROWS))
    assert jobs() == [("matching.match_everything", True), ("searches.learn_words", True)]


def test_file_that_changes_nothing_owes_nothing(tmp_path: Path, import_demands: Import) -> None:
    file = json_lines(tmp_path / "d.jsonl", ROWS)
    import_demands(file, no_match=True)
    assert jobs() == [("searches.learn_words", True)]
    Job.objects.all().delete()
    import_demands(file)
    assert jobs() == []


def test_dry_run_reports_everything_and_writes_nothing(tmp_path: Path, import_demands: Import) -> None:
    done = import_demands(json_lines(tmp_path / "d.jsonl", [*ROWS, {**LAMPS, "id": "9", "title": ""}]), dry_run=True)
    assert (done.counts, done.report["is_dry_run"]) == ({"new": 6, "refused": 1}, True)
    assert "This was a dry run: nothing was written." in done.said
    assert (Demand.objects.count(), AuditEvent.objects.count(), jobs()) == (0, 0, [])


def test_dry_run_over_known_rows_tells_what_would_change(tmp_path: Path, import_demands: Import) -> None:
    import_demands(json_lines(tmp_path / "d.jsonl", ROWS[:2]))
    changed = [ROWS[0], {**ROWS[1], "title": "Renew all street lights"}]
    done = import_demands(json_lines(tmp_path / "e.jsonl", changed), dry_run=True)
    assert (done.counts, Demand.objects.get(source_id="1").title_en) == ({"unchanged": 1, "updated": 1}, LAMPS["title"])


@pytest.fixture
def fail_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the audit of the n-th row fail as a lost database would: after the row itself was inserted."""

    def fail(number: int) -> None:
        from cities import imports

        calls = iter(range(1, 1000))
        real = imports.record

        def record(**what: Any) -> Any:
            if next(calls) == number:
                raise OperationalError("the connection was lost")
            return real(**what)

        monkeypatch.setattr(imports, "record", record)

    return fail


@pytest.mark.django_db(transaction=True)
def test_crash_leaves_whole_rows_and_the_matching_owed(tmp_path: Path, fail_at: Callable[[int], None]) -> None:
    from catalog.vocabulary import load_vocabulary

    load_vocabulary()  # the clean-up of a transactional test takes it away
    file = json_lines(tmp_path / "d.jsonl", ROWS)
    fail_at(4)
    with pytest.raises(OperationalError):
        run("import_demands", file, tmp_path)
    assert (Demand.objects.count(), AuditEvent.objects.filter(action="demand.import").count()) == (3, 3)
    assert [kind for kind, _is_due in jobs()] == ["matching.match_everything", "searches.learn_words"]
    done = run("import_demands", file, tmp_path)
    assert done.counts == {"new": 3, "unchanged": 3}
    load_vocabulary()


def test_interrupted_import_reports_what_it_did(
    tmp_path: Path, import_demands: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = json_lines(tmp_path / "d.jsonl", ROWS)
    from portal.imports.demands import Demands

    real, seen = Demands.write, []

    def write(self: Demands, record: Any) -> Any:
        seen.append(record)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return real(self, record)

    monkeypatch.setattr(Demands, "write", write)
    with pytest.raises(KeyboardInterrupt):
        import_demands(file)
    monkeypatch.undo()
    report = (tmp_path / "report.json").read_text("utf-8")
    assert '"is_complete": false' in report
    assert Demand.objects.count() == 2


def test_row_that_only_the_database_refuses_is_reported(
    tmp_path: Path, import_demands: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that is missing in Python must not end the import."""
    monkeypatch.setattr("portal.imports.demands._check_dates", lambda draft: None)
    rows = [{**ROWS[0], "start_on": "2027-05-01", "operation_on": "2027-04-01"}, ROWS[1]]
    done: Done = import_demands(json_lines(tmp_path / "d.jsonl", rows))
    assert done.counts == {"new": 1, "refused": 1}
    assert "demand_dates_order" in done.why[0]


def test_second_import_at_the_same_time_is_refused(tmp_path: Path, import_demands: Import) -> None:
    settings = connection.get_connection_params()
    keys = {key: settings[key] for key in ("dbname", "user", "host", "port") if settings.get(key)}
    with psycopg.connect(**keys) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [IMPORT_LOCK])
        with pytest.raises(CommandError, match="Another import is running"):
            import_demands(json_lines(tmp_path / "d.jsonl", ROWS))
    assert Demand.objects.count() == 0


def test_matching_owed_at_the_first_row_waits_for_the_end(
    tmp_path: Path, import_demands: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    delays: list[timedelta | None] = []
    monkeypatch.setattr("portal.imports.running.enqueue", lambda *, delay=None, **what: delays.append(delay))
    import_demands(json_lines(tmp_path / "d.jsonl", ROWS))
    assert delays == [timedelta(hours=1), timedelta(0), None]
