"""Demands' lists as rows: what was found as one short digest, and only what changed written, all rows at once."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from cities.models import Demand
from matching.arranging import Arranged
from matching.engine.ordering import ORDER
from matching.machine import MISSES, Finding
from matching.models import Ranking

# From so many rows on, a table beside the real one pays.
MANY = 8
STAGE = "ranking_stage"
_JSON = frozenset({"results", "moves", "left_out", "near_misses", "failures"})


@dataclass
class List:
    """The list of one demand as it should stand. It is explained only if it is written."""

    demand: Demand
    finding: Finding
    arranged: Arranged
    has_meaning: bool
    versions: Mapping[str, str]
    found: str = field(init=False)

    def __post_init__(self) -> None:
        self.found = _digest(self)

    def columns(self) -> dict[str, Any]:
        """As the columns of its row."""
        return {
            "demand_id": self.demand.pk,
            "demand_version": self.demand.version,
            **self.arranged.columns(),
            **self._misses(),
            "has_meaning": self.has_meaning,
            "computed_at": timezone.now(),
            "found": self.found,
            **self.finding.summary(),
            **self.versions,
        }

    def _misses(self) -> dict[str, Any]:
        """The near misses, and from which score on another solution would change what stands here, counts apart."""
        table, misses = self.finding.table, self.finding.near_misses()
        pool = table.logit[table.best(table.eligible, ORDER.pool)].tolist()
        near = [miss.result.logit for miss in misses]
        # An eligible newcomer changes the list itself, or the place that a near miss would take.
        return {
            "near_misses": [
                {"gate": miss.gate, "would_rank": miss.would_rank, "result": miss.result.to_json()} for miss in misses
            ],
            "missed": [int(miss.result.solution_id) for miss in misses],
            "entry": min([pool[-1], *near]) if len(pool) == ORDER.pool else None,
            "near_entry": near[-1] if len(near) == MISSES else None,
        }


def _digest(one: List) -> str:
    """Changes with everything that a list and its explanations are made from, but for the order.

    The same figures of the same versions are explained in the same words, except where a finding names the day.
    """
    table, missed = one.finding.table, one.finding.missed_places()
    names_day = table.demand.wanted is not None or any(gate == "status" for _, gate, _ in missed)
    facts = [
        *(table.demand.id, table.demand.version, one.has_meaning, sorted(one.versions.items())),
        *(table.today if names_day else None, repr(one.finding.summary())),
        [_figures(one.finding, int(row)) for row in table.best(table.eligible, ORDER.pool)],
        [(_figures(one.finding, position), gate, place) for position, gate, place in missed],
    ]
    return hashlib.blake2b(repr(facts).encode(), digest_size=16).hexdigest()


def _figures(finding: Finding, row: int) -> tuple[str, int, bytes, bytes]:
    """A candidate, its version, and every figure that its explanation shows."""
    table = finding.table
    solution = table.candidates.solutions[row]
    figures = (table.values[:, row].tobytes(), table.logit[row].tobytes() + table.outcomes[:, row].tobytes())
    return (solution.id, solution.version, *figures)


def write_lists(lists: Sequence[List]) -> list[List]:
    """Store those that differ from what stands there, and return them; the others only get the time.

    Call it with the rankings of these demands held.
    """
    rows = Ranking.objects.filter(demand__in=[one.demand.pk for one in lists])
    stored = {row["demand_id"]: row for row in rows.values("demand_id", "found", *_ORDER)}
    changed = [one for one in lists if _differs(one, stored.get(one.demand.pk))]
    written = {one.demand.pk for one in changed}
    _touch([one.demand.pk for one in lists if one.demand.pk not in written])
    _upsert([one.columns() for one in changed])
    return changed


_ORDER = ("solutions", "moves", "reserve", "order_version")


def _differs(one: List, stored: Mapping[str, Any] | None) -> bool:
    if stored is None or stored["found"] != one.found:
        return True
    order = json.loads(json.dumps(one.arranged.order()))
    return any(stored[name] != order[name] for name in _ORDER)


def _touch(demands: Iterable[int]) -> None:
    Ranking.objects.filter(demand__in=list(demands)).update(computed_at=timezone.now())


def _upsert(rows: Sequence[Mapping[str, Any]]) -> None:
    """A few rows one by one, sent without waiting for the one before; many by COPY beside the table and one merge."""
    if not rows:
        return
    names, table = list(rows[0]), Ranking._meta.db_table
    columns = ", ".join(names)
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in names if name != "demand_id")
    merge = f"ON CONFLICT (demand_id) DO UPDATE SET {changes}"
    sent = [[_sent(name, row[name]) for name in names] for row in rows]
    with connection.cursor() as cursor:
        if len(rows) < MANY:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks}) {merge}", sent)  # noqa: S608
            return
        cursor.execute(f"CREATE TEMPORARY TABLE {STAGE} AS SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608
        with cursor.copy(f"COPY {STAGE} ({columns}) FROM STDIN") as copy:
            for row in sent:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {STAGE} {merge}")  # noqa: S608
        cursor.execute(f"DROP TABLE {STAGE}")


def _sent(name: str, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if name in _JSON else value


def drop_lists(demands: Iterable[int]) -> None:
    """Of demands that are not live any more."""
    Ranking.objects.filter(demand__in=list(demands)).delete()
