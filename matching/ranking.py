"""Run the engine over the live records and keep what it found. Nothing here knows how a score is made."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching.adapters import demand_profiles, solution_profiles, vocabulary
from matching.arranging import arrange, facts_of, move_json
from matching.catalogue import catalogue
from matching.configuration import active_config
from matching.engine import ENGINE_VERSION, CandidateSet, Result, ScoringConfig, evaluate, explain
from matching.engine.ordering import ORDER, Placed
from matching.enums import Band, MatchState, Origin
from matching.lists import List, drop_lists, write_lists
from matching.machine import Finding
from matching.models import Match, Ranking
from matching.states import UNDECIDED
from matching.vectors import current_backend
from portal.audit.actions import record

RANKING_LOCK = 0x55524C43  # any fixed number serves, as long as nothing else uses it


def hold_rankings(demand_ids: Iterable[int]) -> None:
    """Hold off other rankings of these demands until the transaction ends. Call it before reading what they rest on.

    Otherwise one that has read an older demand or catalogue could end last and overwrite the newer list.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, pk) FROM unnest(%s::int[]) AS pk", [RANKING_LOCK, sorted(demand_ids)]
        )


def rank_demand(demand: Demand) -> Ranking | None:
    """Match one live demand with every listed solution and store its list; clears the list of one not live."""
    rank_demands([demand.pk])
    return Ranking.objects.filter(demand=demand).first()


def rank_demands(demand_ids: Collection[int]) -> int:
    """The same for several demands, in one transaction. Returns how many lists were written: those that changed."""
    with transaction.atomic():
        hold_rankings(demand_ids)
        demands = list(Demand.objects.for_detail().filter(pk__in=demand_ids).order_by("pk"))
        live = [demand for demand in demands if demand.is_live]
        lists = list(_lists(live, active_config(), timezone.localdate()))
        changed = write_lists(lists)
        for one in changed:
            if one.demand.organisation_id:
                suggest(one.demand, one.arranged.results, one.arranged.shown)
        for demand in demands:
            if not demand.is_live:
                clear_demand(demand)
        return len(changed)


def check_lists(demand_ids: Collection[int]) -> list[int]:
    """Make lists from nothing as of the day they were made on, then as of today; returns the demands of which
    the stored list is another than the first. A list that other weights or another encoder made is not judged.
    """
    with transaction.atomic():
        hold_rankings(demand_ids)
        live = {demand.pk: demand for demand in Demand.objects.live().for_detail().filter(pk__in=demand_ids)}
        stored = Ranking.objects.filter(demand__in=demand_ids)
        differing = set(stored.exclude(demand__in=live).values_list("demand_id", flat=True))
        by_day: dict[date, dict[int, str]] = {}
        for ranking in stored.filter(demand__in=live, **versions()).only("demand_id", "found", "computed_at"):
            day = timezone.localdate(ranking.computed_at)
            by_day.setdefault(day, {})[ranking.demand_id] = ranking.found
        for day, found in by_day.items():
            lists = _lists([live[pk] for pk in sorted(found)], active_config(), day)
            differing |= {one.demand.pk for one in lists if one.found != found[one.demand.pk]}
        rank_demands(demand_ids)
        return sorted(differing)


def clear_demand(demand: Demand) -> None:
    """Take the list of a demand that is not live any more, and suggestions that nobody looked at."""
    drop_lists([demand.pk])
    drop_untouched(demand, keep=[])


def _lists(demands: Sequence[Demand], config: ScoringConfig, day: date) -> Iterator[List]:
    """The lists as they should stand on that day."""
    if not demands:
        return
    found_in = catalogue()
    profiles = demand_profiles(demands)
    made_with = versions(config)
    findings = list(found_in.find(profiles, today=day.toordinal(), config=config))
    known = facts_of({int(pk) for finding in findings for pk in _pool(finding)})
    for demand, profile, finding in zip(demands, profiles, findings, strict=True):
        has_meaning = profile.vector is not None and not found_in.without_meaning
        yield List(demand, finding, arrange(finding.table, known), has_meaning, made_with)


def _pool(finding: Finding) -> list[str]:
    table = finding.table
    return [table.candidates.ids[int(row)] for row in table.best(table.eligible, ORDER.pool)]


def versions(config: ScoringConfig | None = None) -> dict[str, str]:
    """What a stored result rests on; of the configuration it was made with, by default the one in force."""
    config_id = (config or active_config()).id
    return {"backend": current_backend().id, "engine_version": ENGINE_VERSION, "config_version": config_id}


def suggest(demand: Demand, results: list[Result], shown: list[Placed]) -> None:
    """Keep a row for each of the first, so that a moderator can decide on it. What a person decided is never touched.

    ``results`` in the order shown, ``shown`` their places.
    """
    placed_at = {result.solution_id: placed for result, placed in zip(results, shown, strict=True)}
    space = current_backend().id
    best = [r for r in results if r.band != Band.WEAK][: settings.SUGGESTIONS_PER_DEMAND]
    existing = {m.solution_id: m for m in Match.objects.select_for_update(no_key=True).filter(demand=demand)}
    for result in results:
        row = existing.get(int(result.solution_id))
        if row is not None and row.state in UNDECIDED:
            columns = placed_columns(result, placed_at[result.solution_id], space)
            for name, value in columns.items():
                setattr(row, name, value)
            row.save(update_fields=[*columns, "updated_at"])
    for result in best:
        if int(result.solution_id) not in existing:
            match = Match(
                demand=demand,
                solution_id=int(result.solution_id),
                origin=Origin.ENGINE,
                state_since=timezone.now(),
                **placed_columns(result, placed_at[result.solution_id], space),
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


def placed_columns(result: Result, placed: Placed, space: str) -> dict[str, Any]:
    """A result at its place on a list as the columns of a Match."""
    return {**scored(result, space), "position": placed.place, "moved": move_json(placed.move) or {}}


def scored(result: Result, space: str) -> dict[str, Any]:
    """A result as the columns of a Match. ``space``: of the vectors that it was compared with."""
    return {
        "demand_version": result.demand_version,
        "solution_version": result.solution_version,
        "probability": result.probability,
        "points": result.score,
        "band": result.band,
        "position": result.rank,
        "result": result.to_json(),
        "computed_at": timezone.now(),
        "backend": space,
        "engine_version": result.engine_version,
        "config_version": result.config_id,
    }


def score_pair(demand: Demand, solution: Solution) -> dict[str, Any]:
    """The Match columns of one pair, eligible or not: for pairs that a person puts together."""
    (demand_profile,) = demand_profiles([Demand.objects.for_detail().get(pk=demand.pk)])
    profiles = solution_profiles([Solution.objects.for_detail().get(pk=solution.pk)])
    candidates, today = CandidateSet.build(profiles, vocabulary()), timezone.localdate().toordinal()
    table = evaluate(demand_profile, candidates, today=today, config=active_config())
    return scored(explain(table, 0), current_backend().id)
