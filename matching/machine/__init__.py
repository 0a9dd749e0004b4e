"""Lists for demands from a large catalogue, the same as the engine's, found without scoring every pair.

    from matching.machine import Machine, Segment, Snapshot, load, write_snapshot

    loops = load(cache_folder)                     # the compiled loops; numba is imported here and nowhere else
    write_snapshot(folder, profiles, vocabulary)   # folder: empty; profiles: any order, read once
    snapshot = Snapshot.open(folder, vocabulary)   # mapped read-only, shared by all processes of a host
    machine = Machine((snapshot.segment,), loops, config=EXPERT)
    machine.shortlists(demands, today=day)         # compiled gates and scores only: what the matrix product feeds
    for found in machine.rank(demands, today=day): # in the order of the demands; final figures are the engine's
        found.results(20)        # = rank_table(table of everything, 20), the same bytes
        found.near_misses()      # = near_misses_table(table of everything, 5)
        found.summary()          # candidates, eligible, above_floor, failures: counts over everything

A segment is a set of solutions: that of a snapshot, `Segment.of(profiles, …)` for a few in memory, and
`segment.without(rows)` where some have changed since. A machine searches several as if they were one. Vectors are kept
in half precision where that loses nothing, so hand over vectors that were rounded to it, as stored ones are. A
shelf is where a host keeps its snapshots: `making`, `publish`, `open`.

The other way round, `write_demands` and `Demands.open(…).reach(solutions, …)` tell which demands a changed solution may
matter to, by what each of their lists needs.

No ORM, clock, settings or chance. docs/matching.md ("Machinery") says why the results are exact.
"""

from matching.machine.compiled import fingerprint, load
from matching.machine.exact import Found
from matching.machine.files import Refused
from matching.machine.machine import KEEP, MISSES, Machine
from matching.machine.reverse import Demands, Reach, write_demands
from matching.machine.search import Search, Shortlist
from matching.machine.segment import Segment
from matching.machine.shelf import Shelf
from matching.machine.snapshot import Snapshot, write_snapshot
from matching.machine.whole import Finding, Whole

__all__ = [
    "KEEP",
    "MISSES",
    "Demands",
    "Finding",
    "Found",
    "Machine",
    "Reach",
    "Refused",
    "Search",
    "Segment",
    "Shelf",
    "Shortlist",
    "Snapshot",
    "Whole",
    "fingerprint",
    "load",
    "write_demands",
    "write_snapshot",
]
