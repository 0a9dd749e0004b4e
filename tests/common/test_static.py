"""The sheet and the script stay small, our own and without directions."""

import re
from pathlib import Path

import brotli
import pytest

FOLDER = Path(__file__).parents[2] / "portal" / "common" / "static" / "portal"
SHEET = (FOLDER / "app.css").read_text(encoding="utf-8")
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")}


def test_sheet_stays_under_15_kilobytes_on_the_wire() -> None:
    assert len(brotli.compress(SHEET.encode())) < 15_000


def test_script_of_every_page_stays_under_8_kilobytes() -> None:
    assert len(SCRIPTS["app.js"].encode()) < 8_000


def test_all_scripts_stay_under_8_kilobytes_on_the_wire() -> None:
    assert sum(len(brotli.compress(script.encode())) for script in SCRIPTS.values()) < 8_000


def test_sheet_names_only_files_that_exist() -> None:
    names = re.findall(r'url\("([^"]+)"\)', SHEET)
    assert names
    assert [name for name in names if not (FOLDER / name).is_file()] == []


@pytest.mark.parametrize("name", ["app.css", *SCRIPTS, "hero.svg", "land.svg", "favicon.svg", "chevron.svg"])
def test_nothing_is_loaded_from_elsewhere(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|url\(\"?//|@import", text)


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_script_builds_no_code_and_no_markup_from_text(script: str) -> None:
    code = re.sub(r"(?m)^\s*//.*$", "", script)
    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", code)


def test_sheet_has_no_left_and_right() -> None:
    """A right-to-left language must cost nothing; only the arrow of a select has two sides, and a rule for each."""
    physical = r"(?:margin|padding|border|inset)-(?:left|right)|(?<![-\w])(?:left|right):|text-align: (?:left|right)"
    sides = re.findall(physical, SHEET)
    assert sides == []


def test_every_colour_is_a_token() -> None:
    """Colours outside the tokens would not follow the dark mode; shadows, the hero and print have their own."""
    beyond = SHEET.split("@layer base")[1].split("@media print")[0]
    beyond = "\n".join(line for line in beyond.splitlines() if ".hero" not in line and ".footer" not in line)
    assert re.findall(r"#[0-9a-f]{3,8}\b", beyond) == []
