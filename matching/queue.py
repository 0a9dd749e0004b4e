"""Everything that waits for a moderator, as one list: by deadline, then risk, then age.

The list holds light rows (no texts), because it is made anew for every page of the queue and for every step from one
item to the next; what a page shows is fetched for its twenty rows alone. What waits, each source of
``matching.workbench.sources`` says.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from matching.complaints.parties import records_named
from matching.waiting import ABOUT, RECORDS, ROWS, SOURCES, Kind, Waiting
from matching.workbench.enums import Scope
from matching.workbench.light_rows import light_rows
from matching.workbench.models import Routing, Snooze, Taken
from portal.accounts.models import User
from portal.common.geography import expand_regions
from portal.common.working_days import office_day

# Filters beside the kinds: what was put off, what is late, what somebody is at.
SNOOZED, LATE, MINE_TAKEN = "snoozed", "late", "taken"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters of the queue; empty means all. An empty ``scope`` is the one that the moderator keeps."""

    kind: str = ""
    language: str = ""
    place: str = ""
    focus: str = ""
    scope: str = ""
    show: str = ""

    def admitted(self, items: list[Waiting]) -> list[Waiting]:
        """What passes the filters but that by kind. Facts are asked only for what is chosen: they have to be read."""
        if self.language:
            items = [item for item in items if item.facts.language == self.language]
        if self.focus:
            items = [item for item in items if item.facts.area == self.focus]
        if self.place:
            countries = expand_regions([self.place])
            items = [item for item in items if item.facts.country in countries]
        return items


@dataclass(frozen=True, slots=True)
class Queue:
    """The items that pass the filters, in order, and how many of each kind pass the other filters."""

    items: list[Waiting]
    counts: Mapping[str, int] = field(default_factory=dict)
    snoozed: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def place_of(self, kind: str, public_id: str) -> int | None:
        """Index of an item, which is None for one that no longer waits. A match may wait under two kinds."""
        kinds = {kind, Kind.OVERDUE} if kind == Kind.MATCH else {kind}
        found = (i for i, item in enumerate(self.items) if item.public_id == public_id and item.kind in kinds)
        return next(found, None)


def queue_for(user: User, chosen: Chosen = Chosen(), *, now: datetime | None = None) -> Queue:
    """What waits, for a moderator. What they are tied to is left out: another moderator has it in their queue."""
    now = now or timezone.now()
    # Read once: a request's user is lazy, and there are thousands of items. Most are for everybody without ties.
    person, ties = user.pk, user.tied_organisation_ids
    mine = [
        item
        for source in SOURCES
        for item in source(now)
        if not (ties or item.without or item.only is not None) or item.is_for(person, ties)
    ]
    mine, _out = _divided(mine, user.recused_items)
    awake, asleep = _divided(mine, set(light_rows(_asleep, office_day(now))))
    shown = _narrowed(asleep if chosen.show == SNOOZED else awake, user, chosen, now)
    routing = Routing.objects.filter(user=user).first()
    is_mine = _routed(routing, chosen)
    if is_mine and (chosen.scope or (routing.scope if routing else "")) == Scope.MINE:
        shown = [item for item in shown if is_mine(item)]
    shown = chosen.admitted(shown)
    counts = Counter(item.kind for item in shown)
    items = [item for item in shown if item.kind == chosen.kind] if chosen.kind else shown
    items.sort(key=attrgetter("order"))
    if is_mine:
        items.sort(key=lambda item: not is_mine(item))
    return Queue(items, {kind: counts[kind] for kind in Kind}, len(asleep))


def _divided(items: list[Waiting], keys: Collection[tuple[str, str]]) -> tuple[list[Waiting], list[Waiting]]:
    """Those that are none of ``keys``, and those that are. Mostly there are no keys, and thousands of items."""
    if not keys:
        return items, []
    named = {reference for _kind, reference in keys}
    among = [item.public_id in named and item.key in keys for item in items]
    return (
        [item for item, is_among in zip(items, among, strict=True) if not is_among],
        [item for item, is_among in zip(items, among, strict=True) if is_among],
    )


def _asleep(today: date) -> QuerySet:
    return Snooze.objects.filter(until__gt=today).values("kind", "item")


def _narrowed(items: list[Waiting], user: User, chosen: Chosen, now: datetime) -> list[Waiting]:
    if chosen.show == LATE:
        today = office_day(now)
        return [item for item in items if item.due is not None and item.due < today]
    if chosen.show == MINE_TAKEN:
        held = set(Taken.objects.filter(by=user, until__gt=now).values_list("kind", "item"))
        return [item for item in items if item.key in held]
    return items


def _routed(routing: Routing | None, chosen: Chosen) -> Callable[[Waiting], bool] | None:
    """Whether an item is in the moderator's languages and regions; None where nothing is to come first."""
    scope = chosen.scope or (routing.scope if routing else Scope.ALL)
    if routing is None or scope == Scope.ALL or not (routing.languages or routing.regions):
        return None
    countries, languages = expand_regions(routing.regions), set(routing.languages)

    def is_mine(item: Waiting) -> bool:
        facts = item.facts
        language, country = facts.language, facts.country
        reads = not languages or not language or language in languages
        return reads and (not countries or not country or country in countries)

    return is_mine


def fetch(items: Iterable[Waiting]) -> list[tuple[Waiting, Any]]:
    """Each item with its record, as lists show it, and with who is at it."""
    wanted: dict[str, list[int]] = {}
    items = list(items)
    for item in items:
        wanted.setdefault(item.kind, []).append(item.pk)
    found = {kind: ROWS[kind]().in_bulk(pks) for kind, pks in wanted.items()}
    _name_what_they_are_about(record for kind in ABOUT for record in found.get(kind, {}).values())
    references = [item.public_id for item in items]
    taken = Taken.objects.filter(item__in=references, until__gt=timezone.now()).select_related("by")
    held = {row.key: row for row in taken}
    asleep = {row.key: row for row in Snooze.objects.filter(item__in=references).select_related("by")}
    # A record decided and removed since the list was made has no row to show.
    return [
        (item._replace(taken=held.get(item.key), snooze=asleep.get(item.key)), found[item.kind][item.pk])
        for item in items
        if item.pk in found[item.kind]
    ]


def _name_what_they_are_about(records: Iterable[Any]) -> None:
    """``named`` of a second look or a report: the record itself, which its own row knows by reference only."""
    keys = {record: (getattr(record, "about", "") or record.kind, record.item) for record in records}
    named = records_named(keys.values())
    for record, key in keys.items():
        record.named = named.get(key)


def records_of(kind: str) -> QuerySet:
    return RECORDS[kind]()
