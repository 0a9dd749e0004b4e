"""The loop of an import: one row after the other, each whole or not at all, and one job for all that changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.common.errors import DomainError
from portal.imports.files import Row, Table
from portal.imports.mapping import ColumnMapping, GuessLanguage
from portal.imports.reading import Reader
from portal.imports.report import Fate, Line, Report
from portal.imports.subjects import Subject
from portal.jobs.actions import enqueue

IMPORT_LOCK = 0x55524C49
# The first row that changes anything owes the matching in its own transaction, so that no crash can lose it; the end
# of the import calls it at once. An import takes minutes; after this long it has crashed.
OVERDUE = timedelta(hours=1)


class AlreadyRunning(DomainError):
    code = "import_running"
    status = 409


@dataclass(frozen=True, slots=True)
class Options:
    """``guess_language`` overrules the mapping where it is said. A dry run checks everything and writes nothing."""

    is_dry_run: bool = False
    is_matched: bool = True
    guess_language: GuessLanguage | None = None


class _Rehearsed(Exception):
    """Ends the transaction of a rehearsed row."""


class Run:
    """One import. `report` is right at any moment, so that an interrupted import can still tell what it did."""

    def __init__(
        self, subject: Subject[Any, Any], table: Table, mapping: ColumnMapping, report: Report, options: Options
    ) -> None:
        self.subject, self.table, self.mapping, self.report, self.options = subject, table, mapping, report, options
        self._first_row_of: dict[tuple[str, str], tuple[int, str]] = {}
        self._is_owed = False
        self._has_changed = False

    def run(self, progress: Callable[[int], None] = lambda _done: None) -> Report:
        """Take every row. Raises AlreadyRunning where another import is at work; two would race for the same ids."""
        with _alone():
            self.report.started = timezone.now()
            try:
                for row in self.table.rows:
                    self.report.lines.append(self._take(row))
                    progress(len(self.report.lines))
                self.report.is_complete = True
            finally:
                self.report.ended = timezone.now()
                with transaction.atomic():
                    if self._is_owed:
                        _owe_matching()
                    if self._has_changed:
                        # So that the next search knows their forms and slips; the timer may be five minutes away.
                        enqueue(kind="searches.learn_words", subject="words")
        return self.report

    def _take(self, row: Row) -> Line:
        if row.error:
            return Line(row.number, "", "", Fate.REFUSED, reasons=(row.error,))
        reader = Reader(self.mapping.apply(row.values), self.subject.vocabulary)
        how = self.options.guess_language or self.mapping.guess_language(row.values)
        checked = self.subject.check(reader, how)
        line = Line(row.number, checked.source_id, checked.title, Fate.REFUSED, notes=checked.notes)
        if checked.record is None:
            return replace(line, reasons=checked.errors)
        if twin := self._twin(row, checked.record):
            return replace(line, reasons=(twin,))
        return self._write(checked.record, line)

    def _twin(self, row: Row, record: Any) -> str:
        """Why a row is refused whose id stood in the file before; "" for the first."""
        content = hashlib.sha256(json.dumps(row.values, sort_keys=True, default=str).encode()).hexdigest()
        first, same = self._first_row_of.setdefault((record.source, record.source_id), (row.number, content))
        if first == row.number:
            return ""
        if same == content:
            return _("The row repeats row %(first)s.") % {"first": first}
        return _("The id “%(id)s” stands in row %(first)s already, with other content. Only the first is taken.") % {
            "id": record.source_id, "first": first,
        }  # fmt: skip

    def _write(self, record: Any, line: Line) -> Line:
        try:
            with transaction.atomic():
                done = self.subject.write(record)
                fate, reference = Fate(done.outcome.value), done.record.public_id
                owes = self.options.is_matched and not self._is_owed and fate in (Fate.NEW, Fate.UPDATED)
                if owes:
                    _owe_matching(OVERDUE)
                if self.options.is_dry_run:
                    raise _Rehearsed
        except _Rehearsed:
            return replace(line, fate=fate, reference="" if fate is Fate.NEW else reference)
        except (DataError, IntegrityError) as error:
            # The database is the last to refuse; what passed all checks and fails here is told in its words.
            why = _("The database refused the row: %(why)s") % {"why": str(error).split("\n")[0]}
            return replace(line, reasons=(why,))
        self._is_owed = self._is_owed or owes
        self._has_changed = self._has_changed or fate in (Fate.NEW, Fate.UPDATED)
        return replace(line, fate=fate, reference=reference)


def _owe_matching(delay: timedelta = timedelta(0)) -> None:
    enqueue(kind="matching.match_everything", subject="everything", delay=delay)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [IMPORT_LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(_("Another import is running. Wait until it has ended, then start this one again."))
    try:
        yield
    finally:
        if not connection.needs_rollback and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [IMPORT_LOCK])
