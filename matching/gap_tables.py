"""The gap as tables: what a page or a file shows of it, with small figures left out and every figure linked."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from matching.disclosure import TOTAL, Key, hidden
from matching.gap import UNKNOWN, Figures, Moment, Slice, continent, subregion
from matching.gap_counting import NO_AREA, Need, area_scope
from portal.common.geography import countries

Labelled = Sequence[tuple[str, str]]
# Cells are tinted in five steps by the share of demands without a match.
HEAT_STEPS = 5


def small(number: int) -> bool:
    return 0 < number < settings.GAP_DISCLOSURE_FLOOR


def list_url(chosen: Slice) -> str:
    """The open demands behind a figure."""
    pairs = {"focus": chosen.focus, "topic": chosen.topic, "place": chosen.place, "language": chosen.language}
    query = {name: value for name, value in pairs.items() if value} | {"open": "on"}
    return f"{reverse('cities:demand-list')}?{urlencode(query)}"


def gap_url(chosen: Slice) -> str:
    pairs = {"focus": chosen.focus, "place": chosen.place, "language": chosen.language}
    query = urlencode({name: value for name, value in pairs.items() if value})
    return reverse("matching:gap") + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of figures. None where a figure is too small to show."""

    label: str
    url: str
    list_url: str
    figures: Figures
    supply: int | None
    shows_open: bool = True
    shows_split: bool = True

    @property
    def open(self) -> int | None:
        return self.figures.open if self.shows_open else None

    @property
    def matched(self) -> int | None:
        return self.figures.matched if self.shows_split else None

    @property
    def without(self) -> int | None:
        return self.figures.without if self.shows_split else None

    @property
    def people(self) -> int | None:
        return self.figures.people if self.shows_open and not small(self.figures.people_stated) else None

    @property
    def budget_eur(self) -> float | None:
        return self.figures.budget_eur if self.shows_open and not small(self.figures.budget_stated) else None


@dataclass(frozen=True, slots=True)
class Cell:
    """Of the heat table. ``heat`` 0 (all matched) to 4 (none matched); None where nothing is open or shown."""

    url: str
    open: int | None
    without: int | None
    heat: int | None
    is_hidden: bool
    is_total: bool = False


def lines(moment: Moment, whole: Slice, labelled: Labelled, slice_of: Callable[[str], Slice],
          drill: Callable[[str], Slice | None]) -> list[Line]:  # fmt: skip
    """A row for each label; ``slice_of`` says which demands of the whole it is about, ``drill`` which gap page it
    leads to.
    """
    slices = {code: slice_of(code) for code, _label in labelled}
    found = {code: moment.figures(one) for code, one in slices.items()}
    no_open, no_split = _unshown({(code,): figures for code, figures in found.items()}, moment.figures(whole))
    return [
        Line(
            label=label,
            url=gap_url(further) if (further := drill(code)) else "",
            list_url=list_url(slices[code]),
            figures=found[code],
            supply=moment.supply(slices[code]),
            shows_open=(code,) not in no_open,
            shows_split=(code,) not in no_split,
        )
        for code, label in labelled
    ]


def _unshown(found: dict[Key, Figures], total: Figures) -> tuple[set[Key], set[Key]]:
    """Keys whose count of open demands, and whose split into matched and unmatched, must not be shown."""
    everything = {**found, (TOTAL,) * len(next(iter(found), ("",))): total}
    no_open = hidden({key: figures.open for key, figures in everything.items()})
    delicate = {key: min(figures.without, figures.matched) for key, figures in everything.items()}
    no_split = no_open | {key for key, number in delicate.items() if small(number)}
    split = {key: settings.GAP_DISCLOSURE_FLOOR - 1 if key in no_split else f.without for key, f in everything.items()}
    return no_open, no_split | hidden(split)


def heat_table(moment: Moment, rows: Labelled, columns: Labelled, at: Callable[[str, str], Slice]) -> list[list[Cell]]:
    """Cells row by row, the last of each row and the last row being totals. ``at`` takes TOTAL for either code."""
    codes = ([code for code, _label in rows] + [TOTAL], [code for code, _label in columns] + [TOTAL])
    slices = {(row, column): at(row, column) for row in codes[0] for column in codes[1]}
    found = {key: moment.figures(one) for key, one in slices.items()}
    no_open, no_split = _unshown(found, found[TOTAL, TOTAL])
    return [[_cell((row, column), slices, found, no_open, no_split) for column in codes[1]] for row in codes[0]]


def _cell(key: Key, slices: dict[Any, Slice], found: dict[Any, Figures], no_open: set[Key], no_split: set[Key]) -> Cell:
    figures, split = found[key], key not in no_split
    heat = min(HEAT_STEPS - 1, int(figures.share * HEAT_STEPS)) if figures.open and split else None
    return Cell(
        url=list_url(slices[key]),
        open=None if key in no_open else figures.open,
        without=figures.without if split else None,
        heat=heat,
        is_hidden=key in no_open,
        is_total=TOTAL in key,
    )


# --- The cube, for files ---------------------------------------------------------------------------------

COLUMNS = (
    "focus_area", "continent", "subregion", "language", "open_demands", "matched_demands", "unmatched_demands",
    "demands_with_passing_solution", "live_solutions", "people_served", "budget_eur", "suppressed",
)  # fmt: skip


def cube(moment: Moment, chosen: Slice) -> Iterator[dict[str, Any]]:
    """A row for every focus area × subregion × language with open demand; small figures are empty and said so."""
    cells: dict[Key, list[Need]] = defaultdict(list)
    for area, scope in _areas(moment, chosen).items():
        for (country, language), need in moment.needs[scope].items():
            if chosen.admits(country, language):
                cells[area, subregion(country), language].append(need)
    figures = {key: Figures.of(cells[key]) for key in sorted(cells)}
    no_open, no_split = _unshown({**figures, **_margins(figures)}, moment.figures(chosen))
    for key, one in figures.items():
        line = Line("", "", "", one, None, key not in no_open, key not in no_split)
        yield {**_coordinates(key), **_numbers(line), "live_solutions": _supply(moment, key, chosen)}


def _areas(moment: Moment, chosen: Slice) -> dict[str, str]:
    """Focus area → scope, of those with open demand that the filters leave; UNKNOWN is that of demands without one."""
    mark = area_scope("")
    found = {scope.removeprefix(mark): scope for scope in moment.needs if scope.startswith(mark)}
    if NO_AREA in moment.needs:
        found[UNKNOWN] = NO_AREA
    return {area: scope for area, scope in found.items() if chosen.focus in ("", area)}


def _margins(figures: dict[Key, Figures]) -> dict[Key, Figures]:
    """The sums along each axis, which whoever reads the file can make."""
    sums: dict[Key, Figures] = {}
    for key, one in figures.items():
        for axis in range(len(key)):
            margin = (*key[:axis], TOTAL, *key[axis + 1 :])
            so_far = sums.get(margin, Figures())
            sums[margin] = replace(so_far, open=so_far.open + one.open, matched=so_far.matched + one.matched)
    return sums


def _coordinates(key: Key) -> dict[str, str]:
    area, part, language = key
    return {"focus_area": area, "continent": _continents().get(part, ""), "subregion": part, "language": language}


@cache
def _continents() -> dict[str, str]:
    """Subregion → continent."""
    return {subregion(code): continent(code) for code in countries()}


def _numbers(line: Line) -> dict[str, Any]:
    passing = line.figures.passing if line.shows_split and not small(line.figures.passing) else None
    return {
        "open_demands": line.open,
        "matched_demands": line.matched,
        "unmatched_demands": line.without,
        "demands_with_passing_solution": passing,
        "people_served": line.people,
        "budget_eur": None if line.budget_eur is None else round(line.budget_eur),
        "suppressed": not (line.shows_open and line.shows_split),
    }


def _supply(moment: Moment, key: Key, chosen: Slice) -> int:
    """Of the row's focus area and language, in its subregion as far as the filters leave it."""
    area, part, language = key
    return moment.supply(Slice(focus=area, place=part or chosen.place, language=language))
