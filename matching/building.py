"""Write the snapshot of this host: all listed solutions, all live demands, and the loops that search them, compiled."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from django.db import connection

from catalog.models import Solution
from cities.models import Demand
from matching.adapters import demand_profiles, solution_profiles, vocabulary
from matching.engine import EXPERT, DemandProfile, SolutionProfile
from matching.engine.ordering import ORDER
from matching.machine import Demands, Machine, Refused, Snapshot, fingerprint, write_demands, write_snapshot
from matching.snapshots import DEMANDS, close, compiled_folder, loops, shelf, total, words
from matching.vectors import current_backend

# Clocks of hosts may differ by so much; what changed within it counts as changed since.
SKEW = timedelta(minutes=1)
READ_AT_ONCE = 500


def build_snapshot() -> Path | None:
    """Write a snapshot of all listed solutions and put it in use; None while another process of this host does."""
    with shelf().making() as folder:
        if folder is None:
            return None
        since = _begin()
        known, spoken, space = vocabulary(), words(), current_backend().id
        totals: Counter[str] = Counter()
        unmeant: list[int] = []
        profiles = _counted(_all_profiles(), totals, unmeant)
        facts = {"as_of": since.isoformat(), "words": spoken, "totals": totals, "unmeant": unmeant}
        manifest = write_snapshot(folder, profiles, known, facts=facts)
        if manifest["space"] not in ("", space):
            raise Refused("another vector space came into force meanwhile")
        (folder / DEMANDS).mkdir()
        write_demands(folder / DEMANDS, _all_demands(), known, manifest["dim"])
        _warm_up(Snapshot.open(folder, known), Demands.open(folder / DEMANDS, known))
        shelf().publish(folder, manifest["digest"])
    close()
    return shelf().root / f"s-{manifest['digest']}"


def _begin() -> datetime:
    """From when on a change may be missing from what is read now: none that began earlier is still under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )
        began: datetime = cursor.fetchone()[0]
    return began - SKEW


def _all_profiles() -> Iterator[SolutionProfile]:
    keys = list(Solution.objects.listed().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), READ_AT_ONCE):
        part = Solution.objects.listed().for_detail().filter(pk__in=keys[start : start + READ_AT_ONCE])
        yield from solution_profiles(part.order_by("pk"))


def _all_demands() -> Iterator[DemandProfile]:
    keys = list(Demand.objects.live().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), READ_AT_ONCE):
        part = Demand.objects.live().for_detail().filter(pk__in=keys[start : start + READ_AT_ONCE])
        yield from demand_profiles(part.order_by("pk"))


def _counted(
    profiles: Iterable[SolutionProfile], totals: Counter[str], unmeant: list[int]
) -> Iterator[SolutionProfile]:
    for profile in profiles:
        totals.update(total([profile]))
        if profile.vector is None:
            unmeant.append(int(profile.id))
        yield profile


def _warm_up(snapshot: Snapshot, asking: Demands) -> None:
    """Compile every loop for both kinds of segment, and leave word that this is done."""
    segment = snapshot.segment
    some = [segment.profile(row) for row in range(min(len(segment), 3))]
    needs = np.zeros((len(asking.keys), 2))
    asking.reach(some, loops(), EXPERT, space=segment.space, today=1, needs=needs)
    fresh = segment.beside(some)
    machine = Machine((segment.without([0, 1, 2][: len(segment)]), fresh), loops(), keep=ORDER.pool)
    area = next(iter(segment.codes.areas), "")
    vectors = np.zeros((3, segment.dim), np.float32)
    demands = [
        DemandProfile(id="", focus=(area,) if area else (), vector=vectors[0], vector_space=segment.space),
        DemandProfile(id="", vector=vectors[0], sentence_vectors=vectors, vector_space=segment.space),
    ]
    for found in machine.rank(demands if segment.dim else [DemandProfile(id="")], today=1):
        found.near_misses()
    compiled_folder().mkdir(parents=True, exist_ok=True)
    (compiled_folder() / fingerprint()).touch()
