"""Which lists changed solutions may change: those to make at once, and those of which only a count may differ."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Q
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching import snapshots, spaces
from matching.adapters import solution_profiles
from matching.configuration import active_config
from matching.machine import Demands
from matching.models import Ranking
from matching.vectors import Vector, assembled, read_vectors, wording_of_demand, wording_of_solution

# Reading a demand's text and vectors takes a third of a millisecond.
COMPARED = 128


def reached(solutions: Sequence[Solution]) -> tuple[set[int], set[int]]:
    """(demands to rank at once, demands to rank when there is time), by primary key.

    At once: those whose list names one of the solutions or may come to name it. With time: whoever counts it among the
    solutions that pass or do not. Solutions are loaded with ``for_detail``.
    """
    live = Demand.objects.live()
    found = snapshots.demands()
    if found is None:
        at_once = named(solutions).union(*(in_field(solution) for solution in solutions))
        # A solution of another field may be a near miss of any demand, and only scoring tells.
        return at_once, set(live.values_list("pk", flat=True)) - at_once
    counted = set().union(*(in_field(solution) for solution in solutions), _was_in_field(found, solutions))
    changed = set(live.filter(updated_at__gte=found.since).values_list("pk", flat=True))
    at_once = named(solutions) | changed | _within_reach(found.demands, solutions)
    return at_once, counted - at_once


def named(solutions: Sequence[Solution]) -> set[int]:
    """Demands whose list, reserve or near misses name one of the solutions now."""
    keys = [solution.pk for solution in solutions]
    names_one = Q(solutions__overlap=keys) | Q(reserve__overlap=keys) | Q(missed__overlap=keys)
    return set(Ranking.objects.filter(names_one).values_list("demand_id", flat=True))


def in_field(solution: Solution) -> set[int]:
    """Live demands that share a focus area with the solution, or of which that is not known."""
    areas = [area for area in [solution.focus_area_id, *(a.pk for a in solution.more_focus_areas.all())] if area]
    live = Demand.objects.live()
    if not areas or solution.focus_guessed:
        return set(live.values_list("pk", flat=True))
    shares = Q(focus_area__in=areas) | Q(more_focus_areas__in=areas) | Q(focus_area=None) | Q(focus_guessed=True)
    return set(live.filter(shares).values_list("pk", flat=True))


def _was_in_field(found: snapshots.Asking, solutions: Sequence[Solution]) -> set[int]:
    """Live demands of the fields in which the solutions stood when the snapshot was made: their counts hold them."""
    profiles = [profile for solution in solutions if (profile := found.was(solution.pk)) is not None]
    if any(profile.focus_is_guessed or not profile.focus for profile in profiles):
        return set(Demand.objects.live().values_list("pk", flat=True))
    areas = set().union(*(profile.focus for profile in profiles))
    shares = Q(focus_area__code__in=areas) | Q(more_focus_areas__code__in=areas)
    return set(Demand.objects.live().filter(shares).values_list("pk", flat=True))


def _within_reach(demands: Demands, solutions: Sequence[Solution]) -> set[int]:
    """Demands of the snapshot whose list a live solution may enter, or stand among the near misses of."""
    profiles = solution_profiles(solution for solution in solutions if solution.is_live)
    if not profiles:
        return set()
    if not demands.dim and any(profile.vector is not None for profile in profiles):
        return set(demands.keys[:, 0].tolist())
    reach = demands.reach(
        profiles,
        snapshots.loops(),
        active_config(),
        space=spaces.current_id(),
        today=timezone.localdate().toordinal(),
        needs=_needs(demands.keys[:, 0]),
    )
    # What was not encoded when the snapshot was made may be by now, and be as close as anything.
    unread = demands.without_meaning & (reach.eligible | reach.near).any(axis=1)
    return set(demands.keys[(reach.highest > -np.inf).any(axis=1) | unread, 0].tolist())


def _needs(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """From which logit on an eligible solution, and one that fails a single gate, matters to each demand."""
    rows: dict[int, tuple[Any, Any]] = {
        demand: (entry, near) for demand, entry, near in Ranking.objects.values_list("demand_id", "entry", "near_entry")
    }
    any_score = (None, None)
    return np.array(
        [[-np.inf if need is None else need for need in rows.get(key, any_score)] for key in keys.tolist()], np.float64
    ).reshape(-1, 2)


def nearest_first(solutions: Sequence[Solution], demands: Collection[int]) -> list[int]:
    """The demands, those before whose text is closest to that of one of the solutions: lists that a newcomer is likely
    to stand high on. The newest are compared, the others follow.
    """
    newest = sorted(demands, reverse=True)
    compared = Demand.objects.in_bulk(newest[:COMPARED])
    wordings = {pk: wording_of_demand(demand) for pk, demand in compared.items()}
    offered = [wording_of_solution(solution) for solution in solutions if solution.is_live]
    vectors = read_vectors([*wordings.values(), *offered])
    known = {pk: found.vector for pk, wording in wordings.items() if (found := assembled(wording, vectors))}
    meant = [found.vector for wording in offered if (found := assembled(wording, vectors))]
    if not known or not meant:
        return newest
    closeness = dict(zip(known, _closest(list(known.values()), meant), strict=True))
    return sorted(newest, key=lambda pk: closeness.get(pk, -1.0), reverse=True)


def _closest(demands: Sequence[Vector], solutions: Sequence[Vector]) -> list[float]:
    found: list[float] = (np.stack(demands) @ np.stack(solutions).T).max(axis=1).tolist()
    return found
