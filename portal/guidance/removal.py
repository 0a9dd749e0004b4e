"""What would go with the sample data and what would stay, read from the keys between the rows. Nothing is written here.

A row is *sample* when the demo made it. What came since and points at sample rows is told apart: what the portal makes
by itself goes along; what somebody added stays, and with it the sample rows that it needs; what was written with
nothing but sample accounts stays too, unless whoever removes says otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models

from portal.guidance.models import SampleTable
from portal.guidance.tables import Link, Table, files_of, has, is_part, links, tables

# Made by the portal itself, or a note that means nothing without what it is about.
BY_ITSELF = frozenset(
    {
        "admin.LogEntry", "introductions.FollowUp", "introductions.InboundMail", "matching.Exposure",
        "matching.Judgement", "matching.Match", "matching.Ranking", "matching.TextVector", "notices.Digest",
        "notices.Notice", "programmes.CohortFollowUp", "workbench.Decided", "workbench.Snooze", "workbench.Taken",
    }
)  # fmt: skip
# Never changed and never deleted, whoever made them.
LASTING = frozenset({"matching.ScoringProfile", "matching.ProfileActivation"})
PEOPLE = frozenset({"accounts.User", "accounts.Organisation"})
AT_ONCE = 5000


class Row(NamedTuple):
    table: Table
    key: Any


class Found(NamedTuple):
    """A row with where it points: each link with the row at its other end, and ``item``, a public reference."""

    row: Row
    targets: tuple[tuple[Link, Row], ...]
    item: str
    public_id: str
    is_by_somebody: bool


@dataclass
class Plan:
    """``going`` and ``kept`` are sample rows and what hangs on them; ``added`` and ``played`` are why some are kept.

    ``references`` are the public ones of what goes.
    """

    going: set[Row] = field(default_factory=set)
    kept: set[Row] = field(default_factory=set)
    added: set[Row] = field(default_factory=set)
    played: set[Row] = field(default_factory=set)
    references: set[str] = field(default_factory=set)

    def keys(self, table: Table) -> list[Any]:
        return [row.key for row in self.going if row.table is table]


class Web:
    """Sample rows and all that hangs on them, however far."""

    def __init__(self) -> None:
        self.rows: dict[Row, Found] = {}
        self.sample: set[Row] = set()
        self._by_reference: dict[str, Row] = {}
        self._read_sample()
        self._read_hanging()

    def _read_sample(self) -> None:
        by_label = {table._meta.label: table for table in tables()}
        for marked in SampleTable.objects.all():
            table = by_label.get(marked.label)
            if table is not None:
                self.sample |= self._take(_read(table, pk__in=marked.keys))

    def _read_hanging(self) -> None:
        new = set(self.sample)
        while new:
            by_table = _grouped(new)
            found: set[Row] = set()
            for table in tables():
                for link in links(table):
                    if keys := by_table.get(link.target):
                        found |= self._take(_read(table, **{f"{link.column}__in": keys}))
                if has(table, "item"):
                    references = [self.rows[row].public_id for row in new if self.rows[row].public_id]
                    found |= self._take(_read(table, item__in=references))
            new = found

    def _take(self, found: Iterable[Found]) -> set[Row]:
        fresh = {one.row: one for one in found if one.row not in self.rows}
        self.rows |= fresh
        self._by_reference |= {one.public_id: row for row, one in fresh.items() if one.public_id}
        return set(fresh)

    @cached_property
    def parts(self) -> dict[Row, set[Row]]:
        """Of each row the rows that belong to it."""
        found: dict[Row, set[Row]] = defaultdict(set)
        for row, one in self.rows.items():
            for link, target in one.targets:
                if target in self.rows and (link.is_part or link.is_own):
                    found[target].add(row)
        return found

    def needs(self, row: Row) -> Iterator[Row]:
        """What must be there as long as the row is: of sample rows and what hangs on them."""
        one = self.rows[row]
        yield from (target for _link, target in one.targets if target in self.rows)
        if one.item in self._by_reference:
            yield self._by_reference[one.item]

    def kind_of(self, row: Row) -> str:
        """Of a row that is not sample: ``along``, ``added`` by somebody, or ``played`` with sample accounts alone."""
        label = row.table._meta.label
        if label in LASTING:
            return "added"
        if row.table._meta.auto_created or label in BY_ITSELF or not self.rows[row].is_by_somebody:
            return "along"
        if label in PEOPLE or any(self._is_foreign(target) for _link, target in self.rows[row].targets):
            return "added"
        return "along" if is_part(row.table) else "played"

    def _is_foreign(self, target: Row) -> bool:
        """Neither sample nor hanging on it; of people and organisations, simply not sample."""
        return target not in (self.sample if target.table._meta.label in PEOPLE else self.rows)


def plan_removal(*, with_played: bool = False) -> Plan:
    """Reads everything anew. ``with_played``: what was written with sample accounts since goes, too."""
    web = Web()
    plan = Plan()
    for row in web.rows.keys() - web.sample:
        kind = web.kind_of(row)
        if kind == "added":
            plan.added.add(row)
        elif kind == "played":
            plan.played.add(row)
    plan.kept = _closed(web, plan.added if with_played else plan.added | plan.played)
    plan.going = web.rows.keys() - plan.kept
    plan.references = {web.rows[row].public_id for row in plan.going} - {""}
    return plan


def _closed(web: Web, roots: set[Row]) -> set[Row]:
    """The rows, all that they need, and the parts of all these that need nothing that goes."""
    kept: set[Row] = set()
    waiting = set(roots)
    while waiting:
        row = waiting.pop()
        if row in kept:
            continue
        kept.add(row)
        waiting |= set(web.needs(row)) - kept
        if not waiting:
            whole = {part for row in kept for part in web.parts.get(row, ()) if part not in kept}
            waiting = {part for part in whole if all(need in kept for need in web.needs(part))}
    return kept


def _grouped(rows: Iterable[Row]) -> dict[Table, list[Any]]:
    found: dict[Table, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.table].append(row.key)
    return found


def _read(table: Table, **where: Any) -> Iterator[Found]:
    """Keys only, no texts. ``by`` empty means that the portal itself did it."""
    own = links(table)
    columns = ["pk", *(link.column for link in own)]
    extra = [name for name in ("item", "public_id", "by_id") if has(table, name)]
    for values in _values(table, [*columns, *extra], where):
        named = dict(zip(extra, values[len(columns) :], strict=True))
        targets = tuple(
            (link, Row(link.target, key)) for link, key in zip(own, values[1 : len(columns)], strict=True) if key
        )
        item, reference = named.get("item", ""), named.get("public_id", "")
        yield Found(Row(table, values[0]), targets, item, reference, named.get("by_id", 0) is not None)


def _values(table: Table, columns: list[str], where: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """In portions: a condition of ten thousand keys is slow to plan."""
    [(lookup, keys)] = where.items()
    keys = list(keys)
    for start in range(0, len(keys), AT_ONCE):
        some = {lookup: keys[start : start + AT_ONCE]}
        yield from table._base_manager.filter(**some).values_list(*columns).iterator()


def file_names(plan: Plan) -> list[tuple[Any, str]]:
    """Storage and name of every file that belongs to a row that goes."""
    found = []
    for table in {row.table for row in plan.going}:
        for one in files_of(table):
            names = table._base_manager.filter(pk__in=plan.keys(table)).values_list(one.attname, flat=True)
            found += [(one.storage, name) for name in names if name]
    return found


def record_of(row: Row) -> models.Model | None:
    return row.table._base_manager.filter(pk=row.key).first()
