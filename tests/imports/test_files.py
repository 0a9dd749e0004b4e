"""Every format in, the same demands out."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from cities.models import Demand
from portal.imports.files import read_file
from tests.imports.conftest import Import, csv_file

NOON = datetime.fromisoformat("2027-03-01T12:00:00")  # as spreadsheets have it, without a time zone
HEADER = "id,title,country,language,budget_max,currency"
LINES = ("1,Renew the street lights,CL,en,1200000,EUR", '2,"Éclairage public, rénovation",FR,fr,"1 500,50",EUR')
TITLES = ["Renew the street lights", "Éclairage public, rénovation"]


def titles() -> list[str]:
    return [demand.title_en or demand.title_fr for demand in Demand.objects.order_by("source_id")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_csv_in_any_unicode_encoding_is_read(encoding: str, tmp_path: Path, import_demands: Import) -> None:
    done = import_demands(csv_file(tmp_path / "d.csv", HEADER, *LINES, encoding=encoding))
    assert done.counts == {"new": 2}
    assert titles() == TITLES


def test_csv_in_utf16_without_mark_and_mostly_chinese_is_read(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "d.csv", "编号,标题,国家", "一,更换全市路灯,中国", encoding="utf-16-le")
    assert read_file(file).rows[0].values == {"编号": "一", "标题": "更换全市路灯", "国家": "中国"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_with_any_delimiter_is_read(delimiter: str, tmp_path: Path) -> None:
    lines = [
        delimiter.join(cells)
        for cells in (("id", "title", "country"), ("1", "Lamps, posts; more", "CL"), ("2", "Bus", "FR"))
    ]
    lines[1] = lines[1].replace("Lamps, posts; more", '"Lamps, posts; more"')
    table = read_file(csv_file(tmp_path / "d.csv", *lines))
    assert [dict(row.values) for row in table.rows] == [
        {"id": "1", "title": "Lamps, posts; more", "country": "CL"}, {"id": "2", "title": "Bus", "country": "FR"},
    ]  # fmt: skip


def test_csv_in_a_named_encoding_is_read(tmp_path: Path, import_demands: Import) -> None:
    file = csv_file(tmp_path / "d.csv", HEADER, *LINES, encoding="cp1252")
    import_demands(file, encoding="cp1252")
    assert titles() == TITLES


def test_csv_row_numbers_are_lines_of_the_file(tmp_path: Path) -> None:
    table = read_file(csv_file(tmp_path / "d.csv", "id,title", '1,"two', 'lines"', "", "2,next"))
    assert [(row.number, row.values["title"]) for row in table.rows] == [(2, "two\r\nlines"), (5, "next")]


def test_xlsx_first_sheet_is_read_with_its_types(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["id", "title", "start_on", "budget_max"])
    book.active.append([7, "Lamps", NOON, 12.5])
    book.save(tmp_path / "d.xlsx")
    table = read_file(tmp_path / "d.xlsx")
    assert (table.format, dict(table.rows[0].values)) == (
        "xlsx", {"id": 7, "title": "Lamps", "start_on": NOON, "budget_max": 12.5},
    )  # fmt: skip


def test_xlsx_named_sheet_is_read_and_an_unknown_one_named(tmp_path: Path, import_demands: Import) -> None:
    book = Workbook()
    sheet = book.create_sheet("Needs")
    sheet.append(["id", "title", "country", "language", "start_on", "budget_max", "currency"])
    sheet.append([7, "Lamps", "Chile", "en", NOON, 12.5, "CLP"])
    book.save(tmp_path / "d.xlsx")
    import_demands(tmp_path / "d.xlsx", sheet="Needs")
    demand = Demand.objects.get()
    assert (demand.source_id, demand.start_on, demand.budget_max) == ("7", date(2027, 3, 1), Decimal("12.50"))


def test_json_list_and_json_lines_give_the_same_rows(tmp_path: Path) -> None:
    rows = [{"id": 1, "title": "Lamps"}, {"id": 2, "title": "Bus"}]
    (tmp_path / "list.json").write_text(json.dumps(rows, indent=1))
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, rows)))
    read = [read_file(tmp_path / name) for name in ("list.json", "lines.jsonl")]
    assert [table.format for table in read] == ["json", "json_lines"]
    assert [[dict(row.values) for row in table.rows] for table in read] == [rows, rows]


def test_json_of_our_own_download_is_read(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps({"source": "UrbanLink", "results": [{"title": "Lamps"}]}, indent=1))
    assert [dict(row.values) for row in read_file(tmp_path / "d.json").rows] == [{"title": "Lamps"}]


PACKAGE = {
    "uri": "https://tenders.example/1", "license": "CC BY 4.0", "publisher": {"name": "City tenders"},
    "releases": [
        {"ocid": "ocds-1-7", "id": "a", "date": "2026-01-05T00:00:00Z", "tag": ["planning"], "language": "es",
         "buyer": {"id": "b1", "name": "Municipalidad"}, "planning": {"rationale": "Ahorrar energía."}},
        {"ocid": "ocds-1-7", "id": "b", "date": "2026-02-05T00:00:00Z", "tag": ["tender"], "language": "es",
         "buyer": {"id": "b1", "name": "Municipalidad de Prueba"},
         "parties": [{"id": "b1", "roles": ["buyer"], "address": {"locality": "Valdivia", "countryName": "Chile"}}],
         "tender": {"title": "Renovación del alumbrado público", "description": "Lámparas de sodio agotadas.",
                    "status": "active", "procurementMethod": "open", "value": {"amount": 900000, "currency": "CLP"},
                    "contractPeriod": {"startDate": "2026-09-01T00:00:00Z", "endDate": "2027-03-01T00:00:00Z"}}},
    ],
}  # fmt: skip


def test_ocds_package_becomes_one_demand_a_process(tmp_path: Path, import_demands: Import) -> None:
    (tmp_path / "d.json").write_text(json.dumps(PACKAGE))
    done = import_demands(tmp_path / "d.json", source="")
    demand = Demand.objects.get()
    assert (done.report["format"], demand.source, demand.source_id, demand.source_licence) == (
        "ocds", "City tenders", "ocds-1-7", "CC BY 4.0",
    )  # fmt: skip
    assert (demand.title_es, demand.summary_es, demand.problem_es) == (
        "Renovación del alumbrado público", "Ahorrar energía.", "Lámparas de sodio agotadas.",
    )  # fmt: skip
    assert (demand.body_name, demand.country, demand.budget_max, demand.currency) == (
        "Municipalidad de Prueba", "CL", Decimal(900000), "CLP",
    )  # fmt: skip
    assert (demand.stage, demand.procurement_route) == ("procurement", "open_tender")
    assert (demand.start_on, demand.operation_on) == (date(2026, 9, 1), date(2027, 3, 1))
    assert (demand.focus_area.code, demand.focus_guessed) == ("smart_energy", True)


def test_ocds_record_package_is_read_by_its_compiled_releases(tmp_path: Path) -> None:
    release = {key: value for key, value in PACKAGE["releases"][1].items() if key != "ocid"}
    (tmp_path / "d.json").write_text(json.dumps({"records": [{"ocid": "ocds-1-9", "compiledRelease": release}]}))
    table = read_file(tmp_path / "d.json")
    assert (table.format, table.rows[0].values["ocid"]) == ("ocds", "ocds-1-9")
