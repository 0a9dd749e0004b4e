import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command


@dataclass
class Done:
    """What an import said and reported."""

    said: str
    report: dict[str, Any]

    @property
    def counts(self) -> dict[str, int]:
        return {fate: count for fate, count in self.report["counts"].items() if count}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.report["rows"]

    @property
    def why(self) -> list[str]:
        """Reasons of the refused rows, in order."""
        return [" ".join(row["reasons"]) for row in self.rows if row["fate"] == "refused"]

    @property
    def notes(self) -> list[str]:
        return [note for row in self.rows for note in row["notes"]]


Import = Callable[..., Done]


def run(command: str, file: Path, folder: Path, **options: Any) -> Done:
    said, report = StringIO(), folder / "report.json"
    call_command(command, str(file), report=report, stdout=said, **{"source": "test", **options})
    return Done(said.getvalue(), json.loads(report.read_text("utf-8")))


@pytest.fixture
def import_demands(db: None, tmp_path: Path) -> Import:
    return lambda file, **options: run("import_demands", file, tmp_path, **options)


@pytest.fixture
def import_solutions(db: None, tmp_path: Path) -> Import:
    return lambda file, **options: run("import_solutions", file, tmp_path, **options)


def csv_file(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def json_lines(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


# A row that nothing is wrong with.
LAMPS = {
    "id": "1", "title": "Renew the street lights", "problem": "9,400 sodium lamps are worn out.", "country": "CL",
    "language": "en",
}  # fmt: skip


@pytest.fixture
def demand_row(tmp_path: Path, import_demands: Import) -> Callable[..., Done]:
    """Import one demand that differs from LAMPS in the fields given."""
    return lambda **changes: import_demands(json_lines(tmp_path / "demands.jsonl", [{**LAMPS, **changes}]))
