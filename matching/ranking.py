"""Run the engine over the live records and keep what it found. Nothing here knows how a score is made."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching.adapters import demand_profiles, solution_profiles, vocabulary
from matching.arranging import arrange, move_json
from matching.configuration import active_config
from matching.engine import (
    ENGINE_VERSION,
    GATES,
    CandidateSet,
    DemandProfile,
    Result,
    ScoreTable,
    ScoringConfig,
    evaluate,
    explain,
    near_misses_table,
)
from matching.engine.gates import FAIL
from matching.engine.ordering import Placed
from matching.enums import Band, MatchState, Origin
from matching.models import Match, Ranking, TextVector
from matching.states import UNDECIDED
from matching.vectors import current_backend
from portal.audit.actions import record

NEAR_MISSES = 5
RANKING_LOCK = 0x55524C43  # any fixed number serves, as long as nothing else uses it


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All listed solutions as the engine reads them, and the stamp by which a change is noticed."""

    stamp: tuple[Any, ...]
    candidates: CandidateSet
    without_meaning: int


_catalogue: Catalogue | None = None


def catalogue() -> Catalogue:
    """The listed solutions, built once a process and again when a solution, a vector or the vocabulary changed."""
    global _catalogue
    stamp = _stamp()
    if _catalogue is None or _catalogue.stamp != stamp:
        profiles = solution_profiles(Solution.objects.listed().for_detail().order_by("pk"))
        _catalogue = Catalogue(
            stamp, CandidateSet.build(profiles, vocabulary()), sum(p.vector is None for p in profiles)
        )
    return _catalogue


def _stamp() -> tuple[Any, ...]:
    # The latest time and key are not enough: of two changes at once the earlier may be the later to commit.
    solutions = Solution.objects.listed().aggregate(
        n=Count("pk"), at=Max("updated_at"), top=Max("pk"), versions=Sum("version")
    )
    backend = current_backend().id
    vectors = TextVector.objects.filter(backend=backend, kind="passage").aggregate(n=Count("pk"), top=Max("pk"))
    return (*solutions.values(), *vectors.values(), backend)


def hold_rankings(demand_ids: Iterable[int]) -> None:
    """Hold off other rankings of these demands until the transaction ends. Call it before reading what they rest on.

    Otherwise one that has read an older demand or catalogue could end last and overwrite the newer list.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, pk) FROM unnest(%s::int[]) AS pk", [RANKING_LOCK, sorted(demand_ids)]
        )


def rank_demand(demand: Demand) -> Ranking | None:
    """Score one live demand against every listed solution and store its list; clears the list of one not live."""
    with transaction.atomic():
        hold_rankings([demand.pk])
        demand = Demand.objects.for_detail().get(pk=demand.pk)
        if not demand.is_live:
            Ranking.objects.filter(demand=demand).delete()
            drop_untouched(demand, keep=[])
            return None
        (profile,) = demand_profiles([demand])
        return store_ranking(demand, profile, catalogue())


def store_ranking(demand: Demand, profile: DemandProfile, found_in: Catalogue) -> Ranking:
    config = active_config()
    table = evaluate(profile, found_in.candidates, today=timezone.localdate().toordinal(), config=config)
    arranged = arrange(table)
    ranking, _created = Ranking.objects.update_or_create(
        demand=demand,
        defaults={
            "demand_version": demand.version,
            **arranged.columns(),
            "near_misses": [
                {"gate": m.gate, "would_rank": m.would_rank, "result": m.result.to_json()}
                for m in near_misses_table(table, NEAR_MISSES)
            ],
            "has_meaning": profile.vector is not None and not found_in.without_meaning,
            "computed_at": timezone.now(),
            **_summary(table),
            **versions(config),
        },
    )
    if demand.organisation_id:
        suggest(demand, arranged.results, arranged.shown)
    return ranking


def _summary(table: ScoreTable) -> dict[str, Any]:
    """For the gap: solutions in the right field, those that pass, those better than weak, what stops the others."""
    in_field = table.outcomes[GATES.index("focus")] != FAIL
    floor = dict(table.config.bands)["possible"]
    floor_logit = math.log(floor / (1 - floor))
    return {
        "candidates": int(in_field.sum()),
        "eligible": int(table.eligible.sum()),
        "above_floor": int((table.eligible & (table.logit >= floor_logit)).sum()),
        "failures": {
            gate: int(count)
            for gate, row in zip(GATES, table.outcomes, strict=True)
            if (count := (in_field & (row == FAIL)).sum())
        },
    }


def versions(config: ScoringConfig | None = None) -> dict[str, str]:
    """What a stored result rests on; of the configuration it was made with, by default the one in force."""
    config_id = (config or active_config()).id
    return {"backend": current_backend().id, "engine_version": ENGINE_VERSION, "config_version": config_id}


def suggest(demand: Demand, results: list[Result], shown: list[Placed]) -> None:
    """Keep a row for each of the first, so that a moderator can decide on it. What a person decided is never touched.

    ``results`` in the order shown, ``shown`` their places.
    """
    columns = {r.solution_id: placed_columns(r, placed) for r, placed in zip(results, shown, strict=True)}
    best = [r for r in results if r.band != Band.WEAK][: settings.SUGGESTIONS_PER_DEMAND]
    existing = {m.solution_id: m for m in Match.objects.select_for_update(no_key=True).filter(demand=demand)}
    for result in results:
        row = existing.get(int(result.solution_id))
        if row is not None and row.state in UNDECIDED:
            for name, value in columns[result.solution_id].items():
                setattr(row, name, value)
            row.save(update_fields=[*columns[result.solution_id], "updated_at"])
    for result in best:
        if int(result.solution_id) not in existing:
            match = Match(
                demand=demand,
                solution_id=int(result.solution_id),
                origin=Origin.ENGINE,
                state_since=timezone.now(),
                **columns[result.solution_id],
            )
            match.save(force_insert=True)
            record(
                by="engine",
                action="match.suggest",
                subject=match,
                after={"demand": demand.pk, "solution": match.solution_id, "points": match.points},
            )
    drop_untouched(demand, keep=[int(r.solution_id) for r in best])


def drop_untouched(demand: Demand, keep: list[int]) -> None:
    """Suggestions that nobody looked at and that the engine no longer makes disappear; nothing was decided on them."""
    stale = Match.objects.filter(
        demand=demand, state=MatchState.SUGGESTED, origin=Origin.ENGINE, decisions=None
    ).exclude(solution_id__in=keep)
    # Locked before it is judged: a moderator may be taking one of them up at this moment.
    stale = stale.select_for_update(of=("self",))
    for match in stale:
        record(
            by="engine",
            action="match.unsuggest",
            subject=match,
            before={"demand": demand.pk, "solution": match.solution_id},
        )
        match.delete()


def placed_columns(result: Result, placed: Placed) -> dict[str, Any]:
    """A result at its place on a list as the columns of a Match."""
    return {**scored(result), "position": placed.place, "moved": move_json(placed.move) or {}}


def scored(result: Result) -> dict[str, Any]:
    """A result as the columns of a Match."""
    return {
        "demand_version": result.demand_version,
        "solution_version": result.solution_version,
        "probability": result.probability,
        "points": result.score,
        "band": result.band,
        "position": result.rank,
        "result": result.to_json(),
        "computed_at": timezone.now(),
        "backend": current_backend().id,
        "engine_version": result.engine_version,
        "config_version": result.config_id,
    }


def score_pair(demand: Demand, solution: Solution) -> dict[str, Any]:
    """The Match columns of one pair, eligible or not: for pairs that a person puts together."""
    (demand_profile,) = demand_profiles([Demand.objects.for_detail().get(pk=demand.pk)])
    profiles = solution_profiles([Solution.objects.for_detail().get(pk=solution.pk)])
    candidates, today = CandidateSet.build(profiles, vocabulary()), timezone.localdate().toordinal()
    table = evaluate(demand_profile, candidates, today=today, config=active_config())
    return scored(explain(table, 0))
