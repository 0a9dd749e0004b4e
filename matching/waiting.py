"""What waits for a moderator: the kinds of items, one item, and what each kind is registered with.

The sources themselves are in ``matching.workbench.sources``; ``matching.queue`` makes one list of them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matching.workbench.models import Snooze, Taken
from portal.common.working_days import office_day, working_days_after

# An introduction in which nobody wrote or recorded anything for so long needs a word from the moderator.
SILENT_AFTER = timedelta(days=30)


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


class Facts(NamedTuple):
    """What filters ask of an item. A row of a source with columns of these names is as good."""

    language: str = ""
    country: str = ""
    area: str = ""


Parties = Iterable[int | None]
UNKNOWN = Facts()


class About:
    """The facts of all items of a source, and their parties: nobody tied to one of these organisations may decide.

    Each is read when it is first asked for. Most pages of the queue never ask: without filters and regions nothing
    depends on facts, without ties nothing on parties, and for matches they stand in four other tables.
    """

    def __init__(self, facts: Callable[[], Mapping[int, Facts]], parties: Callable[[], Mapping[int, Parties]]) -> None:
        self._read_facts, self._read_parties = facts, parties

    @cached_property
    def facts(self) -> Mapping[int, Facts]:
        return self._read_facts()

    @cached_property
    def parties(self) -> Mapping[int, Parties]:
        return self._read_parties()


class Waiting(NamedTuple):
    """One item. ``risk`` is 1 or 2; ``worth`` puts the better of two suggestions of one moment first.

    ``only`` are the people who have it in their queue (None: everybody), ``without`` those who have it not. ``taken``
    and ``snooze`` are filled in for the rows that a page shows.
    """

    kind: Kind
    pk: int
    public_id: str
    since: datetime
    about: About
    due: date | None = None
    risk: int = 1
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

    @property
    def facts(self) -> Facts:
        """Unknown of an item that was settled since the list was made."""
        return self.about.facts.get(self.pk, UNKNOWN)

    def is_for(self, person: int, ties: frozenset[int]) -> bool:
        if person in self.without or (self.only is not None and person not in self.only):
            return False
        if not ties:
            return True
        concerned = self.about.parties.get(self.pk)
        return concerned is not None and ties.isdisjoint(concerned)


def parties(*organisations: int | None) -> frozenset[int]:
    return frozenset(key for key in organisations if key is not None)


class DueDays(dict[date, date]):
    """By when an item of a kind is to be done, by the day of the office on which it came: so many working days."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.number = settings.WORKBENCH_TARGETS[kind]

    def __missing__(self, day: date) -> date:
        self[day] = due = working_days_after(day, self.number)
        return due


Source = Callable[[datetime], Iterable[Waiting]]
SOURCES: list[Source] = []
RECORDS: dict[str, Callable[[], QuerySet]] = {}
ROWS: dict[str, Callable[[], QuerySet]] = {}
ROUTES: dict[str, str] = {}
CONCERNED: dict[str, Callable[[Any], frozenset[int]]] = {}
LOOKUPS: dict[str, str] = {}


def waits(
    kind: Kind, records: Callable[[], QuerySet], route: str, *, rows: Callable[[], QuerySet] | None = None,
    concerned: Callable[[Any], frozenset[int]] | None = None, lookup: str = "public_id",
) -> Callable[[Source], Source]:  # fmt: skip
    """Register the decorated function as a source of ``kind``; ``records`` are what it is of.

    ``rows`` are the same with no more than a list shows, where that is much less; ``concerned`` gives the organisations
    that one record concerns, where ``matching.complaints.parties`` does not know them; ``lookup`` is the column by
    which notes name the record.
    """

    def register(source: Source) -> Source:
        SOURCES.append(source)
        RECORDS[kind], ROWS[kind], ROUTES[kind], LOOKUPS[kind] = records, rows or records, route, lookup
        if concerned is not None:
            CONCERNED[kind] = concerned
        return source

    return register
