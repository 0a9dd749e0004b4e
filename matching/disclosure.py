"""Which figures of a published table are too small to show, and which others would give them away."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.conf import settings

Key = tuple[str, ...]
TOTAL = "*"


def hidden(counts: Mapping[Key, int], floor: int | None = None) -> set[Key]:
    """The cells of a table that must not be shown: those below the floor, and more, so that no total gives them away.

    Keys are coordinates; TOTAL in a coordinate is the sum along it. In every line (a total and its cells) either
    nothing is hidden, or at least two cells are, which together hold at least the floor.
    """
    floor = settings.GAP_DISCLOSURE_FLOOR if floor is None else floor
    found = {key for key, number in counts.items() if 0 < number < floor}
    lines = list(_lines(counts))
    changed = True
    while changed:
        changed = False
        for line in lines:
            more = _complement(line, counts, found, floor)
            if more is not None:
                found.add(more)
                changed = True
    return found


def _lines(counts: Mapping[Key, int]) -> Iterator[list[Key]]:
    """Each total with the cells that add up to it."""
    groups: dict[tuple[int, Key], list[Key]] = defaultdict(list)
    for key in counts:
        for axis in range(len(key)):
            groups[axis, (*key[:axis], TOTAL, *key[axis + 1 :])].append(key)
    return (sorted(set(keys)) for keys in groups.values())


def _complement(line: list[Key], counts: Mapping[Key, int], found: set[Key], floor: int) -> Key | None:
    """The next cell to hide in a line, or None where nothing can be worked out from it."""
    inside = [key for key in line if key in found]
    weight = sum(counts[key] for key in inside if TOTAL not in key)
    if not inside or (len(inside) > 1 and (weight >= floor or any(TOTAL in key for key in inside))):
        return None
    open_cells = [key for key in line if key not in found and counts[key] > 0]
    return min(open_cells, key=lambda key: (TOTAL in key, counts[key], key), default=None)
