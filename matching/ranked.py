"""The stored list of a demand as pages show it; and from a solution: where it stands, and what keeps it out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, F, Func, IntegerField, JSONField, QuerySet, Value

from catalog.models import Solution
from cities.models import Demand
from matching.enums import MatchState
from matching.explain import Summary, condition, failing, summarise
from matching.models import KEPT_OFF, Match, Ranking
from matching.moves import move_text
from matching.querysets import MatchQuerySet
from matching.sentences import GATE_LABELS
from matching.words import Words


@dataclass(frozen=True, slots=True)
class Ranked:
    """A solution on a demand's list; ``match`` is the row that people handle, as far as the reader may see it.

    ``moved`` says why it does not stand at its place by score; empty where it does.
    """

    solution: Solution
    place: int
    summary: Summary
    moved: str = ""
    match: Match | None = None

    @property
    def state(self) -> MatchState | None:
        return MatchState(self.match.state) if self.match else None


@dataclass(frozen=True, slots=True)
class Missed:
    """A solution that fails exactly one gate, and the place it would take without it."""

    solution: Solution
    gate: str
    score: int
    would_rank: int
    failing: list[tuple[str, str]]


def ranked(ranking: Ranking, words: Words, matches: MatchQuerySet) -> list[Ranked]:
    """The list in its order. Solutions that have left the catalogue since are left out: a new run is on its way."""
    listed = _listed(ranking.solutions)
    handled = {match.solution_id: match for match in matches.filter(demand=ranking.demand_id)}
    return [
        Ranked(listed[pk], place, summarise(result, words), _told(move), handled.get(pk))
        for place, (pk, result, move) in enumerate(_placed(ranking), start=1)
        if pk in listed
    ]


def _placed(ranking: Ranking) -> Iterable[tuple[int, Mapping[str, Any], Mapping[str, Any] | None]]:
    """(solution, result, move) of each place; a list made before there was an order has no moves."""
    moves = ranking.moves or [None] * len(ranking.solutions)
    return zip(ranking.solutions, ranking.results, moves, strict=True)


def _told(move: Mapping[str, Any] | None) -> str:
    """Of a whole list only what a rule moved: that the others followed, the page of each pair says."""
    return "" if move is None or move["rule"] == "others" else move_text(move)


def left_out(ranking: Ranking, words: Words) -> list[Ranked]:
    """Solutions that would stand on the list by score alone, and by which rule others have their place."""
    listed = _listed(int(one["result"]["solution_id"]) for one in ranking.left_out)
    return [
        Ranked(listed[pk], one["move"]["end"], summarise(one["result"], words), move_text(one["move"]))
        for one in ranking.left_out
        if (pk := int(one["result"]["solution_id"])) in listed
    ]


def missed(ranking: Ranking, words: Words) -> list[Missed]:
    listed = _listed(int(miss["result"]["solution_id"]) for miss in ranking.near_misses)
    return [
        Missed(
            solution=listed[int(miss["result"]["solution_id"])],
            gate=miss["gate"],
            score=miss["result"]["score"],
            would_rank=miss["would_rank"],
            failing=failing(miss["result"], words),
        )
        for miss in ranking.near_misses
        if int(miss["result"]["solution_id"]) in listed
    ]


def result_of(ranking: Ranking, solution: Solution) -> Mapping[str, Any] | None:
    """The stored result of one solution: on the list, left out of it, or among the near misses."""
    if solution.pk in ranking.solutions:
        result: Mapping[str, Any] = ranking.results[ranking.solutions.index(solution.pk)]
        return result
    others = (one["result"] for one in (*ranking.left_out, *ranking.near_misses))
    return next((result for result in others if result["solution_id"] == str(solution.pk)), None)


def place_of(ranking: Ranking, solution: Solution) -> tuple[int | None, str]:
    """(place on the list, why it is not the place by score); no place for one that is left out or nearly missed it."""
    if solution.pk in ranking.solutions:
        place = ranking.solutions.index(solution.pk)
        return place + 1, move_text(ranking.moves[place] if ranking.moves else None)
    out = (one["move"] for one in ranking.left_out if one["result"]["solution_id"] == str(solution.pk))
    return None, move_text(next(out, None))


def kept_out(ranking: Ranking) -> list[tuple[Any, int]]:
    """(gate, solutions of the right focus area that it keeps out), the strictest first."""
    found = sorted(ranking.failures.items(), key=lambda item: -item[1])
    return [(GATE_LABELS.get(gate, gate), count) for gate, count in found]


def _listed(pks: Iterable[int]) -> Mapping[int, Solution]:
    found: Mapping[int, Solution] = Solution.objects.listed().for_list().in_bulk(list(pks))
    return found


# --- From the solution's side ---------------------------------------------------------------------------------------


# What a provider can truthfully add. A focus area is not something to claim for the sake of a list.
CAN_BE_ADDED = frozenset({"region", "language", "certificates", "must_haves"})
_FAILS = " || ".join(f'@.gate == "{gate}"' for gate in sorted(CAN_BE_ADDED))
_ADDABLE = f'$[*] ? (exists (@.result.verdicts[*] ? (@.outcome == "fail" && ({_FAILS})))).result.solution_id'
_IN_JSON = "jsonb_path_query_array(%(expressions)s::jsonpath)"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a solution stands on a demand's list: place ``position`` of ``among`` that pass, and why there."""

    demand: Demand
    position: int
    among: int
    summary: Summary
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A demand that one gate keeps the solution from."""

    demand: Demand
    would_rank: int
    score: int
    failing: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Places:
    """How many lists have a solution, and how many would if it offered one thing more."""

    lists: int
    near: int


@dataclass(slots=True)
class Obstacle:
    """One condition and the demands that only it stands in the way of."""

    label: str
    demands: list[Near] = field(default_factory=list)


def lists_with(solution: Solution, demands: Any) -> QuerySet[Ranking]:
    """The lists on which the solution stands, its best places first, each with its ``place``, ``result`` and ``move``.

    ``demands`` are those the reader sees. Whole lists are never read: they are a hundred kilobytes each.
    """
    place = Func(F("solutions"), Value(solution.pk), function="array_position", output_field=IntegerField())
    own = {"template": "%(expressions)s", "arg_joiner": " -> ", "output_field": JSONField()}
    return (
        Ranking.objects.filter(solutions__contains=[solution.pk], demand__in=demands)
        .annotate(place=place)
        .annotate(result=Func(F("results"), F("place") - 1, **own), move=Func(F("moves"), F("place") - 1, **own))
        .defer("results", "near_misses", "probabilities", "moves", "reserve", "reserve_probabilities", "left_out")
        .select_related("demand__city", "demand__focus_area", "demand__organisation")
        .order_by("place", "demand_id")
    )


def places_of(solutions: Sequence[int]) -> dict[int, Places]:
    """Of each solution: on how many public lists it stands, and how many more one condition keeps it off."""
    if not solutions:
        return {}
    rankings = Ranking.objects.filter(demand__in=Demand.objects.public().live())
    one = Func(F("solutions"), function="unnest", output_field=BigIntegerField())
    lists = Counter(rankings.filter(solutions__overlap=solutions).annotate(one=one).values_list("one", flat=True))
    keys = Func(F("near_misses"), Value(_ADDABLE), template=_IN_JSON, output_field=JSONField())
    missed = rankings.filter(missed__overlap=solutions).annotate(keys=keys).values_list("keys", flat=True)
    near = Counter(int(key) for keys in missed for key in keys)
    return {pk: Places(lists[pk], near[pk]) for pk in solutions}


def standing(ranking: Any, words: Words) -> Standing:
    """A row of ``lists_with`` in words."""
    said = move_text(ranking.move)
    return Standing(ranking.demand, ranking.place, ranking.eligible, summarise(ranking.result, words), said)


def lists_without(solution: Solution, demands: Any, words: Words) -> list[Standing]:
    """Lists on which it would stand by score alone, but which the order keeps it off."""
    rows = (
        Ranking.objects.alias(kept_off=KEPT_OFF)
        .filter(kept_off__contains=[str(solution.pk)], demand__in=demands)
        .defer("results", "near_misses", "probabilities", "moves", "reserve", "reserve_probabilities")
        .select_related("demand__city", "demand__focus_area", "demand__organisation")
        .order_by("pk")
    )
    found = []
    for row in rows:
        one = next(one for one in row.left_out if one["result"]["solution_id"] == str(solution.pk))
        said = move_text(one["move"])
        found.append(Standing(row.demand, one["move"]["end"], row.eligible, summarise(one["result"], words), said))
    return found


def obstacles(solution: Solution, demands: Any, words: Words) -> list[Obstacle]:
    """What to add to be on more lists: demands that fail exactly one condition, by condition, the most first."""
    rows = (
        Ranking.objects.filter(missed__contains=[solution.pk], demand__in=demands)
        .defer("results", "probabilities", "moves", "reserve", "reserve_probabilities", "left_out")
        .select_related("demand__city", "demand__focus_area", "demand__organisation")
        .order_by("pk")
    )
    found: dict[str, Obstacle] = {}
    for row in rows:
        miss = next(one for one in row.near_misses if one["result"]["solution_id"] == str(solution.pk))
        near = Near(row.demand, miss["would_rank"], miss["result"]["score"], failing(miss["result"], words))
        for verdict in miss["result"]["verdicts"]:
            if verdict["outcome"] == "fail" and verdict["gate"] in CAN_BE_ADDED:
                label = obstacle_label(verdict, words)
                found.setdefault(label, Obstacle(label)).demands.append(near)
    return sorted(found.values(), key=lambda one: (-len(one.demands), one.label))


def obstacle_label(verdict: Mapping[str, Any], words: Words) -> str:
    """What would have to be added: the country, the language, the must-have with its value."""
    values = verdict["values"]
    if verdict["gate"] == "region":
        return words.country(values.get("country"))
    if verdict["gate"] == "language":
        return words.languages(values.get("demanded") or ())
    return condition(verdict, words)
