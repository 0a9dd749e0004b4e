"""What happened to a demand and what is to come, for its page. The source is the audit trail; people are not named."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cities.enums import ClosingOutcome, RejectionReason
from cities.models import Demand
from portal.audit.models import AuditEvent

# What everybody may know about a public demand; its city and ICLEI see the other moves too.
PUBLIC_MOVES = {
    "publish": pgettext_lazy("timeline", "Published"),
    "start_dialogue": pgettext_lazy("timeline", "Dialogue with a provider began"),
    "end_dialogue": pgettext_lazy("timeline", "Dialogue ended, open again"),
    "hold": pgettext_lazy("timeline", "Put on hold"),
    "resume": pgettext_lazy("timeline", "Taken up again"),
    "close": pgettext_lazy("timeline", "Closed"),
    "expire": pgettext_lazy("timeline", "Expired"),
    "renew": pgettext_lazy("timeline", "Published again"),
}
INNER_MOVES = {
    "create": pgettext_lazy("timeline", "Draft begun"),
    "submit": pgettext_lazy("timeline", "Submitted to ICLEI"),
    "request_changes": pgettext_lazy("timeline", "Changes requested by ICLEI"),
    "reject": pgettext_lazy("timeline", "Rejected by ICLEI"),
    "withdraw": pgettext_lazy("timeline", "Withdrawn"),
    "reopen": pgettext_lazy("timeline", "Reopened as a draft"),
    "merge": pgettext_lazy("timeline", "Merged into another demand"),
}
PLANNED = (
    ("decision_on", _("Decision expected on")),
    ("start_on", _("Work to start")),
    ("operation_on", _("In operation by")),
    ("expires_on", _("Listed until")),
)
REASONS = {**dict(ClosingOutcome.choices), **dict(RejectionReason.choices)}


@dataclass(frozen=True, slots=True)
class Step:
    """``state`` as the timeline component knows it: done, current, or nothing for what is to come."""

    title: Any
    when: date | datetime | None
    state: str = ""
    note: Any = ""


def timeline(demand: Demand, *, is_inner: bool) -> list[Step]:
    """Past moves, the last of them current, then the dates planned. ``is_inner`` shows what the public is not shown."""
    labels = {**PUBLIC_MOVES, **INNER_MOVES} if is_inner else PUBLIC_MOVES
    events = AuditEvent.objects.filter(subject=f"demand:{demand.pk}", action__in=[f"demand.{move}" for move in labels])
    past = list(_past(demand, labels, events.order_by("pk")))
    if past:
        past[-1] = Step(past[-1].title, past[-1].when, "current", past[-1].note)
    to_come = [Step(label, getattr(demand, name)) for name, label in PLANNED if getattr(demand, name)]
    return past + sorted(to_come, key=lambda step: step.when)


def _past(demand: Demand, labels: dict[str, Any], events: Iterable[AuditEvent]) -> Iterable[Step]:
    moves = [(event.action.partition(".")[2], event) for event in events]
    if demand.published_at and not any(move == "publish" for move, _event in moves):
        yield Step(PUBLIC_MOVES["publish"], demand.published_at, "done")  # imported: nobody moved it here
    for move, event in moves:
        when = demand.published_at if move == "publish" else event.at
        yield Step(labels[move], when, "done", REASONS.get(event.after.get("reason", ""), ""))
