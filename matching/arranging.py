"""The order of a demand's list for live records: who offers each solution, and how often it is shown already."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
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


@dataclass(frozen=True)
class Arranged:
    """A demand's list: what is shown, each at its place, and the next best in reserve. Explained when asked."""

    table: ScoreTable
    row_of: Mapping[str, int]
    shown: list[Placed]
    reserve: list[Placed]

    @cached_property
    def results(self) -> list[Result]:
        """What is shown, explained."""
        return explain_rows(self.table, [(self.row_of[one.contender.id], one.contender.rank) for one in self.shown])

    @cached_property
    def left_out(self) -> list[tuple[Placed, Result]]:
        """Those of the reserve who would be shown by score alone, explained."""
        placed = [one for one in self.reserve if one.contender.rank <= ORDER.shown]
        rows = [(self.row_of[one.contender.id], one.contender.rank) for one in placed]
        return list(zip(placed, explain_rows(self.table, rows), strict=True))

    def order(self) -> dict[str, Any]:
        """Who stands where and why, as columns of a Ranking: what can change while no score does."""
        return {
            "solutions": [int(placed.contender.id) for placed in self.shown],
            "moves": [move_json(placed.move) for placed in self.shown],
            "reserve": [int(placed.contender.id) for placed in self.reserve],
            "order_version": ORDER.id,
        }

    def columns(self) -> dict[str, Any]:
        """As columns of a Ranking."""
        return {
            **self.order(),
            "probabilities": [result.probability for result in self.results],
            "results": [result.to_json() for result in self.results],
            "reserve_probabilities": [placed.contender.probability for placed in self.reserve],
            "left_out": [
                {"move": move_json(placed.move), "result": result.to_json()} for placed, result in self.left_out
            ],
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
    return Arranged(table, row_of, placed[: ORDER.shown], placed[ORDER.shown :])


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
