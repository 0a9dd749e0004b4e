import csv
import json
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from cities.models import Demand
from tests.imports.conftest import LAMPS, Import, json_lines

ROWS = [LAMPS, {**LAMPS, "id": "2", "title": "", "colour": "red"}, {**LAMPS, "id": "3", "stage": "soon"}]


def test_report_tells_every_row_and_what_was_read(tmp_path: Path, import_demands: Import) -> None:
    done = import_demands(json_lines(tmp_path / "d.jsonl", ROWS))
    about = [done.report[key] for key in ("file", "format", "is_complete", "rows_with_notes", "headers_not_read")]
    assert about == ["d.jsonl", "json_lines", True, 1, ["colour"]]
    assert [(row["row"], row["source_id"], row["fate"]) for row in done.rows] == [
        (1, "1", "new"), (2, "2", "refused"), (3, "3", "new"),
    ]  # fmt: skip
    assert done.rows[0]["reference"] == Demand.objects.get(source_id="1").public_id


def test_summary_counts_and_names_the_refused(tmp_path: Path, import_demands: Import) -> None:
    said = import_demands(json_lines(tmp_path / "d.jsonl", ROWS)).said.splitlines()
    assert said[:4] == ["3 rows read", "       2  taken, new", "       1  refused", "1 row with notes"]
    assert "Row 2 refused (2): title: is empty, but every record needs it." in said


def test_summary_shows_the_first_twenty_refusals(tmp_path: Path, import_demands: Import) -> None:
    rows = [{**LAMPS, "id": str(number), "title": ""} for number in range(25)]
    said = import_demands(json_lines(tmp_path / "d.jsonl", rows)).said
    assert (said.count("refused ("), "… and 5 more" in said) == (20, True)


def test_report_stands_as_csv_and_json_by_default(tmp_path: Path, db: None, monkeypatch: object) -> None:
    monkeypatch.setattr(settings, "HOME_DIR", tmp_path / "home")  # type: ignore[attr-defined]
    call_command("import_demands", str(json_lines(tmp_path / "needs.jsonl", ROWS)), source="test", verbosity=0)
    files = sorted((tmp_path / "home" / "imports").iterdir())
    assert [(file.name.split("-")[0], file.suffix) for file in files] == [("needs", ".csv"), ("needs", ".json")]
    with files[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["outcome"], row["why"]) for row in rows] == [
        ("1", "new", ""), ("2", "refused", "title: is empty, but every record needs it."), ("3", "new", ""),
    ]  # fmt: skip
    assert len(json.loads(files[1].read_text("utf-8"))["rows"]) == 3
