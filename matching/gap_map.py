"""Where open demand is, as dots on a map of the land; a dot's colour is its region's, from the heat table beside it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from matching.gap import Need, Snapshot, open_demands
from portal.common.projection import HEIGHT, WIDTH, projected

# Demands of places closer than this (of the map's width of 1000) share a dot; more where there would be too many.
CLOSE = 4
MOST_DOTS = 400
# From so many demands on, a dot is so wide.
WIDTHS = ((1, 9), (5, 14), (20, 22))
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layer:
    """Dots of one colour and width as one SVG path; ``heat`` as in the heat table, None where it is not shown."""

    heat: int | None
    width: int
    path: str


@dataclass(frozen=True, slots=True)
class GapMap:
    """``unplaced`` demands name no city: imported notices often say only the country."""

    layers: list[Layer]
    demands: int
    unplaced: int
    box: str = f"0 0 {WIDTH} {HEIGHT}"
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_tinted(self) -> bool:
        """Whether any region has figures large enough to show."""
        return any(layer.heat is not None for layer in self.layers)


def gap_map(moment: Snapshot, found: Iterable[Need], heat_of: Callable[[Need], int | None]) -> GapMap:
    places = _spots(moment.stamp)
    placed = [(places[need.pk], heat_of(need)) for need in found if need.pk in places]
    return GapMap(_layers(_dots(placed)), len(placed), sum(need.pk not in places for need in found))


@lru_cache(maxsize=1)
def _spots(stamp: tuple[Any, ...]) -> Mapping[int, Spot]:
    """Where each open demand of the moment is on the map; kept as long as the moment's figures are."""
    rows = open_demands().filter(city__isnull=False).values_list("pk", "city__longitude", "city__latitude")
    return {pk: _spot(longitude, latitude) for pk, longitude, latitude in rows}


_spot = lru_cache(maxsize=50_000)(projected)


def _dots(placed: list[tuple[Spot, int | None]]) -> Counter[tuple[int, int, int | None]]:
    """How many demands stand at (x, y, heat)."""
    close = CLOSE
    while True:
        dots = Counter((round(x / close) * close, round(y / close) * close, heat) for (x, y), heat in placed)
        if len(dots) <= MOST_DOTS:
            return dots
        close *= 2


def _layers(dots: Mapping[tuple[int, int, int | None], int]) -> list[Layer]:
    """Wide dots first, so that narrow ones lie on top of them."""
    paths: dict[tuple[int, int | None], list[str]] = defaultdict(list)
    for (x, y, heat), number in sorted(dots.items(), key=lambda dot: dot[0][:2]):
        width = next(width for least, width in reversed(WIDTHS) if number >= least)
        paths[width, heat].append(f"M{x} {y}h0")
    order = sorted(paths, key=lambda key: (-key[0], -1 if key[1] is None else key[1]))
    return [Layer(heat, width, "".join(paths[width, heat])) for width, heat in order]
