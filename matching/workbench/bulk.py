"""The same decision on many items: what is possible is said before anything is done, and nothing is lost after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.views.choices import choice_of
from matching.views.decisions import Choice
from matching.waiting import Kind
from matching.workbench.models import Confirmation, Taken
from matching.workbench.records import is_for, record_of
from matching.workbench.rules import override_of, rules_for
from portal.accounts.models import User

TOGETHER = {
    "demand": ("publish", "ask", "reject"),
    "match": ("offer", "shortlist", "reject", "reconsider"),
    "organisation": ("refuse",),
    "flag": ("act", "dismiss"),
}
_JUDGED = gettext_lazy("Each is judged by itself, with written reasons.")
_READ = gettext_lazy("Each has to be read before it counts.")
_ANSWERED = gettext_lazy("Each gets an answer of its own.")
# Kinds that can be taken and put off together, but not decided, and why.
ONE_BY_ONE = {
    "solution": _JUDGED,
    "evidence": _JUDGED,
    "confirm": _READ,
    "question": _READ,
    "document": _READ,
    "follow_up": _ANSWERED,
    "complaint": _ANSWERED,
}
PUT_OFF, TAKE = "any.snooze", "any.take"
MOST = 100


@dataclass(frozen=True, slots=True)
class Picked:
    """One item that was ticked. ``hurdle`` says why the decision is not possible; ``hint`` what it will lead to."""

    kind: str
    item: str
    record: Any
    hurdle: str = ""
    hint: str = ""

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.item}"

    @property
    def has_state(self) -> bool:
        """A follow-up and a document are settled or not: that they wait says it."""
        return self.record is not None and self.kind not in (Kind.FOLLOW_UP, Kind.DOCUMENT)

    @property
    def is_possible(self) -> bool:
        return not self.hurdle


def decisions_for(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """What can be decided on items of these kinds together: code and words."""
    found = [
        (f"{kind}.{code}", f"{Kind(kind).label} · {choice.label}")
        for kind in TOGETHER
        if kind in set(kinds)
        for code in TOGETHER[kind]
        if (choice := choice_of(kind, code))
    ]
    return [*found, (PUT_OFF, _("All: put off")), (TAKE, _("All: take them"))]


def choice_behind(code: str) -> tuple[str, Choice | None]:
    """Kind and choice of "match.reject"; no choice for what applies to items of all kinds."""
    kind, _dot, decision = code.partition(".")
    return kind, choice_of(kind, decision) if decision in TOGETHER.get(kind, ()) else None


def picked(values: Iterable[str], user: User, code: str = "") -> list[Picked]:
    """The ticked items in the order given, each once, with what stands in the way of ``code``."""
    found = []
    for value in list(dict.fromkeys(values))[:MOST]:
        kind, _colon, item = value.partition(":")
        record = record_of(kind, item)
        if record is None:
            found.append(Picked(kind, item, None, _("The record is gone.")))
        else:
            found.append(_looked_at(kind, item, record, user, code))
    return found


def _looked_at(kind: str, item: str, record: Any, user: User, code: str) -> Picked:
    if not is_for(user, kind, item, record):
        return Picked(kind, item, record, _("You are tied to one of the parties."))
    wanted, choice = choice_behind(code)
    if choice is None:
        return Picked(kind, item, record)
    if wanted != kind:
        return Picked(kind, item, record, _("It is of another kind."))
    if not choice.is_open(record):
        state = {"state": record.get_state_display()}
        return Picked(kind, item, record, _("Its state does not allow it: “%(state)s”.") % state)
    if Confirmation.objects.filter(kind=kind, item=item, state="open").exists():
        return Picked(kind, item, record, _("It waits for a second moderator."))
    return Picked(kind, item, record, hint=_hint(kind, item, record, user, choice))


def _hint(kind: str, item: str, record: Any, user: User, choice: Choice) -> str:
    """What the moderator should know beforehand: that is no hurdle."""
    if rules_for(kind, record, choice.code):
        return _("A second moderator has to confirm it.")
    if override_of(kind, record, choice.code):
        return _("It goes against the engine: your words are kept as the reason.")
    other = Taken.objects.filter(kind=kind, item=item, until__gt=timezone.now()).exclude(by=user)
    taken = other.select_related("by").first()
    return _("%(who)s is at it.") % {"who": taken.by.name} if taken else ""


def kinds_of(items: Iterable[Picked]) -> set[str]:
    return {one.kind for one in items if one.record is not None}


def alone(kinds: Iterable[str]) -> list[tuple[Any, Any]]:
    """What of these is decided one by one, and why."""
    return [(Kind(kind).label, ONE_BY_ONE[kind]) for kind in ONE_BY_ONE if kind in kinds]
