"""How many solutions would pass a demand's conditions, and which must-have costs most: asked while it is written.

The engine's own gates decide. What is not stated passes, as everywhere; how many state everything is said beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils import timezone

from catalog.models import Criterion, Solution
from cities.models import Demand
from cities.models import Requirement as RequirementRow
from matching.adapters import bare_demand_profile, bare_solution_profile, requirement_of, vocabulary
from matching.engine import CandidateSet
from matching.engine.gates import FAIL, PASS, outcomes
from matching.engine.profiles import DemandProfile


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


_candidates: tuple[tuple[Any, ...], CandidateSet] | None = None


def candidates() -> CandidateSet:
    """The listed solutions with what gates look at, kept in this process until one of them changes."""
    global _candidates
    stamp = Solution.objects.listed().stamp()
    if _candidates is None or _candidates[0] != stamp:
        loaded = Solution.objects.listed().select_related("focus_area").order_by("pk")
        rows = loaded.prefetch_related("more_focus_areas", "topics", "capabilities__criterion")
        profiles = [bare_solution_profile(row) for row in rows.iterator(chunk_size=1000)]
        _candidates = (stamp, CandidateSet.build(profiles, vocabulary()))
    return _candidates[1]


def passing(demand: Demand, rows: Iterable[RequirementRow] | None = None) -> Passing:
    """Of a demand loaded with ``for_detail``; ``rows`` are must-haves that were typed and not saved yet."""
    profile = replace(bare_demand_profile(demand), live=True)
    musts = [row for row in (demand.requirements.all() if rows is None else rows) if row.is_mandatory]
    profile = replace(profile, must_haves=tuple(requirement_of(row) for row in musts))
    offered = candidates()
    found = _outcomes(profile, offered)
    count = int((found != FAIL).all(axis=0).sum())
    costs = [Cost(row.criterion, _without(profile, index, offered)) for index, row in enumerate(musts)]
    dear = sorted((cost for cost in costs if cost.without > count), key=lambda cost: (-cost.without, cost.criterion.pk))
    return Passing(count, len(offered), int((found == PASS).all(axis=0).sum()), tuple(dear))


def _without(profile: DemandProfile, index: int, offered: CandidateSet) -> int:
    left = profile.must_haves[:index] + profile.must_haves[index + 1 :]
    return int((_outcomes(replace(profile, must_haves=left), offered) != FAIL).all(axis=0).sum())


def _outcomes(profile: DemandProfile, offered: CandidateSet) -> np.ndarray:
    return outcomes(profile, offered, timezone.localdate().toordinal())
