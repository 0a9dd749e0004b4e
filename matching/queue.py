"""Everything that waits for a moderator, as one list: by deadline, then risk, then age.

The list holds light rows (no texts), because it is made anew for every page of the queue and for every step from one
item to the next; what a page shows is fetched for its twenty rows alone. What waits, each source of
``matching.workbench.sources`` says.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matching.complaints.parties import records_named
from matching.workbench.enums import Scope
from matching.workbench.light_rows import light_rows
from matching.workbench.models import Routing, Snooze, Taken
from portal.accounts.models import User
from portal.common.geography import expand_regions
from portal.common.working_days import office_day, working_days_after

# An introduction in which nobody wrote or recorded anything for so long needs a word from the moderator.
SILENT_AFTER = timedelta(days=30)
# Filters beside the kinds: what was put off, what is late, what somebody is at.
SNOOZED, LATE, MINE_TAKEN = "snoozed", "late", "taken"


class Kind(TextChoices):
    ORGANISATION = "organisation", pgettext_lazy("queue", "Organisations")
    DEMAND = "demand", pgettext_lazy("queue", "Demands")
    SOLUTION = "solution", pgettext_lazy("queue", "Solutions")
    MATCH = "match", pgettext_lazy("queue", "Matches")
    CONFIRM = "confirm", pgettext_lazy("queue", "Second looks")
    QUESTION = "question", pgettext_lazy("queue", "Answers to release")
    DOCUMENT = "document", pgettext_lazy("queue", "Documents")
    EVIDENCE = "evidence", pgettext_lazy("queue", "Evidence")
    OVERDUE = "overdue", pgettext_lazy("queue", "Overdue")
    FOLLOW_UP = "follow_up", pgettext_lazy("queue", "Follow-ups")
    FLAG = "flag", pgettext_lazy("queue", "Reports")
    COMPLAINT = "complaint", pgettext_lazy("queue", "Complaints")

    @property
    def task(self) -> Any:
        """What one item of the kind asks of the moderator."""
        return TASKS[self.value]

    @property
    def risk(self) -> Any:
        return RISKS.get(self.value, "")


ABOUT = (Kind.CONFIRM, Kind.FLAG)  # items about another record
TASKS = {
    "organisation": _("Verify organisation"),
    "demand": _("Review demand"),
    "solution": _("Review solution"),
    "match": _("Decide on match"),
    "confirm": _("Confirm a decision"),
    "question": _("Release an answer"),
    "document": _("Look at a document"),
    "evidence": _("Check evidence"),
    "overdue": _("Follow up"),
    "follow_up": _("Look into a contradiction"),
    "flag": _("Look into a report"),
    "complaint": _("Answer a complaint"),
}
# Why an item of the kind deserves the closer look.
RISKS = {
    "organisation": _("No register entry, no website"),
    "demand": _("Large budget"),
    "solution": _("Proof without a link"),
    "match": _("Must-haves not known"),
    "complaint": _("Appeal"),
}


@dataclass(slots=True)  # not frozen: there are thousands, and each field would be set in a roundabout way
class Waiting:
    """One item. ``risk`` 1 or 2; ``parties`` are the organisations to which nobody tied may decide on it.

    ``only`` are the people who have it in their queue (None: everybody), ``without`` those who have it not. ``taken``
    and ``snooze`` are filled in for the rows that a page shows.
    """

    kind: Kind
    pk: int
    public_id: str
    since: datetime
    due: date | None = None
    risk: int = 1
    language: str = ""
    country: str = ""
    area: str = ""
    parties: frozenset[int] = frozenset()
    worth: float = 0.0
    only: frozenset[int] | None = None
    without: frozenset[int] = frozenset()
    taken: Taken | None = None
    snooze: Snooze | None = None

    @property
    def order(self) -> tuple[Any, ...]:
        """Deadline, risk, age; among suggestions of one moment the best first."""
        return (self.due or date.max, -self.risk, self.since, -self.worth, self.pk)

    @property
    def key(self) -> tuple[str, str]:
        """What notes about the item name it by: a silent introduction is a match like any other."""
        return ("match" if self.kind == Kind.OVERDUE else str(self.kind)), self.public_id

    @property
    def name(self) -> str:
        """The key in one word, as forms carry it."""
        return ":".join(self.key)

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < office_day()

    @property
    def url(self) -> str:
        return reverse(ROUTES[self.kind], args=[self.public_id])

    def is_for(self, person: int, ties: frozenset[int]) -> bool:
        if self.only is not None and person not in self.only:
            return False
        return person not in self.without and not self.parties & ties


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters of the queue; empty means all. An empty ``scope`` is the one that the moderator keeps."""

    kind: str = ""
    language: str = ""
    place: str = ""
    focus: str = ""
    scope: str = ""
    show: str = ""

    def admits(self, item: Waiting, *, kinds: bool = True) -> bool:
        return (
            (not kinds or self.kind in ("", item.kind))
            and self.language in ("", item.language)
            and self.focus in ("", item.area)
            and (not self.place or item.country in expand_regions([self.place]))
        )


@dataclass(frozen=True, slots=True)
class Queue:
    """The items that pass the filters, in order, and how many of each kind pass them."""

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


Source = Callable[[datetime], Iterator[Waiting]]
SOURCES: list[Source] = []
RECORDS: dict[str, Callable[[], QuerySet]] = {}
ROUTES: dict[str, str] = {}
CONCERNED: dict[str, Callable[[Any], frozenset[int]]] = {}
LOOKUPS: dict[str, str] = {}


def waits(
    kind: Kind, records: Callable[[], QuerySet], route: str, *,
    concerned: Callable[[Any], frozenset[int]] | None = None, lookup: str = "public_id",
) -> Callable[[Source], Source]:  # fmt: skip
    """Register the decorated function as a source of ``kind``; ``records`` are its rows as lists show them.

    ``concerned`` gives the organisations that one record concerns, where ``matching.complaints.parties`` does not know
    them; ``lookup`` is the column by which notes name the record.
    """

    def register(source: Source) -> Source:
        SOURCES.append(source)
        RECORDS[kind], ROUTES[kind], LOOKUPS[kind] = records, route, lookup
        if concerned is not None:
            CONCERNED[kind] = concerned
        return source

    return register


def due_on(kind: str, since: datetime) -> date:
    """By when an item that came at ``since`` is to be done: so many working days of the office."""
    return working_days_after(office_day(since), settings.WORKBENCH_TARGETS[kind])


def queue_for(user: User, chosen: Chosen = Chosen(), *, now: datetime | None = None) -> Queue:
    """What waits, for a moderator. What they are tied to is left out: another moderator has it in their queue."""
    now = now or timezone.now()
    # Read once: a request's user is lazy, and there are thousands of items.
    person, ties, recused = user.pk, user.tied_organisation_ids, user.recused_items
    waiting = (item for source in SOURCES for item in source(now) if item.is_for(person, ties))
    mine = [item for item in waiting if not recused or item.key not in recused]
    asleep = {(row["kind"], row["item"]) for row in light_rows(_asleep, office_day(now))}
    shown = [item for item in mine if (item.key in asleep) == (chosen.show == SNOOZED)]
    shown = _narrowed(shown, user, chosen, now)
    routing = Routing.objects.filter(user=user).first()
    is_mine = _routed(routing, chosen)
    if (chosen.scope or (routing.scope if routing else "")) == Scope.MINE:
        shown = [item for item in shown if is_mine(item)]
    counts = Counter(str(item.kind) for item in shown if chosen.admits(item, kinds=False))
    items = [item for item in shown if chosen.admits(item)]
    items.sort(key=lambda item: (not is_mine(item), item.order))
    return Queue(items, {kind: counts[kind] for kind in Kind.values}, sum(item.key in asleep for item in mine))


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


def _routed(routing: Routing | None, chosen: Chosen) -> Callable[[Waiting], bool]:
    """Whether an item is in the moderator's languages or regions; everything is where nothing is to come first."""
    scope = chosen.scope or (routing.scope if routing else Scope.ALL)
    if routing is None or scope == Scope.ALL or not (routing.languages or routing.regions):
        return lambda item: True
    countries, languages = expand_regions(routing.regions), set(routing.languages)

    def is_mine(item: Waiting) -> bool:
        reads = not languages or not item.language or item.language in languages
        return reads and (not routing.regions or not item.country or item.country in countries)

    return is_mine


def fetch(items: Iterable[Waiting]) -> list[tuple[Waiting, Any]]:
    """Each item with its record, as lists show it, and with who is at it."""
    wanted: dict[str, list[int]] = {}
    items = list(items)
    for item in items:
        wanted.setdefault(item.kind, []).append(item.pk)
    found = {kind: records_of(kind).in_bulk(pks) for kind, pks in wanted.items()}
    _name_what_they_are_about(record for kind in ABOUT for record in found.get(kind, {}).values())
    references = [item.public_id for item in items]
    taken = Taken.objects.filter(item__in=references, until__gt=timezone.now()).select_related("by")
    held = {row.key: row for row in taken}
    asleep = {row.key: row for row in Snooze.objects.filter(item__in=references).select_related("by")}
    # A record decided and removed since the list was made has no row to show.
    return [
        (replace(item, taken=held.get(item.key), snooze=asleep.get(item.key)), found[item.kind][item.pk])
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
