"""What came of each row, for people: counts on the terminal, every row in a file."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from portal.common.downloads import BOM, safe_cell


class Fate(StrEnum):
    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    REFUSED = "refused"

    @property
    def label(self) -> Any:
        return {
            "new": pgettext_lazy("import", "taken, new"),
            "updated": pgettext_lazy("import", "taken, updated"),
            "unchanged": pgettext_lazy("import", "unchanged"),
            "kept": pgettext_lazy("import", "left alone: an organisation keeps it up itself"),
            "refused": pgettext_lazy("import", "refused"),
        }[self.value]


@dataclass(frozen=True, slots=True)
class Line:
    """One row's outcome. ``reasons`` refuse it, ``notes`` tell what was changed or left out on the way."""

    row: int
    source_id: str
    title: str
    fate: Fate
    reference: str = ""
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """An import as it goes. ``about`` says what was read and how; ``is_complete`` turns true at the end of the file."""

    about: dict[str, Any]
    unread_headers: tuple[str, ...] = ()
    lines: list[Line] = field(default_factory=list)
    is_complete: bool = False
    started: datetime | None = None
    ended: datetime | None = None

    def counts(self) -> dict[str, int]:
        found = Counter(line.fate for line in self.lines)
        return {fate.value: found[fate] for fate in Fate}

    @property
    def noted(self) -> int:
        return sum(bool(line.notes) for line in self.lines)

    @property
    def changed(self) -> int:
        return sum(line.fate in (Fate.NEW, Fate.UPDATED) for line in self.lines)


COLUMNS: Mapping[str, Callable[[Line], Any]] = {
    "row": lambda line: line.row,
    "outcome": lambda line: line.fate.value,
    "outcome_in_words": lambda line: str(line.fate.label),
    "source_id": lambda line: line.source_id,
    "reference": lambda line: line.reference,
    "title": lambda line: line.title,
    "why": lambda line: " ".join(line.reasons),
    "notes": lambda line: " ".join(line.notes),
}


def write_report(report: Report, path: Path) -> list[Path]:
    """As CSV and as JSON beside it, or only the one that the ending of ``path`` names. Returns what was written."""
    writers = {".csv": _write_csv, ".json": _write_json}
    only = path.suffix.lower()
    targets = [path] if only in writers else [path.with_name(path.name + ending) for ending in writers]
    path.parent.mkdir(parents=True, exist_ok=True)
    for target in targets:
        writers[target.suffix.lower()](report, target)
    return targets


def _write_csv(report: Report, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM)
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for line in report.lines:
            writer.writerow([safe_cell(read(line)) for read in COLUMNS.values()])


def _write_json(report: Report, path: Path) -> None:
    content = {
        **report.about, "started": report.started, "ended": report.ended, "is_complete": report.is_complete,
        "counts": report.counts(), "rows_with_notes": report.noted, "headers_not_read": report.unread_headers,
        "rows": [asdict(line) for line in report.lines],
    }  # fmt: skip
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def summary(report: Report, *, refused_shown: int = 20) -> list[str]:
    """The lines for the terminal: counts, what was not read, and the first rows that were refused."""
    rows = len(report.lines)
    said = [ngettext("%(count)s row read", "%(count)s rows read", rows) % {"count": rows}]
    said += [f"  {count:>6}  {Fate(fate).label}" for fate, count in report.counts().items() if count]
    if report.noted:
        said.append(
            ngettext("%(count)s row with notes", "%(count)s rows with notes", report.noted) % {"count": report.noted}
        )
    if report.unread_headers:
        said.append(_("Headers that nothing reads: %(names)s") % {"names": ", ".join(report.unread_headers)})
    refused = [line for line in report.lines if line.fate is Fate.REFUSED]
    said += _refusals(refused[:refused_shown])
    if len(refused) > refused_shown:
        said.append(_("… and %(count)s more; the report has them all.") % {"count": len(refused) - refused_shown})
    if not report.is_complete:
        said.append(_("The import was interrupted. What is counted here is in the portal; run it again for the rest."))
    return said


def _refusals(lines: Sequence[Line]) -> list[str]:
    return [
        _("Row %(row)s refused (%(id)s): %(why)s")
        % {"row": line.row, "id": line.source_id or line.title[:40] or "–", "why": " ".join(line.reasons)}
        for line in lines
    ]
