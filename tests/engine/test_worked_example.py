"""docs/matching.md holds a worked example and the table of rules; every figure of both is computed again here."""

import json
import re
from pathlib import Path

import pytest

from matching.engine import COMPONENTS, EXPERT, score
from tests.engine.cases import TODAY, candidates, demand

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")


def table(first_column: str, last_column: str) -> dict[str, dict[str, str]]:
    """The page's table with those outer columns, by the first cell of each row."""
    lines = iter(PAGE.splitlines())
    header = next(line for line in lines if re.fullmatch(rf"\| {first_column} \|.*\| {last_column} \|", line))
    names = _cells(header)
    next(lines)
    rows = {}
    for line in lines:
        if not line.startswith("|"):
            break
        cells = _cells(line)
        rows[cells[0].strip("`*")] = dict(zip(names, cells, strict=True))
    return rows


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


def _typeset(figure: str) -> str:
    return figure.replace("-", "−")


@pytest.fixture(scope="module")
def example():
    return table("component", "finding")


@pytest.fixture(scope="module")
def result():
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    content = json.loads(block)
    (found,) = score(demand(content["demand"]), candidates([content["solution"]]), today=TODAY)
    return found


def test_example_shows_every_component_in_order(example):
    assert list(example) == ["base", *COMPONENTS, "total"]


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_figure_of_a_component_is_what_the_engine_says(example, result, component):
    part = next(part for part in result.contributions if part.component == component)
    rule = EXPERT.rules[component]
    assert example[component] == {
        "component": component,
        "value": "–" if part.value is None else f"{part.value:.4f}",
        "curve": f"{part.phi:.4f}",
        "neutral": f"{rule.neutral:.2f}",
        "weight": f"{part.weight:.1f}",
        "logit": "0.0000" if part.value is None else _typeset(f"{part.logit:+.4f}"),
        "points": _typeset(str(part.points)),
        "finding": part.code,
    }


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_row_follows_the_formula(example, component):
    row = {name: _number(example[component][name]) for name in ("curve", "neutral", "weight", "logit")}
    assert row["logit"] == pytest.approx(row["weight"] * (row["curve"] - row["neutral"]), abs=6e-4)


def test_base_and_total_are_what_the_engine_says(example, result):
    base, total = example["base"], example["total"]
    assert (_number(base["logit"]), int(base["points"])) == (result.base_logit, result.base_points)
    assert total["logit"] == f"{result.logit:+.4f}"
    assert (int(total["points"]), total["finding"]) == (result.score, result.band)


def test_columns_add_up(example):
    parts = [row for name, row in example.items() if name != "total"]
    assert sum(_number(row["logit"]) for row in parts) == pytest.approx(_number(example["total"]["logit"]), abs=1e-3)
    assert sum(_number(row["points"]) for row in parts) == int(example["total"]["points"])


def test_example_passes_all_gates_as_the_page_says(result):
    assert {verdict.outcome for verdict in result.verdicts} == {"pass"}


def test_table_of_rules_is_the_shipped_configuration():
    rules = table("component", "value")
    found = {name: (_number(row["weight"]), _number(row["neutral"])) for name, row in rules.items()}
    assert found == {name: (rule.weight, rule.neutral) for name, rule in EXPERT.rules.items()}


def test_base_and_bands_on_the_page_are_the_shipped_ones():
    assert f"The base logit is {EXPERT.base_logit}".replace("-", "−") in PAGE
    bands = ", ".join(f"{name} from {threshold:.2f}" for name, threshold in EXPERT.bands)
    assert f"Bands: {bands}, weak below." in PAGE


def test_cosine_curve_on_the_page_is_the_shipped_one():
    curve = EXPERT.cosine_curves["bundled"]
    points = ", ".join(f"{x:g} → {y:g}" for x, y in zip(curve.x, curve.y, strict=True))
    assert f"a value: {points}." in " ".join(PAGE.split())
