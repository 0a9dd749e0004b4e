"""The snapshot of this host and what changed since, as a catalogue to search. PostgreSQL stays the truth.

Every host writes its own, in a process of its own (`manage.py build_snapshot`), started by whichever worker misses it.
Until it is there, or when it does not fit the database any more, `catalogue` scores everything in memory instead.
"""

import hashlib
import logging
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Sum
from django.utils import timezone, translation

from catalog.enums import SolutionState
from catalog.models import Solution, Topic
from matching.adapters import solution_profiles, vocabulary
from matching.engine import DemandProfile, ScoringConfig, SolutionProfile
from matching.engine.ordering import ORDER
from matching.machine import Demands, Finding, Machine, Refused, Segment, Shelf, Snapshot, fingerprint, load
from matching.models import TextVector
from matching.vectors import current_backend

logger = logging.getLogger(__name__)

# Changed solutions are searched from memory; from this many on a new snapshot is owed.
MANY_CHANGES = 2000
# One that fits is searched on while a new one is written in its place.
OLD = timedelta(days=1)
DEMANDS = "demands"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Change:
    """A solution that changed since the snapshot was begun, as it is now."""

    pk: int
    version: int
    updated_at: datetime
    is_listed: bool


@dataclass(slots=True)
class Searched:
    """A catalogue of two segments: the snapshot without what changed, and what changed as it is now."""

    stamp: tuple[Any, ...]
    segments: tuple[Segment, ...]
    without_meaning: bool
    loops: Any
    _machines: dict[str, Machine] = field(default_factory=dict)

    def find(self, demands: Sequence[DemandProfile], *, today: int, config: ScoringConfig) -> Iterator[Finding]:
        machine = self._machines.get(config.id)
        if machine is None:
            machine = self._machines[config.id] = Machine(self.segments, self.loops, config, keep=ORDER.pool)
        return machine.rank(demands, today=today)


@dataclass(slots=True)
class _Opened:
    name: str
    snapshot: Snapshot
    lock: int
    demands: Demands


@dataclass(frozen=True, slots=True)
class Asking:
    """The demands of the snapshot; those that changed since are not to be found there as they are."""

    demands: Demands
    since: datetime
    _segment: Segment

    def was(self, solution: int) -> SolutionProfile | None:
        """A solution as the snapshot has it, None of one that came later."""
        row = self._segment.row(str(solution))
        return None if row is None else self._segment.profile(row)


@dataclass(frozen=True, slots=True)
class Kept:
    """The snapshot without what changed since, and what did. ``stamp`` changes with either."""

    stamp: tuple[Any, ...]
    segment: Segment
    changes: list[Change]


_opened: _Opened | None = None
_current: Searched | None = None
_builder: subprocess.Popen[bytes] | None = None
_started = -PATIENCE


def shelf() -> Shelf:
    """Where this host keeps the snapshots of this database."""
    database = connection.settings_dict
    where = "|".join(str(database[name]) for name in ("HOST", "PORT", "NAME"))
    return Shelf(Path(settings.HOME_DIR) / "snapshots" / hashlib.blake2b(where.encode(), digest_size=6).hexdigest())


def compiled_folder() -> Path:
    """Where compiled loops are kept between processes."""
    return Path(settings.HOME_DIR) / "compiled"


def are_wanted() -> bool:
    """Whether there are so many solutions that searching pays, or a snapshot is there already."""
    return shelf().named() is not None or Solution.objects.listed().count() >= settings.SNAPSHOT_FROM


def words() -> str:
    """Changes with any word of the vocabulary, in which texts are read."""
    with translation.override(settings.LANGUAGE_CODE):  # a column without a language is read in the reader's
        rows = list(Topic.objects.order_by("pk").values_list())
    return hashlib.blake2b(repr(rows).encode(), digest_size=12).hexdigest()


def _fitting() -> tuple[_Opened, list[Change]] | None:
    """This host's snapshot and what changed since; where none fits, one is owed."""
    try:
        opened = _open()
        return opened, _changes(opened.snapshot)
    except Refused as reason:
        logger.info("snapshot: %s", reason)
        owe_snapshot()
        return None


def current() -> Searched | None:
    """The solutions as they are now; None, and a snapshot owed, where this host has none that fits."""
    global _current
    found = _fitting()
    if found is None:
        return None
    opened, changes = found
    since = datetime.fromisoformat(opened.snapshot.facts["as_of"])
    if len(changes) > MANY_CHANGES or timezone.now() - since > OLD:
        owe_snapshot()
    unmeant = set(opened.snapshot.facts["unmeant"])
    vectors = TextVector.objects.aggregate(top=Max("pk"))["top"] if unmeant or _is_unmeant(_current) else None
    stamp = (opened.name, tuple(changes), vectors)
    if _current is None or _current.stamp != stamp:
        _current = _searched(opened.snapshot, stamp, changes, unmeant)
    return _current


def kept() -> Kept | None:
    """What gates need of the solutions as they are now, without reading any; None, and a snapshot owed, as above."""
    found = _fitting()
    if found is None:
        return None
    opened, changes = found
    segment = opened.snapshot.segment
    gone = [row for change in changes if (row := segment.row(str(change.pk))) is not None]
    return Kept((opened.name, tuple(changes)), segment.without(gone), changes)


def demands() -> Asking | None:
    """The demands of this host's snapshot, None where it has none that fits."""
    if not are_wanted():
        return None
    try:
        opened = _open()
    except Refused:
        return None
    snapshot = opened.snapshot
    return Asking(opened.demands, datetime.fromisoformat(snapshot.facts["as_of"]), snapshot.segment)


def loops() -> Any:
    """The compiled loops."""
    return load(compiled_folder())


def _is_unmeant(searched: Searched | None) -> bool:
    return searched is not None and searched.without_meaning


def _open() -> _Opened:
    """The newest snapshot, kept mapped. Raises Refused where it does not fit the database or no loops are compiled."""
    global _opened, _current
    name = shelf().named()
    if _opened is None or _opened.name != name:
        close()
        known = vocabulary()
        snapshot, lock = shelf().open(known)
        _opened = _Opened(snapshot.folder.name, snapshot, lock, Demands.open(snapshot.folder / DEMANDS, known))
    facts = _opened.snapshot.facts
    if facts["words"] != words():
        raise Refused("the vocabulary was edited since")
    if _opened.snapshot.segment.space not in ("", current_backend().id):
        raise Refused("another vector space is in force")
    if not (compiled_folder() / fingerprint()).exists():
        raise Refused("the loops are not compiled for this machine")
    return _opened


def close() -> None:
    """Forget the snapshot that this process has mapped; what is searched meanwhile keeps its mapping."""
    global _opened, _current
    if _opened is not None:
        os.close(_opened.lock)
    _opened = _current = None


def _changes(snapshot: Snapshot) -> list[Change]:
    """What changed since the snapshot was begun. Raises Refused where the rest is not what the snapshot holds."""
    since = datetime.fromisoformat(snapshot.facts["as_of"])
    rows = Solution.objects.filter(updated_at__gte=since).order_by("pk")
    changes = [
        Change(pk, version, updated_at, state == SolutionState.LISTED)
        for pk, version, updated_at, state in rows.values_list("pk", "version", "updated_at", "state")
    ]
    totals = Counter(snapshot.facts["totals"])
    for change in changes:
        row = snapshot.segment.row(str(change.pk))
        if row is not None:
            totals.subtract(total([snapshot.segment.profile(row)]))
    kept = Solution.objects.listed().filter(updated_at__lt=since)
    found = kept.aggregate(count=Count("pk"), keys=Sum("pk"), versions=Sum("version"))
    if any((found[name] or 0) != totals[name] for name in found):
        raise Refused("the database holds other solutions than it did")
    return changes


def total(profiles: Iterable[SolutionProfile]) -> dict[str, int]:
    """Sums by which it shows whether the database still holds what the snapshot was made of."""
    total = {"count": 0, "keys": 0, "versions": 0}
    for profile in profiles:
        total["count"] += 1
        total["keys"] += int(profile.id)
        total["versions"] += profile.version
    return total


def _searched(snapshot: Snapshot, stamp: tuple[Any, ...], changes: list[Change], unmeant: set[int]) -> Searched:
    """The snapshot without what changed or was never encoded, and that as it is now."""
    segment = snapshot.segment
    moved = {change.pk for change in changes} | unmeant
    gone = [row for pk in sorted(moved) if (row := segment.row(str(pk))) is not None]
    profiles = solution_profiles(Solution.objects.listed().for_detail().filter(pk__in=moved).order_by("pk"))
    if not segment.dim and any(profile.vector is not None for profile in profiles):
        raise Refused("it was made before anything was encoded")
    fresh = segment.beside(profiles)
    lacks = any(profile.vector is None for profile in profiles)
    return Searched(stamp, (segment.without(gone), fresh), lacks, loops())


def owe_snapshot() -> None:
    """Have a process of its own write one, unless one does already; asked again no sooner than in a minute."""
    global _builder, _started
    if _builder is not None and _builder.poll() is None:
        return
    if time.monotonic() - _started < PATIENCE or shelf().is_making():
        return
    _started = time.monotonic()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "build_snapshot"]
    _builder = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def forget_snapshots() -> None:
    """Put none in use any more: for catalogues that became small, and for tests."""
    close()
    shelf().clear()
