"""What happened to a solution, for its page. The source is the audit trail; people are not named."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.enums import SuspensionReason
from catalog.models import Solution
from portal.audit.actions import subject_of
from portal.audit.models import AuditEvent

# What everybody may know about a listed solution; its provider and ICLEI see the other moves too.
PUBLIC_MOVES = {
    "list": pgettext_lazy("timeline", "Listed"),
    "relist": pgettext_lazy("timeline", "Listed again"),
    "renew": pgettext_lazy("timeline", "Renewed by the provider"),
}
INNER_MOVES = {
    "create": pgettext_lazy("timeline", "Draft begun"),
    "submit": pgettext_lazy("timeline", "Submitted to ICLEI"),
    "request_changes": pgettext_lazy("timeline", "Changes requested by ICLEI"),
    "suspend": pgettext_lazy("timeline", "Suspended by ICLEI"),
    "expire": pgettext_lazy("timeline", "Expired"),
    "archive": pgettext_lazy("timeline", "Archived"),
    "restore": pgettext_lazy("timeline", "Restored as a draft"),
}
REASONS = dict(SuspensionReason.choices)


@dataclass(frozen=True, slots=True)
class Step:
    """``state`` as the timeline component knows it: done, current, or nothing for what is to come."""

    title: Any
    when: date | datetime | None
    state: str = ""
    note: Any = ""


def timeline(solution: Solution, *, is_inner: bool) -> list[Step]:
    """Past moves, the last of them current, then the day until which the information holds."""
    labels = {**PUBLIC_MOVES, **INNER_MOVES} if is_inner else PUBLIC_MOVES
    actions = {f"solution.{move}": label for move, label in labels.items()}
    events = AuditEvent.objects.filter(subject=subject_of(solution), action__in=actions).order_by("pk")
    past = [Step(actions[e.action], e.at, "done", REASONS.get(e.after.get("reason", ""), "")) for e in events]
    if solution.listed_at and not any(event.action == "solution.list" for event in events):
        past.insert(0, Step(PUBLIC_MOVES["list"], solution.listed_at, "done"))  # imported: nobody moved it here
    if past:
        past[-1] = Step(past[-1].title, past[-1].when, "current", past[-1].note)
    to_come = [Step(_("Information valid until"), solution.expires_on)] if solution.expires_on else []
    return past + to_come
