import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from cities.models import Demand
from portal.imports.commands import MAPPINGS
from portal.imports.fields import DEMAND, SOLUTION, Schema
from portal.imports.mapping import WrongMapping, by_names, parse_mapping, read_mapping
from tests.imports.conftest import Import, csv_file


def mapped(content: dict[str, Any], row: dict[str, Any], schema: Schema = DEMAND) -> dict[str, Any]:
    return parse_mapping(content, schema).apply(row)


ROW = {"Nr": "ab:0042", "Titel": "Laternen", "Text": "Alt.", "Mehr": "", "Land": "D", "Los": {"Wert": [{"Betrag": 5}]}}


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ("Titel", "Laternen"),
        ("Los.Wert.0.Betrag", 5),
        ("Fehlt", None),
        (["Mehr", "Fehlt", "Text"], "Alt."),
        ({"const": "x"}, "x"),
        ({"template": "{Titel}: {Text}"}, "Laternen: Alt."),
        ({"template": "{Titel}\n\nMehr: {Mehr}\n{Text}"}, "Laternen\n\nAlt."),
        ({"header": "Nr", "pattern": "^ab:0*(.+)$"}, "42"),
        ({"header": "Nr", "pattern": "^ab:0*(.+)$", "template": "https://x.example/{1}"}, "https://x.example/42"),
        ([{"header": "Nr", "pattern": "^zz(.*)"}, {"const": "else"}], "else"),
        (None, None),
    ],
)
def test_column_comes_about_in_every_way_a_mapping_knows(spec: Any, value: Any) -> None:
    assert mapped({"columns": {"title": spec}}, ROW)["title"] == value


def test_values_are_translated_one_by_one() -> None:
    content = {
        "columns": {"country": "Land", "topics": "Los"},
        "values": {"country": {"D": "DE"}, "topics": {"a": ["solar_power", "energy_storage"], "b": "cycling"}},
    }
    found = mapped(content, {"Land": "D", "Los": ["a", "b", "c"]})
    assert found == {"country": "DE", "topics": ["solar_power", "energy_storage", "cycling", "c"]}


def test_first_fitting_case_overrules_the_base() -> None:
    content = {
        "columns": {"title": "Titel", "country": "Land"},
        "cases": [
            {"when": {"Land": "D"}, "columns": {"country": {"const": "DE"}}, "guess_language": "always"},
            {"when": {"Land": "D"}, "columns": {"title": "Text"}},
        ],
    }
    mapping = parse_mapping(content, DEMAND)
    assert mapping.apply(ROW) == {"title": "Laternen", "country": "DE"}
    assert (mapping.guess_language(ROW), mapping.guess_language({"Land": "A"})) == ("always", "missing")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([], "A mapping is a JSON object"),
        (
            {"columns": {"titel": "Titel"}},
            "names a field “titel” that a demand does not have. Fields: source, source_id",
        ),
        ({"columns": {"title": {"konst": 1}}}, 'this is none of them: {"konst": 1}'),
        ({"columns": {"title": {"header": "a", "pattern": "("}}}, "is not a regular expression"),
        ({"columns": {"title": {"header": "a", "pattern": "a"}}}, "too few groups"),
        ({"spalten": {}}, "an entry “spalten” that means nothing"),
        ({"guess_language": "sometimes"}, "“missing” or “always”"),
        ({"cases": [{"columns": {}}]}, "“cases” of a mapping is a list of objects, each with “when”"),
        ({"values": {"country": "DE"}}, "“country” of a mapping is an object"),
        ({"records": "solution"}, "for another kind of record: solution"),
    ],
)
def test_wrong_mapping_is_explained(content: Any, says: str) -> None:
    with pytest.raises(WrongMapping) as refused:
        parse_mapping(content, DEMAND)
    assert says in refused.value.message


def test_headers_are_known_by_name_in_any_spelling_and_language() -> None:
    mapping = by_names(["ID", "Titre", "제목", "Budget to", "Buyer", "???"], DEMAND)
    assert mapping.apply({"ID": 1, "Titre": "t", "Budget to": 5, "Buyer": "City"}) == {
        "source_id": 1, "budget_max": 5, "body_name": "City", **({"title": "t"} if "title" in mapping.fields() else {}),
    }  # fmt: skip


def test_our_own_header_wins_over_another_name() -> None:
    assert by_names(["text", "problem"], DEMAND).apply({"text": "a", "problem": "b"}) == {"problem": "b"}


def test_mapping_file_maps_foreign_headers_and_others_go_by_name(tmp_path: Path, import_demands: Import) -> None:
    mapping = {"columns": {"title": "Bezeichnung", "source_id": "Nr"}, "values": {"country": {"Deutschland": "DE"}}}
    (tmp_path / "m.json").write_text(json.dumps({**mapping, "source": "stadt", "licence": "CC0"}))
    file = csv_file(tmp_path / "d.csv", "Nr;Bezeichnung;country;Amt", "7;Lamps of the old town;Deutschland;Bau")
    done = import_demands(file, mapping=str(tmp_path / "m.json"), source="", language="en")
    demand = Demand.objects.get()
    assert (demand.source, demand.source_id, demand.source_licence, demand.country) == ("stadt", "7", "CC0", "DE")
    assert done.report["headers_not_read"] == ["Amt"]
    assert "Headers that nothing reads: Amt" in done.said


def test_mapping_that_is_no_json_is_refused(tmp_path: Path, import_demands: Import) -> None:
    (tmp_path / "m.json").write_text("{")
    with pytest.raises(CommandError, match="is not JSON"):
        import_demands(csv_file(tmp_path / "d.csv", "title", "x"), mapping=str(tmp_path / "m.json"))


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.json")), ids=lambda path: path.stem)
def test_shipped_mapping_is_valid(path: Path) -> None:
    schema = SOLUTION if "solutions" in path.stem else DEMAND
    mapping = read_mapping(path, schema)
    assert {field.name for field in schema.required} <= mapping.fields()
