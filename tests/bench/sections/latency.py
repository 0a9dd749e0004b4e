"""From publishing to a list that shows it: the real worker, broker and database, as `run` starts them."""

import time
from collections.abc import Callable, Iterator
from statistics import quantiles
from typing import Any

from tests.bench.rows import Row, missing, row

PATIENCE = 20.0
LOST = 3  # so many never came: the rest would not either
ENOUGH = 240.0  # seconds for one kind of act; a machine with other work to do manages fewer of them
PACE = 0.03  # seconds between an answer and the next act


def visible(demands: int, solutions: int) -> Iterator[Row]:
    """Encoding apart: the encoder is the quick one of the tests."""
    from tests.faults.stand import Stand, prepare

    with Stand() as stand:
        prepare()
        stand.add_worker()
        stand.add_sweeper()
        from tests.bench.sections.publishing import Desk

        desk = Desk(demands, solutions)
        seconds = times(desk.publish_demand, desk.is_listed, demands)
        yield from report("demand published → its list is there", seconds, "≤ 0.3", "≤ 1.5")
        seconds = times(desk.list_solution, desk.is_suggested, solutions)
        yield from report("solution listed → in a demand's list", seconds, "≤ 0.3", "≤ 1.5")


def times(act: Callable[[], Any], is_done: Callable[[Any], bool], count: int) -> list[float]:
    """Seconds from the end of an act to what it brings about; infinite where that does not come."""
    found: list[float] = []
    end = time.monotonic() + ENOUGH
    while len(found) < count and found.count(float("inf")) < LOST and time.monotonic() < end:
        subject = act()
        began = time.monotonic()
        while not (done := is_done(subject)) and time.monotonic() - began < PATIENCE:
            time.sleep(0.01)  # the asking costs a core otherwise
        found.append(time.monotonic() - began if done else float("inf"))
        time.sleep(PACE)
    return found


def report(name: str, seconds: list[float], half: str, most: str) -> Iterator[Row]:
    late = sum(one == float("inf") for one in seconds)
    if late:
        yield missing(f"{name}, p99 s", f"{late} of {len(seconds)} never came within {PATIENCE:.0f} s", most)
        seconds = [one for one in seconds if one != float("inf")]
    if len(seconds) < 2:
        return
    cuts = quantiles(seconds, n=100, method="inclusive")
    yield row(f"{name}, p50 s", cuts[49], half, f"{len(seconds)} events")
    if not late:
        yield row(f"{name}, p99 s", cuts[98], most, f"slowest {max(seconds):.2f}")
