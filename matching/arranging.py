"""The order of a demand's list for live records: who offers each solution, and how often it is shown already."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from catalog.models import Solution
from matching.engine import Result, ScoreTable, explain_rows
from matching.engine.display import sigmoid
from matching.engine.ordering import ORDER, Contender, Move, Placed, likeness, order


@dataclass(frozen=True, slots=True)
class Facts:
    """What the order minds and the score is never told."""

    provider: str = ""
    listed_on: date | None = None
    lists: int = 0
    price: float = 0.0


NOTHING_KNOWN = Facts()


@dataclass(frozen=True, slots=True)
class Arranged:
    """A demand's list: what is shown, explained, each at its place, and the next best in reserve.

    ``left_out`` are those of the reserve who would be shown by score alone, explained.
    """

    results: list[Result]
    shown: list[Placed]
    reserve: list[Placed]
    left_out: list[tuple[Placed, Result]]

    def columns(self) -> dict[str, Any]:
        """As columns of a Ranking."""
        return {
            "solutions": [int(result.solution_id) for result in self.results],
            "probabilities": [result.probability for result in self.results],
            "results": [result.to_json() for result in self.results],
            "moves": [move_json(placed.move) for placed in self.shown],
            "reserve": [int(placed.contender.id) for placed in self.reserve],
            "reserve_probabilities": [placed.contender.probability for placed in self.reserve],
            "left_out": [
                {"move": move_json(placed.move), "result": result.to_json()} for placed, result in self.left_out
            ],
            "order_version": ORDER.id,
        }


def facts_of(solutions: Iterable[int]) -> dict[int, Facts]:
    """In one query, for the solutions of one list or of thousands."""
    rows = Solution.objects.filter(pk__in=list(solutions)).order_by()
    found = rows.values_list("pk", "provider_id", "listed_at", "exposure__lists", "exposure__price")
    return {
        pk: Facts(str(provider), listed_at.date() if listed_at else None, lists or 0, price or 0.0)
        for pk, provider, listed_at, lists, price in found
    }


def arrange(table: ScoreTable, facts: Mapping[int, Facts] | None = None) -> Arranged:
    """The list of a table's best. ``facts`` of at least those; read here where they are not given."""
    best = [int(row) for row in table.best(table.eligible, ORDER.pool)]
    row_of = {table.candidates.ids[row]: row for row in best}
    known = facts_of(map(int, row_of)) if facts is None else facts
    contenders = [
        _contender(identity, rank, sigmoid(float(table.logit[row])), known.get(int(identity), NOTHING_KNOWN), table)
        for rank, (identity, row) in enumerate(row_of.items(), start=1)
    ]
    alike = likeness(table.candidates, best, table.config)
    placed = order(contenders, key=table.demand.id, day=table.today, alike=alike)
    shown, reserve = placed[: ORDER.shown], placed[ORDER.shown :]
    left_out = [one for one in reserve if one.contender.rank <= ORDER.shown]
    rows = [(row_of[one.contender.id], one.contender.rank) for one in (*shown, *left_out)]
    results = explain_rows(table, rows)
    return Arranged(results[: len(shown)], shown, reserve, list(zip(left_out, results[len(shown) :], strict=True)))


def _contender(identity: str, rank: int, probability: float, facts: Facts, table: ScoreTable) -> Contender:
    return Contender(
        id=identity,
        rank=rank,
        probability=probability,
        provider=facts.provider,
        lists=facts.lists,
        price=facts.price,
        days_listed=table.today - facts.listed_on.toordinal() if facts.listed_on else None,
    )


def move_json(move: Move | None) -> dict[str, Any] | None:
    """A move as it is stored: rule, start, end, values."""
    return asdict(move) if move else None
