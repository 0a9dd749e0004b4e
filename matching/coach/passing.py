"""How many solutions would pass a demand's conditions, and which must-have costs most: asked while it is written.

The engine's own gates decide. What is not stated passes, as everywhere; how many state everything is said beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from django.utils import timezone

from catalog.models import Criterion
from cities.models import Demand
from cities.models import Requirement as RequirementRow
from matching.adapters import bare_demand_profile, requirement_of
from matching.coach.offered import Part, offered
from matching.engine.gates import FAIL, PASS, outcomes, requirement_outcomes
from matching.engine.profiles import DemandProfile, Requirement


@dataclass(frozen=True, slots=True)
class Cost:
    """Without ``criterion`` so many would pass: ``without``; with it, ``Passing.count``."""

    criterion: Criterion
    without: int


@dataclass(frozen=True, slots=True)
class Passing:
    """``count`` of ``of`` listed solutions fail no condition; ``stated`` of them state all that is asked for.

    ``costs`` are the must-haves without which more would pass, the dearest first.
    """

    count: int
    of: int
    stated: int
    costs: tuple[Cost, ...] = ()


def passing(demand: Demand, rows: Iterable[RequirementRow] | None = None) -> Passing | None:
    """Of a demand loaded with ``for_detail``; ``rows`` are must-haves that were typed and not saved yet.

    None while the snapshot that very many solutions are counted in is still being written.
    """
    parts = offered()
    if parts is None:
        return None
    musts = [row for row in (demand.requirements.all() if rows is None else rows) if row.is_mandatory]
    profile = replace(bare_demand_profile(demand), live=True, must_haves=())
    counts = np.sum([_counts(profile, [requirement_of(row) for row in musts], part) for part in parts], axis=0)
    total, count, stated, *without = (int(number) for number in counts)
    costs = [Cost(row.criterion, more) for row, more in zip(musts, without, strict=True) if more > count]
    return Passing(count, total, stated, tuple(sorted(costs, key=lambda cost: (-cost.without, cost.criterion.pk))))


def _counts(profile: DemandProfile, musts: list[Requirement], part: Part) -> list[int]:
    """How many there are, fail nothing, state everything; then how many fail nothing without each must-have."""
    rest = outcomes(profile, part.columns, timezone.localdate().toordinal())[:, part.counted]
    found = [requirement_outcomes(must, part.columns)[part.counted] for must in musts]
    passes = (rest != FAIL).all(axis=0)
    states = (rest == PASS).all(axis=0)
    failed = np.zeros(len(passes), np.int16)
    for one in found:
        failed += one == FAIL
        states &= one == PASS
    without = [int((passes & (failed - (one == FAIL) == 0)).sum()) for one in found]
    return [len(passes), int((passes & (failed == 0)).sum()), int(states.sum()), *without]
