"""Where open demand is, as dots on a map of the land; a dot's colour is its region's, from the heat table beside it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matching.gap import Moment, Slice
from matching.gap_counting import CLOSE, Spot
from portal.common.projection import HEIGHT, WIDTH

# Spots are merged into fewer dots where there would be too many.
MOST_DOTS = 400
# From so many demands on, a dot is so wide.
WIDTHS = ((1, 9), (5, 14), (20, 22))


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


def gap_map(moment: Moment, chosen: Slice, heat_of: Callable[[str], int | None]) -> GapMap:
    """``heat_of`` a country: that of its region in the heat table."""
    placed: Counter[tuple[Spot, int | None]] = Counter()
    open_ = 0
    for country, _language, need in moment.cells(chosen):
        heat = heat_of(country)
        open_ += need.open
        for spot, number in need.spots.items():
            placed[spot, heat] += number
    return GapMap(_layers(_dots(placed)), placed.total(), open_ - placed.total())


def _dots(placed: Mapping[tuple[Spot, int | None], int]) -> Counter[tuple[int, int, int | None]]:
    """How many demands stand at (x, y, heat)."""
    close = CLOSE
    while True:
        dots: Counter[tuple[int, int, int | None]] = Counter()
        for ((x, y), heat), number in placed.items():
            dots[round(x / close) * close, round(y / close) * close, heat] += number
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
