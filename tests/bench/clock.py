"""Costs in processor time between two runs of one matrix product: what others take of a shared machine cancels.

The product is a single-precision one of 256 × 896 by 896 × 4,096, single-threaded, as large as a block of the matcher.
"""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

ROWS, DIM, COLUMNS = 256, 896, 4096
FLOPS = 2 * ROWS * DIM * COLUMNS


@dataclass(frozen=True)
class Cost:
    """Medians over the rounds. cpu and wall: seconds. products: in runs of the reference product beside it."""

    cpu: float
    wall: float
    products: float

    def per(self, count: int) -> "Cost":
        return Cost(self.cpu / count, self.wall / count, self.products / count)

    @property
    def flops(self) -> float:
        """As many floating-point operations as the reference product would have done meanwhile."""
        return self.products * FLOPS


class Reference:
    """The product. One thread, which the environment of the process has to ask for."""

    def __init__(self) -> None:
        chance = np.random.default_rng(0)
        self._left = chance.normal(size=(ROWS, DIM)).astype(np.float32)
        self._right = chance.normal(size=(COLUMNS, DIM)).astype(np.float32).T
        self._out = np.empty((ROWS, COLUMNS), np.float32)
        self()

    def __call__(self) -> float:
        """CPU seconds of one product, the better of two: a page fault is no property of the machine."""
        return min(self._once(), self._once())

    def _once(self) -> float:
        began = time.process_time()
        np.matmul(self._left, self._right, out=self._out)
        return time.process_time() - began


def measure(
    call: Callable[[], object], *, rounds: int = 5, servers: Iterable[int] = (), before: Callable[[], object] = int
) -> Cost:
    """What `call` costs here and in the server processes that work for it; `before` prepares each round, unmeasured."""
    reference, pids = Reference(), list(servers)
    products, cpus, walls = [reference()], [], []
    for _ in range(rounds):
        before()
        wall, cpu = time.perf_counter(), time.process_time() + sum(map(cpu_of, pids))
        call()
        cpus.append(time.process_time() + sum(map(cpu_of, pids)) - cpu)
        walls.append(time.perf_counter() - wall)
        products.append(reference())
    beside = [(first + last) / 2 for first, last in pairwise(products)]
    in_products = statistics.median(cpu / product for cpu, product in zip(cpus, beside, strict=True))
    return Cost(statistics.median(cpus), statistics.median(walls), in_products)


def cpu_of(pid: int) -> float:
    """Seconds a process has computed so far. Linux counts nanoseconds; elsewhere a server's work goes uncounted."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except OSError:
        return 0.0


def cpu_of_group(pids: Iterable[int]) -> float:
    """As `cpu_of` with all threads, in hundredths of a second: for processes with pools."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_bytes() -> int:
    """The most memory this process has held at a time."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def held_bytes() -> int:
    """What of it is held now and is nobody else's: private pages, without what is mapped from files."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) * 1024
    return 0
