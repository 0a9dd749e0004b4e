"""Writes static/portal/land.svg, the land under the dots of the maps.

    python -m portal.common.data.build_land land-110m.json

The file is the land of Natural Earth at 1:110 million (public domain), as the npm package world-atlas carries it in
TopoJSON (https://github.com/topojson/topojson-specification). No border is drawn, so none can be drawn wrongly.
"""

import json
import sys
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from portal.common.projection import HEIGHT, WIDTH, projected

TARGET = Path(__file__).parents[1] / "static" / "portal" / "land.svg"
ANTARCTICA = -60.0
Point = tuple[float, float]
STYLE = "path{fill:#d3d9d2}@media(prefers-color-scheme:dark){path{fill:#2b3d42}}"


def rings(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Outlines as (longitude, latitude); those south of every city left out."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        steps = list(accumulate(arc, lambda at, step: [at[0] + step[0], at[1] + step[1]]))
        arcs.append([(x * scale_x + move_x, y * scale_y + move_y) for x, y in steps])
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                points = [p for index in ring for p in (arcs[index] if index >= 0 else arcs[~index][::-1])]
                if max(latitude for _longitude, latitude in points) > ANTARCTICA:
                    yield points


def path(ring: list[Point]) -> str:
    """In whole units of the map, each point as its distance from the one before."""
    spots = [(round(x), round(y)) for x, y in (projected(*point) for point in ring)]
    spots = [spot for index, spot in enumerate(spots) if index == 0 or spot != spots[index - 1]]
    if len(spots) < 3:
        return ""
    steps = "".join(f"{b[0] - a[0]} {b[1] - a[1]} " for a, b in pairwise(spots[:-1]))
    return f"M{spots[0][0]} {spots[0][1]}l{steps.replace(' -', '-').strip()}z"


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text())
    outlines = "".join(path(ring) for ring in rings(topology))
    TARGET.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<style>{STYLE}</style><path d="{outlines}"/></svg>\n'
    )


if __name__ == "__main__":
    main()
