"""Lists of generated demands. The engine makes some dozens of them, from a sample; the others are theirs with other
solutions of the same area in it: what pages read is of the true shape, and nobody waits hours for the matcher.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching.adapters import demand_profiles, solution_profiles, vocabulary
from matching.arranging import arrange
from matching.configuration import active_config
from matching.engine import CandidateSet, evaluate
from matching.lists import List
from matching.machine import MISSES
from matching.machine.whole import Whole
from matching.models import Exposure, Ranking
from matching.ranking import versions
from portal.embedded.generated.copying import Json, batched, copy_rows
from portal.embedded.generated.world import World

SAMPLE_DEMANDS, SAMPLE_SOLUTIONS = 8, 60  # of each area
FULL, SHORT = 20, 5  # solutions of a list: one in ten is full
AT_ONCE = 1000
HERE = '"solution_id": "'


@dataclass(frozen=True)
class Model:
    """A list that the engine made. ``results`` and ``misses`` are JSON in two parts, between which a key belongs."""

    columns: dict[str, Any]
    results: list[tuple[str, str]]
    misses: list[tuple[str, str]]


def make_lists(world: World, handled: int) -> list[dict[str, Any]]:
    """A list for every live demand; returns the first pairs of ``handled`` of them, for people to decide on."""
    models = _models(world)
    pairs: list[dict[str, Any]] = []
    every = max(1, len(world.live_demands) // max(1, handled))
    for numbers in batched(range(len(world.live_demands)), AT_ONCE):
        rows = []
        for number in numbers:
            pk, area, organisation, title = world.live_demands[number]
            if not world.listed[area] or not models[area]:
                continue
            model = world.chance.choice(models[area])
            row, chosen = _row(world, pk, area, model)
            rows.append(row)
            if organisation and number % every == 0:
                found = zip(chosen[:3], model.results, strict=False)
                pairs += [
                    {
                        "demand": pk,
                        "of": organisation,
                        "title": title,
                        "solution": one,
                        "result": _filled(parts, one[0]),
                    }
                    for one, parts in found
                ]
        copy_rows(Ranking, rows)
    _count_exposure()
    return pairs


def _models(world: World) -> dict[int, list[Model]]:
    """By area. Evaluated over the sample of all areas at once, as the matcher has it."""
    solutions = [pk for rows in world.listed.values() for pk, _, _ in rows[:SAMPLE_SOLUTIONS]]
    by_area: dict[int, list[int]] = defaultdict(list)
    for pk, area, _, _ in world.live_demands:
        if len(by_area[area]) < SAMPLE_DEMANDS:
            by_area[area].append(pk)
    # In order: which list a demand is given is drawn by its place, and the same seed makes the same records.
    demands = Demand.objects.for_detail().filter(pk__in=[pk for pks in by_area.values() for pk in pks]).order_by("pk")
    profiles = solution_profiles(Solution.objects.for_detail().filter(pk__in=solutions).order_by("pk"))
    candidates, config = CandidateSet.build(profiles, vocabulary()), active_config()
    today, made_with = timezone.localdate().toordinal(), versions(config)
    found: dict[int, list[Model]] = defaultdict(list)
    for demand, profile in zip(demands, demand_profiles(demands), strict=True):
        table = evaluate(profile, candidates, today=today, config=config)
        one = List(demand, Whole(table, MISSES), arrange(table, {}), True, made_with)
        found[demand.focus_area_id].append(_model(one.columns()))
    return found


def _model(columns: dict[str, Any]) -> Model:
    results = [_parts(result) for result in columns["results"]]
    return Model(columns, results, [_parts(miss) for miss in columns["near_misses"]])


def _parts(result: Any) -> tuple[str, str]:
    text = json.dumps(result, ensure_ascii=False)
    before, _here, rest = text.partition(HERE)
    return before + HERE, rest[rest.index('"') :]


def _filled(parts: tuple[str, str], pk: int) -> str:
    return f"{parts[0]}{pk}{parts[1]}"


def _row(world: World, pk: int, area: int, model: Model) -> tuple[dict[str, Any], list[tuple[int, int, str]]]:
    chance, listed = world.chance, world.listed[area]
    length = min(len(model.results), FULL if chance.random() < 0.1 else SHORT)
    chosen = [chance.choice(listed) for _ in range(length + len(model.misses))]
    chosen = list({one[0]: one for one in chosen}.values())
    shown = chosen[:length]
    missed = chosen[length : length + 2]
    results = [_filled(parts, one[0]) for parts, one in zip(model.results, shown, strict=False)]
    misses = [_filled(parts, one[0]) for parts, one in zip(model.misses, missed, strict=False)]
    above = chance.choice((0, 0, 1, 3, 8, model.columns["above_floor"]))
    return {
        **model.columns,
        "demand_id": pk,
        "demand_version": 1,
        "solutions": [one[0] for one in shown],
        "results": Json(f"[{', '.join(results)}]"),
        "probabilities": model.columns["probabilities"][: len(shown)],
        "moves": [None] * len(shown),
        "reserve": [],
        "reserve_probabilities": [],
        "left_out": [],
        "near_misses": Json(f"[{', '.join(misses)}]"),
        "missed": [one[0] for one in missed][: len(misses)],
        "above_floor": above,
        "found": "",
    }, shown


def _count_exposure() -> None:
    """On how many lists each solution stands; none of them pays a price."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Exposure._meta.db_table} (solution_id, lists, price, computed_at) "  # noqa: S608
            f"SELECT pk, count(*), 0, now() FROM {Ranking._meta.db_table}, unnest(solutions) AS pk "
            "GROUP BY pk ON CONFLICT (solution_id) DO UPDATE SET lists = EXCLUDED.lists"
        )
