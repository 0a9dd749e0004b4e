"""The report: rows of what was measured against what was hoped for, as a table and as JSON."""

import json
import operator
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

SIGNS = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}


@dataclass(frozen=True)
class Row:
    """One figure. `met` is None where there is no goal, or where nothing could be measured: then `note` says why."""

    name: str
    measured: float | str | None
    goal: str = ""
    met: bool | None = None
    note: str = ""


def row(name: str, measured: float | None, goal: str = "", note: str = "") -> Row:
    """A figure judged by its goal, such as "≥ 8" or "≤ 0.05"; no goal, no verdict."""
    if not goal or measured is None:
        return Row(name, measured, goal, None, note)
    sign, bound = goal.split()
    return Row(name, measured, goal, bool(SIGNS[sign](measured, float(bound))), note)


def missing(name: str, why: object, goal: str = "") -> Row:
    """A figure that could not be measured, and why."""
    text = f"{type(why).__name__}: {why}" if isinstance(why, BaseException) else str(why)
    return Row(name, None, goal, None, " ".join(text.split())[:300])


def figure(value: float | str | None) -> str:
    """Three digits that matter."""
    if value is None or isinstance(value, str):
        return value or "–"
    if value and abs(value) < 0.001:
        return f"{value:.1e}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: Iterable[Row]) -> str:
    verdict = {True: "met", False: "NOT MET", None: ""}
    cells = [(r.name, figure(r.measured), r.goal, verdict[r.met], r.note) for r in rows]
    widths = [max([len(cell[column]) for cell in cells], default=0) for column in range(4)]
    lines = []
    for name, measured, goal, met, note in cells:
        line = f"{name:<{widths[0]}}  {measured:>{widths[1]}}  {goal:<{widths[2]}}  {met:<{widths[3]}}  {note}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def write(rows: Iterable[Row], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".new")
    part.write_text(json.dumps([asdict(r) for r in rows], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(file)


def read(file: Path) -> list[Row]:
    return [Row(**content) for content in json.loads(file.read_text(encoding="utf-8"))]
