"""What is wrong with a file is said in a sentence, and nothing of it is half-written."""

import gzip
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import get_language
from openpyxl import Workbook

from catalog.models import Solution
from cities.models import Demand
from portal.audit.models import AuditEvent
from portal.jobs.models import Job
from tests.imports.conftest import LAMPS, Done, Import, csv_file, json_lines


def assert_nothing_written() -> None:
    assert [model.objects.count() for model in (Demand, Solution, AuditEvent, Job)] == [0, 0, 0, 0]


# --- The file as a whole ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("d.csv", b"", "empty"),
        ("d.csv", b"\xef\xbb\xbf \r\n", "empty"),
        ("d.csv", b"%PDF-1.7 \n", "a PDF document"),
        ("d.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file"),
        ("d.csv", gzip.compress(b"id,title\n", mtime=0), "a compressed file (gzip)"),
        ("d.csv", b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page (HTML)"),
        ("d.json", b'<?xml version="1.0"?><rows/>', "an XML file"),
        ("d.csv", bytes(range(1, 9)) * 200, "binary data"),
        ("d.xlsx", b"id,title,country\n1,Lamps,CL\n", "holds a table as text (CSV)"),
        ("d.csv", b'[{"id": 1, "title": "Lamps"}]', "holds JSON"),
        ("d.json", b"id,title\n1,Lamps\n", "holds a table as text (CSV)"),
        ("d.xlsx", b"PK\x03\x04 cut off", "damaged or incomplete"),
        ("d.json", b'[{"id": 1, "title": "Lamps"}, {"id"', "not complete JSON: line 1, column 36"),
        ("d.json", b'{\n"status": "error"\n}', "one object and not a list of records"),
        ("d.json", b"[" * 100_000, "nested too deeply"),
        ("d.csv", "id,title\n1,Éclairage\n".encode("cp1252"), "not in UTF-8: line 2 has a byte (0xC9)"),
        ("d.csv", b"id,title,title\n1,a,b\n", "has “title” twice"),
    ],
)  # fmt: skip
def test_file_that_is_not_what_it_says_is_refused_whole(
    name: str, content: bytes, says: str, tmp_path: Path, import_demands: Import
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError) as refused:
        import_demands(tmp_path / name)
    assert says in str(refused.value)
    assert refused.value.returncode == 1
    assert_nothing_written()


def test_zip_without_a_workbook_is_refused(tmp_path: Path, import_demands: Import) -> None:
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(CommandError, match="a ZIP archive without an Excel workbook"):
        import_demands(tmp_path / "d.xlsx")


def test_damaged_workbook_is_refused(tmp_path: Path, import_demands: Import) -> None:
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(CommandError, match="The workbook is damaged"):
        import_demands(tmp_path / "d.xlsx")


def test_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, import_demands: Import) -> None:
    book = Workbook()
    book.active.title = "Needs"
    book.save(tmp_path / "d.xlsx")
    with pytest.raises(CommandError, match=r"There is no sheet “Wants”\. The workbook has: Needs\."):
        import_demands(tmp_path / "d.xlsx", sheet="Wants")
    with pytest.raises(CommandError, match=r"The sheet is empty\."):
        import_demands(tmp_path / "d.xlsx")


def test_missing_file_is_named(tmp_path: Path, import_demands: Import) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        import_demands(tmp_path / "none.csv")


def test_missing_header_lists_what_was_found_and_how_to_map(tmp_path: Path, import_demands: Import) -> None:
    file = csv_file(tmp_path / "d.csv", "nr,bezeichnung,land", "1,Laternen,DE")
    with pytest.raises(CommandError) as refused:
        import_demands(file)
    said = str(refused.value)
    assert "There is no column for “title”. The file has: nr, bezeichnung, land." in said
    assert "--mapping: {“columns”: {“title”: “nr”}}" in said
    assert_nothing_written()


def test_messages_are_in_the_language_asked_for(
    tmp_path: Path, import_demands: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.imports.commands.summary", lambda report: [get_language()])
    assert import_demands(json_lines(tmp_path / "d.jsonl", [LAMPS]), language="ko").said.startswith("ko\n")


# --- Single rows -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "title: is empty, but every record needs it."),
        ({"title": "N/A"}, "title: is empty, but every record needs it."),
        ({"country": "Atlantis"}, "country: “Atlantis” is not a country."),
        ({"country": ""}, "country: is empty, and no known city tells it."),
        ({"start_on": "2027-05-01", "operation_on": "2027-04-30"}, "(2027-04-30) is before the start (2027-05-01)"),
        ({"start_on": "03/04/2027"}, "start_on: “03/04/2027” is not a clear date."),
        ({"start_on": "2027-02-30"}, "start_on: “2027-02-30” is not a clear date."),
        ({"budget_max": -5, "currency": "EUR"}, "budget_max: -5 is negative."),
        ({"budget_max": "(1,000)", "currency": "EUR"}, "budget_max: (1,000) is negative."),
        ({"budget_max": "a lot", "currency": "EUR"}, "budget_max: “a lot” is not a number."),
        ({"budget_max": 1e30, "currency": "EUR"}, "too large"),
        ({"budget_min": 10, "budget_max": 5, "currency": "EUR"}, "budget_min (10.00) is more than budget_max (5.00)"),
        ({"budget_max": 5, "currency": "Taler"}, "currency: “Taler” is not a currency."),
        ({"people_served": 2**40}, "people_served: 1099511627776 is too large."),
        ({"title": "Ж", "problem": "", "language": "", "country": "RU"}, "language: cannot be told from"),
    ],
)  # fmt: skip
def test_row_with_a_wrong_value_is_refused_with_the_reason(changes: dict, says: str, demand_row: Import) -> None:
    done = demand_row(**changes)
    assert done.counts == {"refused": 1}
    assert says in done.why[0]
    assert says in done.said
    assert_nothing_written()


def test_all_reasons_of_a_row_are_told_at_once(demand_row: Import) -> None:
    (why,) = demand_row(title="", budget_max=-1, currency="Taler").why
    assert [part in why for part in ("title: is empty", "is negative", "“Taler” is not a currency")] == [True] * 3


def test_refused_row_does_not_stop_the_others(tmp_path: Path, import_demands: Import) -> None:
    rows = [{**LAMPS, "id": "1"}, {**LAMPS, "id": "2", "title": ""}, {**LAMPS, "id": "3"}]
    assert import_demands(json_lines(tmp_path / "d.jsonl", rows)).counts == {"new": 2, "refused": 1}


def test_repeated_row_and_repeated_id_are_told_apart(tmp_path: Path, import_demands: Import) -> None:
    rows = [LAMPS, LAMPS, {**LAMPS, "title": "Another title"}]
    done = import_demands(json_lines(tmp_path / "d.jsonl", rows))
    assert done.counts == {"new": 1, "refused": 2}
    assert done.why == [
        "The row repeats row 1.",
        "The id “1” stands in row 1 already, with other content. Only the first is taken.",
    ]
    assert Demand.objects.get().title_en == LAMPS["title"]


def test_broken_line_of_json_lines_is_a_refused_row(tmp_path: Path, import_demands: Import) -> None:
    (tmp_path / "d.jsonl").write_text(f'{json.dumps(LAMPS)}\n{{"id": \n[1]\n')
    done = import_demands(tmp_path / "d.jsonl")
    assert done.counts == {"new": 1, "refused": 2}
    assert [(row["row"], row["reasons"][0].split(":")[0]) for row in done.rows[1:]] == [
        (2, "The line is not JSON"), (3, "This is not a record with named fields."),
    ]  # fmt: skip


def test_row_with_too_many_cells_is_refused(tmp_path: Path, import_demands: Import) -> None:
    done = import_demands(
        csv_file(tmp_path / "d.csv", "id,title,country,language", "1,Lamps, posts,CL,en", "2,Bus,CL,en")
    )
    assert done.counts == {"new": 1, "refused": 1}
    assert "The row has 5 cells, the header 4." in done.why[0]


# --- Hostile text ----------------------------------------------------------------------------------


def only_demand(done: Done) -> Demand:
    assert done.counts == {"new": 1}
    return Demand.objects.get()


def test_megabyte_of_text_is_cut_with_a_note(demand_row: Import) -> None:
    done = demand_row(problem="lamp " * 200_000)
    assert len(only_demand(done).problem_en) <= 12_000
    assert done.notes == ["problem: 999999 characters; the first 12000 are kept."]


def test_megabyte_cell_of_a_csv_is_cut_with_a_note(tmp_path: Path, import_demands: Import) -> None:
    file = csv_file(tmp_path / "d.csv", "id,title,problem,country,language", f'1,Lamps,"{"lamp " * 200_000}",CL,en')
    assert import_demands(file).notes == ["problem: 999999 characters; the first 12000 are kept."]


def test_long_title_is_cut_and_kept_whole_as_summary(demand_row: Import) -> None:
    title = "Renew the street lights of the old town " * 8
    demand = only_demand(demand_row(title=title))
    assert (len(demand.title_en) <= 240, demand.title_en[-1], demand.summary_en) == (True, "…", title.strip())


@pytest.mark.parametrize(
    ("dirty", "clean", "note"),
    [
        ("Street\0lights", "Street lights", "title: zero bytes were taken out."),
        ("Street lights \ud800", "Street lights \ufffd", "title: half characters (lone surrogates) were replaced."),
        (
            "Street \u202esthgil",
            "Street sthgil",
            "title: invisible marks that turn the direction of writing were taken out.",
        ),
        ("Street\x07 lights", "Street lights", "title: control characters were taken out."),
    ],
)
def test_unreadable_characters_are_taken_out_with_a_note(dirty: str, clean: str, note: str, demand_row: Import) -> None:
    done = demand_row(title=dirty)
    assert only_demand(done).title_en == clean
    assert done.notes == [note]


def test_ten_long_ligatures_are_taken_as_they_are(demand_row: Import) -> None:
    assert only_demand(demand_row(title="\ufdfa" * 10)).title_en == "\ufdfa" * 10


def test_formula_is_harmless_in_the_report_for_spreadsheets(tmp_path: Path, import_demands: Import) -> None:
    file = json_lines(tmp_path / "d.jsonl", [{**LAMPS, "title": "=HYPERLINK(1)", "country": "Nowhere"}])
    call_command("import_demands", str(file), report=tmp_path / "r.csv", source="test", verbosity=0)
    assert ",'=HYPERLINK(1)," in (tmp_path / "r.csv").read_text("utf-8-sig")


def test_values_that_are_not_known_are_left_out_with_what_is(demand_row: Import) -> None:
    done = demand_row(stage="soon", topics="street_lighting; moon_lighting", source_url="see our site", language="de")
    demand = only_demand(done)
    assert (demand.stage, [topic.code for topic in demand.topics.all()], demand.source_url) == (
        "",
        ["street_lighting"],
        "",
    )
    assert demand.original_language == "en"
    assert any("stage: “soon” is not known and is left out. Known are: idea, concept" in note for note in done.notes)
    assert any("topics: “moon_lighting” is not known" in note for note in done.notes)
    assert any("source_url: “see our site” is not a web address" in note for note in done.notes)
    assert any("language: “de” is not one of the portal's languages" in note for note in done.notes)


def test_amounts_without_currency_or_unit_are_left_out(demand_row: Import) -> None:
    done = demand_row(budget_max=5, quantity=9400)
    demand = only_demand(done)
    assert (demand.budget_max, demand.quantity) == (None, None)
    assert done.notes == [
        "budget_max: there is no currency, so the amount is left out.",
        "quantity: there is no unit, so the amount is left out.",
    ]


def test_day_to_come_is_not_a_day_of_publication(demand_row: Import) -> None:
    demand = only_demand(demand_row(published_on=(timezone.now() + timedelta(days=40)).date().isoformat()))
    assert demand.published_at <= timezone.now()
